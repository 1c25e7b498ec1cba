"""Laboratory glass and instruments."""

import numpy as np

from part_perception.shapes.builder import Builder, lifts, screws
from part_perception.shapes.forms import wall
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.tools.handtools import bar
from part_perception.shapes.lexicon import BASE, CAP, HANDLE, VESSEL


@kind("microscope", "light microscope", "laboratory microscope")
def microscope(b: Builder) -> None:
    h, w = b.u(0.28, 0.42), b.u(0.05, 0.08)
    b.part(*BASE)
    if b.maybe():
        b.box((0.2, 2 * w, 0.03), (0.01, 0, 0.015), round=0.4)
    else:
        b.tube(
            [(0.1, -w, 0.012), (-0.08, -w * 0.6, 0.012), (-0.08, w * 0.6, 0.012), (0.1, w, 0.012)],
            0.014,
            smooth=False,
        )
    b.part("arm", "stand", "frame", "part to carry it by")
    b.tube(
        [(-0.08, 0, 0.02), (-0.1, 0, h * 0.35), (-0.085, 0, h * 0.6), (0.0, 0, h * 0.72)],
        [0.02, 0.018, 0.016, 0.016],
        flat=1.1,
    )
    b.part("stage", "table", "plate", "where the sample goes")
    b.box((0.12, 2 * w, 0.01), (0.02, 0, h * 0.36), round=0.2)
    b.box((0.05, 0.03, 0.02), (-0.06, 0, h * 0.36))
    b.part("objective", "objective lens", "lens", "lens near the sample")
    b.rod((0.03, 0, h * 0.58), (0.03, 0, h * 0.61), 0.026)
    for a in (0, 2.1, 4.2):
        d = np.array([0.014 * np.cos(a), 0.014 * np.sin(a), 0])
        b.cone(np.array([0.03, 0, h * 0.58]) + d, np.array([0.03, 0, h * 0.46]) + d * 1.3, 0.009, 0.006)
    b.part("tube", "body tube", "barrel")
    lean = b.u(0.2, 0.9) * b.pick(-1, 1)
    b.rod((0.03, 0, h * 0.6), (0.03, 0, h * 0.75), 0.022)
    top = np.array([0.03 + np.sin(lean) * 0.08, 0, h * 0.74 + np.cos(lean) * 0.08])
    eyes = b.pick((0,), (-0.028, 0.028))
    for y in eyes:
        b.rod((0.03, y * 0.6, h * 0.72), top + (0, y, 0), 0.014)
    for y in eyes:
        b.part("eyepiece", "ocular", "where to look through")
        d = np.array([np.sin(lean), 0, np.cos(lean)])
        b.rod(top + (0, y, 0), top + (0, y, 0) + d * 0.03, 0.017)
    for s in (-1, 1):
        b.part("knob", "focus knob", "round handle", "what to turn to focus")
        b.rod((-0.09, s * 0.015, h * 0.25), (-0.09, s * 0.045, h * 0.25), b.u(0.015, 0.024))
    if b.maybe(0.7):
        b.part("light", "lamp", "mirror", "condenser", "where the light comes from")
        b.rod((0.03, 0, 0.025), (0.03, 0, h * 0.2), 0.022)


@kind("test tube", "sample tube", "vial", rest="stands")
def test_tube(b: Builder) -> None:
    r, h = b.u(0.005, 0.015), b.u(0.05, 0.15)
    b.part("body", "tube", "container", "where the content is")
    b.lathe(wall([(r * 0.3, 0.0), (r * 0.75, r * 0.3), (r, r), (r, h)], r * 0.1, 0.001))
    if b.maybe(0.6):
        b.part(*CAP, joint=screws())
        if b.maybe():
            b.lathe([(r * 1.15, h - r * 1.2), (r * 1.15, h + 0.004), (0, h + 0.005)])
        else:
            b.cone((0, 0, h - r * 0.5), (0, 0, h + r * 1.2), r * 0.85, r * 1.15)
    else:
        b.part("rim", "lip", "opening", "mouth")
        b.ring((0, 0, h), r * 1.02, r * 0.12)


@kind("laboratory flask", "flask", "conical flask", "volumetric flask")
def lab_flask(b: Builder) -> None:
    h, r = b.u(0.1, 0.24), b.u(0.035, 0.075)
    neck = r * b.u(0.22, 0.4)
    form = b.pick("cone", "cone", "ball", "volumetric")
    shoulder = h * {"cone": b.u(0.65, 0.75), "ball": 0.0, "volumetric": 0.0}[form]
    b.part("body", "flask", "container", "where the liquid is")
    if form == "cone":
        b.lathe([(0, 0), (r * 0.92, 0), (r, 0.008), (neck * 1.15, shoulder), (neck, shoulder + 0.006)])
    else:
        shoulder = r * 1.93
        turn = np.linspace(-1.1, 1.2, 9)
        ball = np.stack([r * np.cos(turn), r * (np.sin(turn) + np.sin(1.1))], 1)
        b.lathe([(0, 0), *ball, (neck, shoulder)])
        h = shoulder + (b.u(0.03, 0.06) if form == "ball" else b.u(0.08, 0.13))
    b.part("neck", "narrow part", "tube", "part to hold it by")
    b.lathe([(neck, shoulder), (neck, h - 0.003), (neck * 1.2, h), (neck * 0.85, h), (neck * 0.85, shoulder)])
    if b.maybe(0.35):
        b.part("stopper", "cap", "plug", "what closes it", joint=lifts())
        b.cone((0, 0, h - 0.012), (0, 0, h + 0.012), neck * 0.8, neck * 1.1)


