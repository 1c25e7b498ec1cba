"""Paraphrases: ways people ask for a part, forty parts to ask for, and texts that name no part."""

from __future__ import annotations

# {x} is the word, {X} the word in capitals, {s} its plural, and {a} the word with "a" or "an".
_FRAMES = """
{x} | {X} | {X}? | {x}. | {x}! | {x}? | the {x} | The {x} | {a} | this {x} | that {x} | its {x} | my {x} |
{s} | the {s} | all {s} | all the {s} | all of the {s} | any {x} | any {s} | some {x} | each {x} | every {x} |
both {s} | one of the {s} | the other {x} | another {x} | where is the {x} | where is the {x}? |
Where is the {x}? | WHERE IS THE {X}? | where's the {x}? | wheres the {x} | where is {a}? |
where is this {x}? | where is its {x}? | where is {x} | where are the {s}? | where are its {s} |
where is the {x} located? | where is the {x} at? | where is the {x} here? | where is the {x} on this? |
where is the {x} of it? | where is the {x} on this object? | where is the {x} of this thing? |
where exactly is the {x}? | where might the {x} be? | where can I find the {x}? | where do I find the {x}? |
where would I find {a}? | where can the {x} be found? | where can you see the {x}? |
where does it have its {x}? | whereabouts is the {x}? | so where is the {x}? | and where is the {x}? |
ok, where is the {x}? | okay where is the {x} now? | hello, where is the {x}? | Hi robot, where is the {x}? |
hey, where is the {x} please? | excuse me, where is the {x}? | robot, where is the {x}? |
please, where is the {x}? | the {x} is where? | the {x}, where is it? | where is it, the {x}? |
what is the {x}? | what is the {x} here? | which is the {x}? | which one is the {x}? |
which part is the {x}? | which part is the {x} here? | which part is called {x}? |
which part is called the {x}? | which piece is the {x}? | which bit is the {x}? |
which part of it is the {x}? | which part of this is the {x}? | which part of this object is the {x}? |
what part is the {x}? | what part of it is the {x}? | what part would you call the {x}? |
which points are the {x}? | which points belong to the {x}? | which of these is the {x}? |
what is the position of the {x}? | what is the location of the {x}? | what's the pose of the {x}? |
what are the coordinates of the {x}? | position of the {x} | location of the {x} | the place of the {x} |
the points of the {x} | points on the {x} | all points that belong to the {x} | mask of the {x} |
the {x} part | the {x} piece | the part called {x} | the part called the {x} | the part named {x} |
the part known as the {x} | the part that is called the {x} | the part that people call {x} |
the part we call the {x} | the thing called {x} | the bit that's called the {x} | the part that is the {x} |
the part which is the {x} | a part called {x} | part of the {x} | anything called {x} | something like {a} |
find {x} | find the {x} | Find the {x}! | find me the {x} | find me {a} | find {a} for me | find its {x} |
find all {s} | find all the {s} | find the {x} on this object | find the {x}, please | please find the {x} |
please find me the {x} | locate {x} | locate the {x} | locate the {x} on it | detect the {x} | detect {s} |
segment the {x} | segment {x} | segment out the {x} | identify the {x} | recognise the {x} |
recognize the {x} | highlight the {x} | mark the {x} | select the {x} | outline the {x} | label the {x} |
point at the {x} | point to the {x} | point out the {x} | point me to the {x} | look for the {x} |
look for {a} | search for the {x} | search {x} | show {x} | show the {x} | show me the {x} |
show me the {x} please | show me {a} | show me its {x} | show me where the {x} is | show us the {x} |
show where the {x} is | show me which part is the {x} | tell me where the {x} is |
tell me where to find the {x} | tell me where its {x} is | please tell me where the {x} is | give me the {x} |
give me the position of the {x} | give me the {x} of this | get the {x} | get me the {x} |
can you find the {x}? | can you see {a}? | can you see the {x}? | can you show me the {x}? |
can you tell me where the {x} is? | can you please point to the {x}? | could you find the {x}? |
could you find me the {x}, please? | could you please tell me where the {x} is? |
could you show me where I can find the {x}? | would you show me the {x}? |
would you please find the {x} for me | will you find the {x} | do you see {a}? | do you see the {x}? |
do you see any {s}? | do you know where the {x} is? | have you seen the {x}? | have you found the {x}? |
is there {a}? | is there {a} on it? | is there any {x} here? | are there any {s}? | are there {s} on this? |
does it have {a}? | does this have {a}? | does this object have {a}? | has it got {a}? | I need the {x} |
I need to find the {x} | I want the {x} | I want to see the {x} | I would like to see the {x} |
I'd like the {x} | I'd like to know where the {x} is | I am looking for the {x} | I'm looking for {a} |
I can't find the {x} | I cannot see the {x} | we need the {x} | we are looking for the {x} |
looking for the {x} | help me find the {x} | let me see the {x} | let's find the {x} |
any idea where the {x} is? | I wonder where the {x} is | do me a favour and find the {x} | go to the {x} |
reach for the {x} | move to the {x} | look at the {x} | touch the {x} | grab the {x} | grasp the {x} |
hold the {x} | take the {x} | take hold of the {x} | grab it by the {x} | hold it by the {x} |
pick it up by the {x} | lift it by the {x} | the {x} on it | the {x} of it | the {x} of this |
the {x} of this object | the {x} of the object | the {x} on the thing | the {x} it has |
the {x} that you see | the {x} you can see | the visible {x} | the {x} here | the {x}, please |
the {x} please | {x} please | {x}, thanks | {x} location | {x} position | only the {x} | just the {x} |
the whole {x} | the entire {x} | point me towards the {x} | can you locate the {x} for me? |
could you highlight the {x}, please | which area is the {x}? | which area of the object is the {x}? |
what would be the {x}? | so which part would be the {x}? | what do you think is the {x}? |
do you think it has {a}? | does it come with {a}? | has this thing got {a}? | got {a}? |
any sign of the {x}? | where did the {x} go? | where would the {x} be? |
where could the {x} be on this thing? | where should the {x} be? | where on the object is the {x}? |
where on this is the {x}? | in this picture, where is the {x}? | tell me, where is the {x}? |
say where the {x} is | you should find the {x} | try to find the {x} | I'd like you to find the {x} |
I want you to find the {x} | I need you to point at the {x} | we'd like to see the {x} | my goal is the {x} |
the target is the {x} | target: {x} | part: {x} | query: {x} | "{x}" | '{x}' | ({x}) | {x}... | {x} ? |
{X} PLEASE | find_{x} | the-{x} | get hold of the {x} | go for the {x} | bring the gripper to the {x} |
drive to the {x} | approach the {x} | open gripper at the {x} | pull the {x} | push the {x} | use the {x} |
I have to reach the {x} | where shall I look for the {x}? | how do I find the {x}? | how can I find the {x}? |
return the {x} | output the {x} only | return a mask of the {x} | give me a mask for the {x} |
crop out the {x} | extract the {x} | cut out the {x} | draw a box around the {x} |
the bounding box of the {x} | where are all of its {s}? | how many {s} are there? |
what does the {x} look like? | the nearest {x} | the closest {x} | that {x} over there |
the {x} at the moment | walk over to the {x} | please navigate to the {x} | steer towards the {x} |
what's up with the {x}? | how about the {x}? | let me know where the {x} is | I am interested in the {x} |
I care about the {x} | focus on the {x} | concentrate on the {x} | inspect the {x} for me |
where have you seen the {x}? | where on earth is the {x}? | where is that damn {x}? | is the {x} visible? |
is the {x} there? | are the {s} visible? | is {a} present? | is there by any chance {a}? |
can this be the {x}? | could that be {a}? | which region corresponds to the {x}? |
which points make up the {x}? | give me all the points of the {x} | give the coordinates of the {x} |
show me everything that belongs to the {x} | compute the mask of the {x} | segment all the {s} on it |
find one {x} | find at least one {x} | find exactly one {x} | find the first {x} |
I'd love to know where the {x} is | mind showing me the {x}? | would you mind pointing to the {x}? |
be so kind and show me the {x} | can I see the {x}? | can we find the {x}? | could I get the {x}? |
may I see the {x}? | what about {a}? | {a} please | {a}? | {x} where? | {x} here? | {x} on this object |
{x} of this thing | {x}, where are you? | {x} now | now the {x} | next: the {x} | then find the {x} |
and the {x}? | also the {x} | what do you call the {x}? | can you pick out the {x}? | spot the {x} |
spot the {x} for me | pinpoint the {x} | reveal the {x} | where is the object's {x}? | the object's {x} |
this object's {x} | the thing's {x} | where does this thing have its {x}
"""
FRAMES = tuple(frame.strip() for frame in _FRAMES.split("|"))

