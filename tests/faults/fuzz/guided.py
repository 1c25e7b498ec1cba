"""`python -m tests.faults.fuzz.guided pcd --seconds 60`: mutated files into one reader, guided by the code they reach.

Needs atheris (`pip install atheris`; wheels for Linux, Python 3.11 to 3.13). Files are mutated by the rules of the
plain fuzz; those that reach new branches are mutated further. An exception other than InputError ends the run.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import sys
import tempfile
from pathlib import Path

import atheris

os.environ["NUMBA_DISABLE_JIT"] = "1"  # a compiled loop cannot be traced
with atheris.instrument_imports(include=["part_perception"]):
    from part_perception.errors import InputError
    from tests.faults.fuzz.mutating import mutated
    from tests.faults.fuzz.seeds import seeds
    from tests.faults.fuzz.targets import TARGETS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("reader", choices=sorted(TARGETS))
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--keep", type=Path, default=Path("runs/fuzz"), help="a folder for files that made trouble"
    )
    args = parser.parse_args()
    read, good = TARGETS[args.reader], list(seeds()[args.reader])

    def once(data: bytes) -> None:
        with contextlib.suppress(InputError):
            read(data)

    def mutate(data: bytes, most: int, seed: int) -> bytes:
        rng = random.Random(seed)
        return mutated(data or rng.choice(good), rng.choice(good), rng)[:most]

    args.keep.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as corpus:
        for k, data in enumerate(good):
            (Path(corpus) / f"{k}").write_bytes(data)
        limits = [
            f"-max_total_time={args.seconds}",
            f"-seed={args.seed}",
            "-max_len=65536",
            "-rss_limit_mb=4096",
        ]
        atheris.Setup(
            [sys.argv[0], corpus, f"-artifact_prefix={args.keep}/", *limits], once, custom_mutator=mutate
        )
        atheris.Fuzz()


if __name__ == "__main__":
    main()
