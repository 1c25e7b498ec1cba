"""Refitting: what taught words and decomposition need to know of an encoder, fitted anew on generated shapes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from part_perception.encoder.store import MANIFEST
from part_perception.evaluation.decomposition import choose_height, fresh_shapes
from part_perception.evaluation.taught_found import figures_of_finding, fit_odds, kinds_to_fit
from part_perception.evaluation.taught_shapes import generated_groups
from part_perception.evaluation.teaching import COUNTS, SHAPES, teach_and_ask
from part_perception.segmenter import PartSegmenter

LEVEL_SHAPES = 400
HEIGHTS = tuple(round(0.5 + 0.03 * i, 2) for i in range(27))
_LEVEL_SEED = 89  # fresh shapes of 88 are those that figures are reported on
_ODDS_SEED = 31


def refit(folder: Path, say: Callable[[str], None] = print) -> dict:
    """Fit the odds of taught words and the natural height of trees, and write them into a model's manifest.

    The figures are of the shapes that they were fitted on: `eval --teach` and `eval --decompose` have others.
    """
    segmenter = PartSegmenter.load(folder)
    say("the height at which parts are parts of their own")
    automatic = choose_height(segmenter, fresh_shapes(LEVEL_SHAPES, _LEVEL_SEED), HEIGHTS)
    height = max(automatic, key=automatic.__getitem__)
    say("the odds of taught words")
    _, asked = teach_and_ask(
        segmenter, generated_groups(kinds_to_fit(), SHAPES, _ODDS_SEED), COUNTS, ["overlap"]
    )
    odds = tuple(round(float(value), 3) for value in fit_odds(asked))
    manifest = segmenter.manifest
    rule = replace(manifest.confidence, taught_odds=odds)
    replace(manifest, confidence=rule, natural_height=height).save(folder / MANIFEST)
    return {
        "natural_height": height,
        "automatic": automatic[height],
        "taught_odds": odds,
        **figures_of_finding([answer.by(odds) for answer in asked]),
    }