# Each part, with a kind of object that has it.
PARTS = {
    "handle": "mug", "lid": "teapot", "spout": "teapot", "rim": "tin can", "cap": "bottle", "neck": "bottle",
    "base": "table lamp", "blade": "scissors", "head": "hammer", "trigger": "power drill", "button": "toaster",
    "knob": "radio", "nozzle": "spray bottle", "leg": "chair", "seat": "chair", "back": "chair",
    "arm rest": "office chair", "wheel": "skateboard", "door": "cabinet", "drawer": "dresser",
    "shelf": "bookcase", "screen": "laptop", "keyboard": "laptop", "lens": "video camera",
    "switch": "hair dryer", "lever": "toaster", "hinge": "kitchen tongs", "jaw": "pliers",
    "shaft": "screwdriver", "tip": "screwdriver", "strap": "sandal", "sole": "shoe",
    "hose": "vacuum cleaner", "pedal": "bicycle", "lampshade": "floor lamp", "hook": "wall hook",
    "mattress": "bed frame", "antenna": "radio", "shower head": "shower set", "drip tray": "espresso machine",
}  # fmt: skip


def phrased(frame: str, word: str) -> str:
    """Insert a word into a frame to make a question."""
    article = "an" if word[0] in "aeiou" else "a"
    return frame.format(x=word, X=word.upper(), s=plural(word), a=f"{article} {word}")


