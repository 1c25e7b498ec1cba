"""Everyday words: requests beyond the data engine's names, and names that fit most objects."""

from __future__ import annotations

# Most objects have such a part.
GENERIC = frozenset({"body", "base", "frame", "head", "top", "bottom", "side"})
# Names that fit some part of most objects.
LOOSELY_GENERIC = GENERIC | {"end", "middle", "main", "piece", "surface", "front", "back", "edge"}


PARTS = """
handle, left handle, right handle, upper handle, lower handle, side handle, back handle, front handle,
long handle, short handle, wooden handle, metal handle, plastic handle, carrying handle, grip, rubber grip,
pistol grip, hilt, haft, pommel, shaft, stem, rod, pole, post, bar, crossbar, beam, tube, pipe, hose, spout,
lip, rim, brim, mouth, opening, edge, border, side, left side, right side, front, back, top, bottom, middle,
center, corner, end, tip, point, head, neck, shoulder, body, main body, belly, base, foot, feet, leg,
front leg, back leg, table leg, chair leg, arm, armrest, seat, backrest, headrest, footrest, cushion, pillow,
mattress, frame, bed frame, door frame, picture frame, panel, front panel, back panel, side panel, wall,
floor, ceiling, roof, lid, cover, cap, screw cap, crown, stopper, cork, plug, seal, gasket, ring, loop, hook,
hanger, eye, eyelet, hole, slot, groove, gap, cavity, pocket, compartment, drawer, shelf, shelf board,
tabletop, desktop, countertop, surface, plate, disc, board, block, brick, wedge, rail, track, slide, runner,
door, flap, gate, hatch, window, pane, glass, mirror, lens, screen, display, monitor, keyboard, key, keypad,
touchpad, mouse, button, power button, start button, stop button, emergency stop, red button, switch,
light switch, toggle, rocker switch, lever, pedal, crank, wheel, front wheel, back wheel, hand wheel,
steering wheel, caster, tire, spoke, hub, axle, gear, pulley, belt, chain, rope, cord, cable, wire, data wire,
plug prongs, prong, socket, outlet, port, connector, adapter, charger, battery, battery cover, antenna,
speaker, microphone, camera, sensor, fan, blade, cutting edge, serrated edge, spine of the knife, tooth,
teeth, tine, jaw, claw, clamp, clip, pin, needle, nail, screw, bolt, nut, washer, rivet, hinge, joint,
knuckle, latch, lock, padlock, keyhole, bolt lock, door lock, handle bar, handlebars, knob, dial,
control knob, volume knob, door knob, drawer knob, temperature dial, timer, gauge, scale, label, sticker,
sign, tag, barcode, logo, band, strap, shoulder strap, belt for foot, buckle, zipper, zip, shoelace, sole,
heel, tongue, sleeve, collar, cuff, hood, visor, peak, pocket flap, button of the shirt, headband, earcup,
ear cup, ear pad, earpiece, nosepiece, temple, bridge, trigger, trigger guard, barrel, muzzle, stock, sight,
magazine, nozzle, jet, valve, tap, faucet, drain, filter, sieve, strainer, basket, bucket, bin, tray, rack,
grate, grill, burner, cooktop, oven door, fridge door, freezer, tank, gas tank, fuel cap, engine,
engine or frame, motor, propeller, rotor, wing, tail, tail fin, fin, rudder, nose, fuselage, cockpit, cabin,
hull, deck, mast, sail, anchor, bumper, hood of the car, trunk, windshield, wiper, headlight, tail light,
mirror of the car, license plate, fender, mudguard, saddle, fork, kickstand, bell, light, bulb, lamp,
lampshade, shade, reflector, candle, wick, string, bow, peg, tuning peg, headstock, fretboard, fret, pickup,
sound hole, bristles, brush head, sponge, mop head, broom head, dustpan edge, rake teeth, shovel blade,
spade blade, axe blade, saw blade, drill bit, chuck, anvil, spring, cylinder, piston, ball, cone, cube,
sphere, bead, pearl, gem, petal, leaf, flower, stalk, root, branch, trunk of the tree, bark, thorn, seed,
peel, core, cartridge, ink, nib, pen tip, pen cap, eraser, pencil lead, clip of the pen, page, book spine,
book cover, bookmark, envelope flap, stamp, tape, roll, spool, reel, thread, fabric, cloth, towel, curtain,
blind, carpet, drawstring, tassel, fringe, fixing bracket, mounting bracket, bracket, support, leg or support,
stand, pedestal, tripod, column, pillar, stair, step, rung, ladder rail, railing, banister, fence, plank,
slat, lattice, mesh, net, grid, vent, exhaust, chimney, pump head, pump, straw, lid handle, pan handle,
pot handle, cup handle, saucepan handle, jug handle, kettle handle, teapot spout, bottle neck, bottle cap,
bottle body, jar lid, can tab, pull tab, ring pull, tin lid
"""

