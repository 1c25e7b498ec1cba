"""`python -m tests.faults.fuzz --seconds 60 [--only ply]`: mutated files into every reader, and counts.

An exception other than InputError is printed with the bytes that caused it, kept in --keep, and ends in exit code 1.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import time
import traceback
import warnings
from pathlib import Path

from part_perception.errors import InputError
from tests.faults.fuzz.mutating import mutated
from tests.faults.fuzz.seeds import seeds
from tests.faults.fuzz.targets import TARGETS

SLOW = 2.0  # the time limit for any small file, seconds
MAX_CORPUS = 400


class Fuzz:
    """One reader: its inputs and their outcomes. Files that it could read are mutated further."""

    def __init__(self, name: str, seed: int):
        self.name, self.read, self.rng = name, TARGETS[name], random.Random(f"{name} {seed}")
        self.corpus = list(seeds()[name])
        self.runs = self.good = self.refused = 0
        self.foreign: dict[str, bytes] = {}
        self.slowest = 0.0
        for data in self.corpus:  # good files; the first one pays for imports
            self.read(data)

    def once(self) -> None:
        data = mutated(self.rng.choice(self.corpus), self.rng.choice(self.corpus), self.rng)
        start = time.perf_counter()
        try:
            self.read(data)
        except InputError:
            self.refused += 1
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            self.foreign.setdefault(f"{type(error).__name__}: {error} ({where.name}:{where.lineno})", data)
        else:
            self.good += 1
            if len(data) < 20_000 and self.rng.random() < 0.1:
                self._keep(data)
        self.runs += 1
        self.slowest = max(self.slowest, time.perf_counter() - start)

    def _keep(self, data: bytes) -> None:
        if len(self.corpus) >= MAX_CORPUS:
            self.corpus.pop(self.rng.randrange(3, len(self.corpus)))
        self.corpus.append(data)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser("make fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="for all readers together")
    parser.add_argument("--only", choices=sorted(TARGETS), help="one reader")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="a folder for files that made trouble")
    args = parser.parse_args(argv)
    warnings.simplefilter("ignore")
    names = [args.only] if args.only else sorted(TARGETS)
    each, fuzzes = args.seconds / len(names), [Fuzz(name, args.seed) for name in names]
    for fuzz in fuzzes:
        end = time.monotonic() + each
        while time.monotonic() < end:
            fuzz.once()
        line = f"{fuzz.name:<9} {fuzz.runs:>9} runs {fuzz.good:>9} read {fuzz.refused:>9} refused"
        print(f"{line} {len(fuzz.foreign):>3} foreign, slowest {fuzz.slowest:.2f} s", flush=True)
        for told, data in fuzz.foreign.items():
            print(f"  {told}\n  {data[:200]!r}")
            if args.keep:
                args.keep.mkdir(parents=True, exist_ok=True)
                (args.keep / f"{fuzz.name}-{hashlib.sha256(data).hexdigest()[:12]}").write_bytes(data)
    print(
        f"{'all':<9} {sum(f.runs for f in fuzzes):>9} runs, {sum(len(f.foreign) for f in fuzzes)} foreign exceptions"
    )
    return 1 if any(f.foreign or f.slowest > SLOW for f in fuzzes) else 0


if __name__ == "__main__":
    sys.exit(main())