@kind("beaker", "laboratory beaker", "glass beaker")
def beaker(b: Builder) -> None:
    h, r = b.u(0.06, 0.18), b.u(0.025, 0.06)
    b.part(*VESSEL)
    b.lathe(wall([(r * 0.95, 0), (r, 0.004), (r, h * 0.97), (r * 1.06, h)], 0.002, 0.003))
    b.part("spout", "lip", "where to pour", "pouring spout")
    a = np.linspace(-0.4, 0.4, 7)
    rows = [
        np.stack(
            [(r * 1.04 + k * np.cos(a * 3.9) ** 2) * np.cos(a), (r * 1.04) * np.sin(a), np.full(7, z)], 1
        )
        for k, z in ((0, h * 0.9), (r * 0.12, h * 0.97), (r * 0.3, h * 1.02))
    ]
    b.sheet(np.stack(rows))
    if b.maybe(0.2):
        b.part(*HANDLE)
        b.tube(
            [(-r, 0, h * 0.85), (-r * 1.7, 0, h * 0.8), (-r * 1.75, 0, h * 0.35), (-r, 0, h * 0.25)], 0.005
        )


@kind("graduated cylinder", "measuring cylinder")
def measuring_cylinder(b: Builder) -> None:
    h, r = b.u(0.15, 0.35), b.u(0.01, 0.028)
    b.part("body", "tube", "cylinder", "where the liquid is")
    b.lathe(wall([(r, 0.012), (r, h - 0.004), (r * 1.15, h)], 0.0015, 0.015))
    b.part(*BASE)
    if b.maybe():
        b.extrude(
            [(r * 2.1 * np.cos(t), r * 2.1 * np.sin(t)) for t in np.arange(6) * np.pi / 3],
            0.012,
            (0, 0, 0.006),
        )
    else:
        b.lathe([(0, 0), (r * 2, 0), (r * 1.9, 0.008), (r * 1.02, 0.016)])


@kind("pipette", "micropipette", "laboratory pipette", rest="lies")
def pipette(b: Builder) -> None:
    length, r = b.u(0.11, 0.14), b.u(0.011, 0.016)
    b.part("handle", "body", "grip", "part to hold it by")
    bar(b, -length * np.array([1, 0.9, 0.4, 0]), r * np.array([1, 1.05, 0.9, 0.55]), flat=0.9)
    b.tube(
        [(-length * 0.95, r * 0.5, 0), (-length * 1.0, r * 2.4, 0), (-length * 0.85, r * 2.9, 0)],
        0.004,
        flat=2,
        steps=8,
    )
    b.part("button", "plunger", "push button", "what to press")
    bar(b, -length - np.array([0.03, 0.022, 0.021, -0.001]), r * np.array([0.5, 0.55, 0.3, 0.3]))
    b.part("shaft", "tip cone", "barrel")
    bar(b, (-0.002, 0.07), (r * 0.5, r * 0.25))
    b.part("tip", "pipette tip", "nozzle", "where the liquid comes out")
    bar(b, (0.06, 0.075, 0.12), (r * 0.35, r * 0.35, 0.0006))


@kind("dropper", "eye dropper", "glass pipette", rest="lies")
def dropper(b: Builder) -> None:
    r, length = b.u(0.003, 0.005), b.u(0.06, 0.12)
    b.part("bulb", "rubber bulb", "ball", "what to squeeze")
    bar(b, np.array([-0.045, -0.043, -0.03, -0.01, 0.002]), r * np.array([0.8, 1.6, 2.1, 1.7, 1.3]))
    b.part("tube", "body", "glass tube", "barrel")
    bar(b, (0, length * 0.75), (r, r))
    b.part("tip", "point", "where the liquid comes out")
    bar(b, length * np.array([0.74, 0.8, 1]), (r, r * 0.4, r * 0.25))


@kind("petri dish", "culture dish")
def petri_dish(b: Builder) -> None:
    r, h = b.u(0.025, 0.06), b.u(0.01, 0.018)
    b.part("body", "dish", "container", "bottom")
    b.lathe(wall([(r, 0), (r, h)], 0.0012, 0.0012))
    b.part("lid", "cover", "top cover", "what closes it")
    lift = b.pick(0.0, b.u(0.005, 0.02))
    with b.moved((lift * 1.5, 0, lift), pitch=lift * 6):
        b.lathe([(r * 1.05, h * 0.45), (r * 1.05, h + 0.0015), (0, h + 0.0015)])


@kind("bunsen burner", "gas burner", "camping stove burner")
def bunsen_burner(b: Builder) -> None:
    h, r = b.u(0.12, 0.18), b.u(0.03, 0.045)
    b.part(*BASE)
    b.lathe([(0, 0), (r, 0), (r, 0.008), (0.012, 0.02), (0, 0.021)])
    b.part("tube", "barrel", "chimney", "where the flame comes out")
    b.lathe([(0.007, 0.018), (0.007, h), (0.005, h), (0.005, 0.02)])
    b.part("collar", "air ring", "regulator", "what to turn")
    b.rod((0, 0, 0.03), (0, 0, 0.048), 0.011)
    b.part("valve", "gas inlet", "connector", "where the hose goes")
    b.rod((0, 0, 0.022), (0.05, 0, 0.022), 0.004)