OBJECTS = """
object, thing, item, tool, container, vessel, furniture, appliance, machine, device, toy, vehicle, instrument,
package, box, cardboard box, carton, parcel, crate, case, bag, plastic bag, paper bag, backpack, suitcase,
handbag, purse, wallet, cup, mug, glass, wine glass, tumbler, goblet, beaker, flask, thermos, bottle,
water bottle, wine bottle, jar, jug, pitcher, carafe, vase, teapot, kettle, coffee pot, coffee maker,
espresso machine, bowl, plate, saucer, dish, tray, pan, frying pan, saucepan, pot, cooking pot, wok,
casserole, lid of a pot, colander, ladle, spatula, whisk, tongs, spoon, teaspoon, fork, knife, kitchen knife,
bread knife, butter knife, cleaver, cutting board, rolling pin, grater, peeler, can opener, bottle opener,
corkscrew, scissors, toaster, microwave, oven, stove, refrigerator, dishwasher, blender, mixer,
food processor, can, soda can, tin can, soup can, tuna can, mustard bottle, bleach cleanser, cracker box,
sugar box, cereal box, milk carton, egg, apple, banana, orange, lemon, pear, peach, strawberry, plum, carrot,
potato, onion, tomato, bread, cake, cheese, hammer, claw hammer, mallet, screwdriver, phillips screwdriver,
wrench, adjustable wrench, spanner, pliers, cutters, saw, hand saw, hacksaw, file, chisel, drill, power drill,
sander, grinder, soldering iron, glue gun, clamp, vise, level, tape measure, ruler, caliper, toolbox, ladder,
flashlight, torch, axe, hatchet, shovel, spade, rake, hoe, trowel, pruner, shears, watering can, garden hose,
sprinkler, wheelbarrow, lawn mower, leaf blower, bucket, broom, mop, brush, dustpan, vacuum cleaner, sponge,
spray bottle, soap dispenser, soap, shampoo bottle, toothbrush, toothpaste, razor, hair dryer, comb,
hairbrush, towel rack, toilet, toilet brush, toilet paper, sink, bathtub, shower head, faucet, tap, valve,
pipe, door, cabinet, cupboard, wardrobe, dresser, nightstand, drawer unit, bookcase, shelf, table, desk,
coffee table, dining table, chair, office chair, armchair, stool, bench, sofa, couch, bed, crib, lamp,
desk lamp, floor lamp, ceiling lamp, chandelier, candle holder, clock, alarm clock, wall clock, watch, mirror,
picture, window, curtain rod, television, remote control, laptop, computer, monitor, keyboard, computer mouse,
printer, scanner, phone, telephone, smartphone, tablet, camera, tripod, headphones, earphones, speaker,
microphone, radio, router, game controller, joystick, calculator, stapler, hole punch, tape dispenser, pen,
pencil, marker, crayon, eraser, sharpener, notebook, book, folder, envelope, paper clip, glue stick,
glue bottle, trash can, waste bin, recycling bin, umbrella, walking stick, cane, hat, cap, helmet, glasses,
sunglasses, shoe, boot, sneaker, sandal, slipper, glove, sock, shirt, jacket, trousers, belt, tie, scarf,
ring, key, keychain, padlock, lock, light bulb, battery, power strip, extension cord, plug, socket, switch,
iron, ironing board, washing machine, dryer, laundry basket, hanger, sewing machine, fan, heater,
air conditioner, fire extinguisher, first aid kit, syringe, pill bottle, thermometer, stethoscope, microscope,
test tube, pipette, petri dish, bunsen burner, scale, balance, weight, dumbbell, kettlebell, ball, basketball,
football, baseball, baseball bat, tennis racket, tennis ball, golf club, golf ball, hockey stick, skateboard,
scooter, bicycle, motorbike, motorcycle, car, truck, bus, van, train, tractor, airplane, helicopter, drone,
rocket, boat, ship, sailboat, canoe, guitar, violin, piano, drum, trumpet, flute, saxophone, teddy bear, doll,
robot, robot arm, gripper, toy car, toy train, lego brick, building block, puzzle, dice, cube, rubiks cube,
chess piece, card, gun, pistol, rifle, sword, dagger, shield, bow and arrow, animal, dog, cat, horse, bird,
fish, person, hand, head of a person, plant, flower pot, flower, tree, cactus, statue, basket, shopping cart,
cart, trolley, stroller, wheelchair, crutch, tent, cooler, lunch box, gas cylinder, canister, jerrycan,
barrel, drum barrel, pallet, traffic cone, mailbox, vending machine, atm, kiosk, elevator button, gate, fence
"""

