"""`part-perception bench`: how fast is it on this machine?"""

from __future__ import annotations

from collections.abc import Sequence


def run_with(argv: Sequence[str]) -> int:
    """The benchmark, with its own arguments."""
    from part_perception.evaluation.bench import main

    return main(argv)