def plural(word: str) -> str:
    """The plural of a part's name."""
    if word.endswith("f"):
        return word[:-1] + "ves"
    return word + ("es" if word.endswith(("s", "x", "ch", "sh")) else "s")


# Objects and parts as catalogues, manuals and workshops call them.
REAL = """
abacus, abutment, accelerometer, adze, aerator, agitator, airbag, alembic, alternator, amplifier, andiron,
anemometer, armature, armoire, ascender, ashtray, astrolabe, atomizer, auger, awning, backsplash, baffle,
balaclava, ballast, baluster, bandsaw, bannister, barbell, barometer, barrette, bassinet, bassoon, baster,
bayonet mount, beret, bezel, bidet, bilge pump, birdcage, biscuit joiner, bobbin, bodkin, bollard, bowsprit,
brazier, breadboard, broach, buffer, bugle, bumper, bung, bureau, burr, busbar, bushing, butt plate, cafetiere,
caliper pin, camshaft, candelabra, capacitor, carabiner, carburetor, carillon, carport, castanets, catheter,
cauldron, centrifuge, chaise longue, chalice, chamber pot, chamfer, chandelier arm, choker, churn, cistern,
cittern, clapper, clavichord, cleat, clevis, clutch lever, coaster, cogwheel, coil, colander foot, combine
harvester, compass, compressor, condenser, conduit, cot bumper, cotter pin, counterweight, coupling, cowbell,
cowling, crampon, crankcase, crankshaft, cravat, credenza, crimper, crossbow, crosshead, crucible, cruet,
cufflink, cuticle pusher, cymbal, dais, damper, decanter, defibrillator, dehumidifier, demitasse, derailleur,
derrick, detonator, dibber, didgeridoo, diffuser, dinghy, dirndl, distaff, distributor, doily, doorstop,
dovetail, dowel, downspout, drawbar, drawbridge, dropper, dulcimer, dumbwaiter, duvet, easel, eaves, electrode,
epaulette, ejector, escutcheon, espadrille, etagere, evaporator, eyecup, faceplate, fascia, fedora, feeler
gauge, ferrule, fez, figurehead, filament, finial, firebox, fishplate, flail, flange, float valve, flywheel,
footbridge, footstool, forceps, forklift, freewheel, futon frame, gantry, gargoyle, gazebo, gearbox, gimbal,
gimlet, girder, glockenspiel, gnomon, goggles, gong, goniometer, governor, grapnel, gridiron, grommet,
grindstone, grubscrew, gudgeon pin, gunwale, gusset, gutter, gyroscope, hacksaw frame, halberd, halyard,
hammock, handcuff, harmonica, harness, harp, harpoon, hasp, hassock, hatstand, haversack, headlamp, heatsink,
hibachi, hod, holster, hookah, hopper, hovercraft, hub cap, hydrofoil, hydrometer, icebox, idler, impeller,
inkwell, insole, insulator, intercooler, inverter, jackhammer, jerkin, jib, joist, jukebox, kayak, keel,
kettledrum, keystone, kiln, kimono, kingpin, knapsack, lacrosse stick, ladle rest, lanyard, lapel, lathe,
lectern, leotard, linchpin, lintel, loom, lorgnette, lute, lychgate, mace, magnet, magneto, mallet head,
mandolin, manifold, mannequin, mantelpiece, maraca, marimba, marlinspike, mattock, megaphone, metronome,
micrometer, mitre saw, moccasin, mortarboard, mudflap, muffler, mullion, muslin, neckband, newel post, nipple,
nosecone, nutcracker, oar, obelisk, oboe, ocarina, odometer, oilcan, oilstone, ottoman, outrigger, overalls,
overmantel, paddle, palanquin, pannier, pantograph, parapet, parasol, pawl, pendulum, pergola, periscope,
pestle, petticoat, phial, photocopier, piccolo, pickaxe, pilaster, pillion, pinion, pipette bulb, pitchfork,
pivot, planer, plectrum, plinth block, plumb bob, polisher, poncho, portcullis, potentiometer, pottery wheel,
prie dieu, prism, projector lens, protractor, prow, pulley block, puncheon, pushrod, quadrant, quern, quill,
quiver, radome, ramekin, ratchet, reamer, rebar, receptacle, rectifier, reel seat, refractor, regulator, relay,
resistor, retort stand, rheostat, ricer, rickshaw, ripsaw, roaster, rocker arm, rolltop, rotisserie, rowlock,
rucksack, rudder pedal, runcible spoon, sabre, saddlebag, salver, samovar, sandwich press, sarong, satchel,
scabbard, scaffold, sconce, screed, scribe, scupper, scythe, secateurs, sextant, shackle, shim, shovel socket,
sickle, sieve plate, signet, skewer, skylight, sledgehammer, slide rule, sluice, snare, snorkel, solenoid,
sombrero, spandrel, spark plug, spatula rest, spindle, spinnaker, spirit level, spittoon, splint, spokeshave,
sprocket, squeegee, staple, stator, stethoscope bell, stile, stirrup, strainer, strut, stylus, sundial,
surfboard, swage, swivel, sword hilt, synthesizer, syringe plunger, tabard, tachometer, tailgate, tailpipe,
tambourine, tankard, tap washer, tappet, tarpaulin, tenon, terrine, thermocouple, thimble, throttle, thumbscrew,
tiara, tiller, toboggan, toggle bolt, tomahawk, tonearm, torque wrench, tourniquet, transducer, transformer,
transom, treadle, trellis, trident, trivet, trombone slide, trowel tang, truncheon, trunnion, tuba, turbine,
turnbuckle, turnstile, turret, tweeter, undercarriage, unicycle, urn, valance, vaporizer, veneer, viaduct,
viola, visor clip, waffle iron, wainscot, wardrobe rail, washboard, waterwheel, weathervane, welder, whetstone,
whippletree, winch, windlass, windscreen, wingnut, wishbone, woofer, workbench, worm gear, xylophone, yoke,
yurt, zither
"""

