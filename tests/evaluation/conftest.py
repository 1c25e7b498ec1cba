"""Evaluation tests of taught words and decomposition use the lamps and the smooth stand-in of the parts tests."""

from tests.parts.conftest import lamp, make_segmenter, segmenter  # noqa: F401
