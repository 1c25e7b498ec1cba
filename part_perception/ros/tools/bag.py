"""Bags: runs the node's server over a recording, as fast as possible; its outputs go into another bag."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from part_perception.command_lines import HelpFormatter, Parser
from part_perception.config import Config
from part_perception.errors import InputError
from part_perception.recordings.bag_reader import BagReader
from part_perception.ros.node import load_segmenter
from part_perception.ros.perceived import PerceivedFrame
from part_perception.ros.server import Server
from part_perception.ros.tools.bag_frames import (
    CLOUD,
    BagWriter,
    bag_frames,
    output_topics,
    transforms_of,
    write_frame,
)
from part_perception.ros.tools.configuring import add_config_arguments, configured
from part_perception.terminal import Bar

EXAMPLES = """examples:
  part-perception bag drive/ answers/ -q handle -q lid
  part-perception bag drive.mcap answers.mcap -q handle -p gravity_frame=base -p scene.max_range=2"""


@dataclass
class Summary:
    """The results on a bag."""

    frames: int = 0
    refused: Counter = field(default_factory=Counter)
    found: Counter = field(default_factory=Counter)
    times_ms: list[float] = field(default_factory=list)
    recorded_s: float = 0.0
    took_s: float = 0.0

    def add(self, seen: PerceivedFrame) -> None:
        self.frames += 1
        self.found.update(
            q for q, there in zip(seen.standing.queries, seen.standing.found, strict=True) if there
        )
        self.times_ms.append(sum(seen.timing.values()))

    def as_dict(self) -> dict:
        times = self.times_ms or [float("nan")]
        return {
            "frames": self.frames,
            "refused": dict(self.refused),
            "found": dict(self.found),
            "median_ms": round(float(np.median(times)), 1),
            "p95_ms": round(float(np.percentile(times, 95)), 1),
            "recorded_s": round(self.recorded_s, 2),
            "took_s": round(self.took_s, 2),
            "times_real_time": round(self.recorded_s / self.took_s, 2) if self.took_s else None,
        }


def main(argv: Sequence[str] | None = None) -> int:
    """0 if something was found, 1 if nothing was, 2 for unusable input."""
    args = _arguments(argv)
    try:
        config = configured(args.params_file, args.param, args.query)
        bar = Bar("frames")
        summary = process(args.bag, args.out, config, args.topic, load_segmenter(config.model), bar)
    except InputError as error:
        print(f"part-perception: {error}", file=sys.stderr)
        return 2
    print(json.dumps(summary.as_dict()) if args.json else _table(summary, config.standing_queries))
    return 0 if summary.found else 1


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = Parser(
        "part-perception bag",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=HelpFormatter,
    )
    parser.add_argument(
        "bag", type=Path, metavar="IN", help="a ROS 2 bag: its folder, or an .mcap or .db3 file"
    )
    parser.add_argument(
        "out", type=Path, metavar="OUT", help="the bag to write; ends in .db3 for sqlite3, else MCAP"
    )
    add_config_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print JSON for programs instead of a table")
    return parser.parse_args(argv)


def process(
    bag: Path,
    out: Path,
    config: Config,
    topic: str | None,
    segmenter,
    progress: Callable[[int, int], None] = lambda done, count: None,
) -> Summary:
    """Run every cloud of a bag through the server; all outputs go into another bag."""
    summary = Summary()
    with BagReader(bag) as reader:
        topic = topic or reader.only_topic(CLOUD)
        count = reader.count(topic, CLOUD)
        server = Server(config, segmenter, transforms_of(reader))
        with BagWriter(out, output_topics()) as writer:
            start, stamps = time.perf_counter(), []
            for k, frame in enumerate(bag_frames(reader, topic, server)):
                stamps.append(frame.time_ns)
                if frame.messages is None:
                    summary.refused[frame.refusal] += 1
                else:
                    write_frame(writer, frame.time_ns, frame.messages)
                    summary.add(frame.messages.seen)
                progress(k + 1, count)
            summary.took_s = time.perf_counter() - start
    if stamps:
        summary.recorded_s = (max(stamps) - min(stamps)) * 1e-9
    return summary


def _table(summary: Summary, queries: Iterable[str]) -> str:
    told = summary.as_dict()
    lines = [f"{told['frames']} frames in {told['took_s']} s, {told['times_real_time']} times real time"]
    lines.append(f"a frame takes {told['median_ms']} ms (median), {told['p95_ms']} ms (95 %)")
    lines += [f"{query!r}: found in {summary.found[query]} of {summary.frames} frames" for query in queries]
    lines += [f"{count} refused: {reason}" for reason, count in summary.refused.most_common(5)]
    return "\n".join(lines)
