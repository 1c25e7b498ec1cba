"""Ask every frame of many recordings; the answers become tables that `find` searches, and bags.

A recording is done when its output is complete and its line is in DIR/ledger.jsonl. After a kill,
the same command continues. Unusable recordings are listed and do not stop the others (exit code 2).
"""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path

from part_perception.cli.node import require_ros
from part_perception.cli.reports import print_json
from part_perception.cli.usage import add_json, at_least_one, require_fleet
from part_perception.errors import InputError
from part_perception.ros.tools.configuring import add_config_arguments
from part_perception.terminal import Bar

EXAMPLES = """examples:
  part-perception label monday/ 'tuesday/*.mcap' --out labels -q handle -q lid
  part-perception label bags/ --out labels -q handle -p gravity_frame=base_link --format parquet
  part-perception label /mnt/bags --out /mnt/labels -q handle --ray head:6379
  part-perception label s3://fleet/monday 's3://fleet/tuesday/*.mcap' --out labels -q handle
  part-perception label long.mcap --out labels -q handle --workers 8 --slice 600
  part-perception label --status labels
  part-perception label --status labels --lerobot dataset"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "inputs", nargs="*", metavar="IN", help="bags, folders, patterns, or addresses (s3://…)"
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="the folder of labels; an existing one is continued"
    )
    parser.add_argument(
        "--status", type=Path, metavar="DIR", help="what is done, failed and left, and the rate"
    )
    parser.add_argument(
        "--lerobot", type=Path, metavar="NEW", help="with --status: what is done as a LeRobotDataset"
    )
    add_config_arguments(parser)
    parser.add_argument(
        "--format", action="append", choices=("mcap", "parquet"), help="what to write; default: both"
    )
    parser.add_argument(
        "--workers",
        type=at_least_one,
        metavar="N",
        help="worker processes, run by a Ray started on this machine",
    )
    parser.add_argument(
        "--ray",
        metavar="ADDRESS",
        help="a Ray cluster, HOST:PORT, whose machines see IN and DIR",
    )
    parser.add_argument(
        "--slice", type=_seconds, metavar="S", help="label long recordings in slices of at most S seconds"
    )
    parser.add_argument(
        "--overlap", type=_seconds, metavar="S",
        help="seconds processed before each slice, not labelled; default 10",
    )  # fmt: skip
    add_json(parser)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.0 < value < math.inf:
        raise argparse.ArgumentTypeError("must be a number of seconds above 0")
    return value


def run(args: argparse.Namespace) -> int:
    """0 if something was found, 1 if nothing was, 2 if a recording could not be used."""
    require_fleet()
    from part_perception.fleet.folder import status

    if args.lerobot and not args.status:
        raise InputError("--lerobot works only with --status DIR: it writes what is done")
    if args.lerobot:
        from part_perception.fleet.lerobot import write_dataset

        written = write_dataset(args.status, args.lerobot)
        told = "{episodes} episodes, {frames} frames at {fps} frames/s".format(**written)
        print_json(written) if args.json else print(f"{args.lerobot}: {told}")
        return 0
    if args.status:
        report(status(args.status), args.json)
        return 0
    if args.overlap and not args.slice:
        raise InputError("--overlap works only with --slice S")
    if not args.inputs or args.out is None:
        raise InputError(
            "give the recordings and the folder to write: part-perception label IN --out DIR -q TEXT"
        )
    require_ros()
    entries = _label(args)
    broken = [entry for entry in entries if not entry.done]
    report(status(args.out), args.json)
    if broken:
        first = broken[0]
        print(
            f"part-perception: {len(broken)} of {len(entries)} recordings could not be labelled; "
            f"the first, {first.title}: {first.reason}",
            file=sys.stderr,
        )
        return 2
    return 0 if any(entry.found for entry in entries) else 1


def _label(args: argparse.Namespace) -> list:
    from part_perception.fleet.folder import FORMATS, Job
    from part_perception.fleet.labelling import in_this_process, label
    from part_perception.fleet.recordings import OVERLAP, find_recordings, sliced
    from part_perception.ros.node import load_segmenter
    from part_perception.ros.tools.configuring import configured

    config = configured(args.params_file, args.param, args.query)
    formats = tuple(sorted(set(args.format or FORMATS)))
    job = Job(config, args.topic, formats, args.slice, args.overlap or OVERLAP)
    recordings = find_recordings(args.inputs, args.out)
    if args.slice:
        recordings = sliced(recordings, args.slice, args.overlap or OVERLAP)
    work = _on_ray(args, load_segmenter) if args.ray or args.workers else in_this_process(load_segmenter)
    return label(recordings, args.out, job, work, RecordingsBar())


def _on_ray(args: argparse.Namespace, load):
    require_fleet(workers=True)
    from part_perception.fleet.workers import on_ray

    return on_ray(load, args.workers, args.ray)


class RecordingsBar:
    """A bar that shows how many recordings are done."""

    def begin(self, done: int, total: int) -> None:
        self._done, self._total, self._bar = done, total, Bar("recordings")

    def frame(self) -> None:
        self._bar(self._done, self._total)

    def recording(self, entry) -> None:
        self._done += 1
        self._bar(self._done, self._total)


def report(told: dict, as_json: bool) -> None:
    """The state of a folder of labels, for people or programs."""
    if as_json:
        print_json(told)
        return
    print(f"{told['done']} recordings done, {len(told['failed'])} failed, {len(told['left'])} left")
    print(f"{told['frames']} frames of {told['recorded_s']} s in {told['took_s']} s of work")
    if told["frames_per_s"]:
        rest = f", {told['hours_left']} hours left" if told["left"] else ""
        print(f"the last run: {told['frames_per_s']} frames/s{rest}")
    for query, count in told["found"].items():
        print(f"{query!r}: found in {count} frames")
    for source, reason in told["failed"].items():
        print(f"failed: {source}: {reason}")
