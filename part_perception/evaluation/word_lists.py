"""Word lists: English names of things that the model was not taught, and texts that are not English."""

from __future__ import annotations

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

# What a person says in another tongue, a slip onto the keyboard, and letters that mean nothing.
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
    """One list's texts."""
    return list(dict.fromkeys(" ".join(word.split()) for word in text.split(",")))