# Phrases in other languages, accidental key presses, and meaningless letters.
NOT_ENGLISH = """
Griff, Henkel, Deckel, Ausguss, Schublade, Türklinke, Schalter, Knopf, Tischbein, Sitzfläche, Rückenlehne,
Schraubenzieher, wo ist der Griff, der Henkel der Tasse, Stuhlbein, Klinge, Auslöser, Lampenschirm, Wasserhahn,
zeig mir den Deckel, poignée, couvercle, bouchon, tiroir, interrupteur, où est la poignée, manche du marteau,
dossier, accoudoir, roue avant, bec verseur, lame du couteau, gâchette, abat-jour, bouton rouge, la porte du
four, montre moi le couvercle, asa, tapa, cajón, perilla, botón, gatillo, mango del martillo, pata de la silla,
respaldo, interruptor, dónde está el asa, la rueda, pantalla, boquilla, cuchilla, manija de la puerta, el
asiento, tornillo, manico, coperchio, cassetto, pulsante, grilletto, maniglia della porta, dov'è il manico,
schienale, beccuccio, sedile, rubinetto, ruota, schermo, handvat, deksel, lade, knopje, stoelpoot, rugleuning,
waar is het handvat, schakelaar, cabo, gaveta, botão, tampa, puxador, assento, encosto, gatilho, onde está a
alça, torneira, parafuso, uchwyt, pokrywka, szuflada, przycisk, gdzie jest uchwyt, oparcie, kółko, klamka,
handtag, lock på burken, låda, knapp, var är handtaget, stolsben, kahva, kansi, laatikko, painike, missä on
kahva, sap, kapak, çekmece, düğme, kulp nerede, pegangan, tutup, laci, tombol, di mana pegangan, totte, futa,
hikidashi, botan, bashou, bashou wa doko desu ka, shoubing, gaizi, chouti, anniu, ручка, крышка, ящик, кнопка,
где ручка, λαβή, καπάκι, 把手, 盖子, 抽屉, 取っ手, ふた, 손잡이, 뚜껑, مقبض, غطاء, ידית, हैंडल, मकान,
asdf, asdfgh, qwerty,
qwertz uiop, sdfjkl, zxcvb, hjkl, jkjkjk, xq zzt, aaaaaa, hhhhh, blorf, frobnitz, glibber, snurfle, quxbaz,
foobarbaz, plomtik, wexlid, drofnik, kralbe, zwinnop, mibbertok, vlarg, thrupple, gnorfle, skribbit, jxqvz,
pltrkh, ghjtyu, rtyfgh, mnbvcx, lkjhg, poiuyt, 12345, 3.14159, ????x!!, x, zz, qq, wq e, fdsa jkl, lorem ipsum
dolor
"""


def words_of(text: str) -> list[str]:
    """The texts of one list."""
    return list(dict.fromkeys(" ".join(word.split()) for word in text.split(",")))
