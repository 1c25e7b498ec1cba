"""Drinking and pouring vessels."""

import numpy as np

from part_perception.training.engine.builder import Builder
from part_perception.training.engine.forms import ear, wall
from part_perception.training.engine.kinds import kind
from part_perception.training.engine.lexicon import BASE, HANDLE, LOOP_HANDLE, SPOUT, VESSEL


@kind("mug", "cup", "coffee mug", "tea cup")
def mug(b: Builder) -> None:
    h, r = b.u(0.07, 0.12), b.u(0.033, 0.05)
    low = r * b.pick(1.0, 1.0, b.u(0.55, 0.95))
    b.part("body", "cup", "container", "where the drink goes")
    bulge = b.u(0.97, 1.08)
    b.lathe(
        wall(
            [(low * 0.95, 0), (low, 0.004), ((low + r) / 2 * bulge, h / 2), (r, h)], b.u(0.002, 0.005), 0.006
        )
    )
    b.part(*LOOP_HANDLE)
    top, bottom = h * b.u(0.75, 0.92), h * b.u(0.12, 0.35)
    ear(b, r, (low + r) / 2, top, bottom, b.u(0.02, 0.042), b.u(0.0035, 0.007))


@kind("wine glass", "goblet", "stemmed glass")
def wine_glass(b: Builder) -> None:
    h, r = b.u(0.13, 0.24), b.u(0.028, 0.05)
    stem_low, stem_top = 0.005, h * b.u(0.35, 0.55)
    b.part("bowl", "cup", "where the drink goes", "container")
    body = h - stem_top
    outer = [
        (0.004, stem_top),
        (r * 0.7, stem_top + body * 0.15),
        (r, stem_top + body * 0.45),
        (r * b.u(0.65, 1.0), h),
    ]
    b.lathe(wall(outer, 0.0015, stem_top + 0.004))
    b.part("stem", "thin part to hold it by", "neck")
    b.rod((0, 0, stem_low), (0, 0, stem_top + 0.003), b.u(0.0025, 0.005))
    b.part("base", "foot", "what it stands on")
    foot = r * b.u(0.75, 1.05)
    b.lathe([(0, 0), (foot, 0), (foot, 0.002), (0.005, 0.008), (0, 0.009)])


@kind("pitcher", "jug", "carafe")
def pitcher(b: Builder) -> None:
    h, r = b.u(0.16, 0.28), b.u(0.05, 0.075)
    neck, mouth = r * b.u(0.6, 1.0), r * b.u(0.7, 1.05)
    b.part(*VESSEL)
    b.lathe(
        wall(
            [(r * 0.8, 0), (r, h * 0.2), (r * b.u(0.95, 1.1), h * 0.45), (neck, h * 0.8), (mouth, h)],
            0.004,
            0.008,
        )
    )
    b.part(*HANDLE)
    ear(b, neck, r, h * b.u(0.85, 0.97), h * b.u(0.2, 0.45), b.u(0.035, 0.065), b.u(0.006, 0.011))
    b.part(*SPOUT)
    lip = b.u(0.015, 0.04)
    spread = np.linspace(-0.6, 0.6, 7)
    low = np.stack([-mouth * np.cos(spread), mouth * np.sin(spread), np.full(7, h * b.u(0.82, 0.9))], 1)
    rim = np.stack(
        [
            -(mouth + lip * np.cos(spread * 2.4)) * np.cos(spread * 0.6),
            mouth * np.sin(spread * 0.9),
            np.full(7, h * 1.01),
        ],
        1,
    )
    b.sheet(np.stack([low, (low + rim) / 2 - (lip * 0.1, 0, 0), rim]))
    if b.maybe(0.3):
        b.part(*BASE)
        b.lathe([(0, -0.012), (r * 0.85, -0.012), (r * 0.85, 0.002), (0, 0.002)])