ASKS = """
part to hold it by, part to grab, part to grasp, where to grab it, where to hold it, where to grip it,
where to lift it, part to lift it by, part to carry it by, graspable part, where a hand goes,
where the fingers go, part to pull, what to pull, what to pull to open it, part to push, what to push,
part to press, what to press, what to press to start it, part to turn, what to turn, what to turn to open it,
part to twist, what to twist off, what to rotate, what to flip, what to squeeze, what to slide,
what to unscrew, what to open, part that opens, where to open it, how to open it, what to close it with,
what closes it, what keeps it closed, part to switch it on, how to switch it on, on off switch,
what turns it on, where to pour, where to pour from, where to pour in, where the liquid comes out,
where the water comes out, where the liquid goes in, where the content is, where the drink goes,
where to drink from, where to fill it, what holds the liquid, what holds the content, where things are kept,
where to put things, where to sit, where to lean, what to sit on, what to lean on, where to rest the arm,
where to rest the head, where to put the feet, where to lie, what it stands on, what it rests on,
what supports it, what carries the weight, what touches the ground, what it rolls on, part that moves,
moving part, part that rotates, part that slides, sharp part, dangerous part, what cuts, part that cuts,
where to cut, part to hit with, what hits the nail, what strikes, what pulls out nails, what scoops,
what stirs, what spreads, what sweeps, what scrubs, what cleans, what writes, where it writes,
where the ink comes out, what grips, what clamps, what pierces, what drills, what screws, part to cut with,
part to stir with, part to write with, part to scoop with, where it sprays out, where the air comes out,
where the light comes from, what gives light, what shows the picture, where to look, where to read the time,
where to type, where to speak, where the sound comes out, where the cable goes in, where to plug it in,
what connects to power, where the key goes, where to insert the card, where to hang it, what to hang it by,
what one wears on the head, what goes around the neck, what goes over the shoulder, where the foot goes in,
hot part, part that gets hot, part not to touch, fragile part, soft part, heavy part, thin part,
thin part to hold it by, round part, flat part, long part, narrow part, hollow part, transparent part,
top part, bottom part, upper part, lower part, front part, back part, left part, right part, inside, outside,
inner side, outer side, main part, biggest part, smallest part, grasp, lift, carry, hold, pull, push, press,
turn, twist, open, close, pour, fill, contain, drink, cut, stab, hit, sit, lean, lay, support, wear,
wrap grasp, display, listen, move, pushing, pulling, cutting, pouring, sitting, grasping, opening
"""


def everyday_words() -> list[str]:
    """All everyday words in the order written, without duplicates."""
    return list(dict.fromkeys(word.strip() for text in (PARTS, OBJECTS, ASKS) for word in text.split(",")))
