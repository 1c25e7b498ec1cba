"""Bags: the node's own server over a recording, as fast as it goes; what the node would publish goes into another."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import yaml
from rclpy.serialization import deserialize_message
from sensor_msgs.msg import PointCloud2
from tf2_msgs.msg import TFMessage

from part_perception.config import DEFAULTS, Config
from part_perception.errors import InputError
from part_perception.recordings.bag_reader import BagReader
from part_perception.ros.node import load_segmenter
from part_perception.ros.outputs.publisher import TOPICS, FrameMessages
from part_perception.ros.refusal import Refusal, Status
from part_perception.ros.server import PendingMessage, PerceivedFrame, Server
from part_perception.ros.tools.bag_writer import BagWriter
from part_perception.ros.transforms import OwnTransforms
from part_perception.settings import with_values

CLOUD = "sensor_msgs/msg/PointCloud2"
PREFIX = "/part_perception"
FOR_EVER = 1e9
MIN_MESSAGE = 8  # bytes: what CDR puts first, and a length


@dataclass
class Summary:
    """What came of a bag."""

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
    """0 if something was found, 1 if nothing was, 2 for what cannot be used."""
    args = _arguments(argv)
    try:
        config = _config(args)
        summary = process(args.bag, args.out, config, args.topic, load_segmenter(config.model), not args.json)
    except InputError as error:
        print(f"part-perception: {error}", file=sys.stderr)
        return 2
    print(json.dumps(summary.as_dict()) if args.json else _table(summary, config.standing_queries))
    return 0 if summary.found else 1


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("part-perception bag", description=__doc__)
    parser.add_argument(
        "bag", type=Path, metavar="IN", help="a ROS 2 bag: its folder, or an .mcap or .db3 file"
    )
    parser.add_argument(
        "out", type=Path, metavar="OUT", help="the bag to write; ends in .db3 for sqlite3, else MCAP"
    )
    parser.add_argument("-q", "--query", action="append", default=[], help="what to ask on every frame")
    parser.add_argument("--topic", help="the cloud's topic; not needed where the bag has one cloud only")
    parser.add_argument(
        "-p", "--param", action="append", default=[], metavar="NAME=VALUE", help="a parameter of the node"
    )
    parser.add_argument("--params-file", type=Path, help="a parameter file of the node")
    parser.add_argument("--json", action="store_true", help="print JSON for programs instead of a table")
    return parser.parse_args(argv)


def _config(args: argparse.Namespace) -> Config:
    """The node's configuration from file, then parameters, then queries."""
    values: dict = {}
    if args.params_file:
        values |= _parameters_in(args.params_file)
    for each in args.param:
        name, equals, value = each.partition("=")
        if not equals:
            raise InputError(f"a parameter is given as NAME=VALUE, not {each!r}")
        values[name] = _parsed(value, f"the value of {name}")
    if args.query:
        values["standing_queries"] = args.query
    config = with_values(DEFAULTS, {name: v for name, v in values.items() if name != "use_sim_time"})
    if not config.standing_queries:
        raise InputError("there is nothing to ask: give -q, or standing_queries in a parameter file")
    return config


def _parameters_in(path: Path) -> dict:
    """The parameters of all nodes in a ROS parameter file, by dotted name."""
    try:
        text = path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the parameter file {path} cannot be read: {error}") from None
    tree, values = _parsed(text, f"the parameter file {path}"), {}
    for node in tree.values() if isinstance(tree, dict) else ():
        values |= _flat((node or {}).get("ros__parameters") or {})
    return values


def _parsed(text: str, what: str):
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise InputError(f"{what} is not valid YAML: {' '.join(str(error).split())}") from None


def _flat(tree: dict, prefix: str = "") -> dict:
    """Nested names of a parameter file as dotted ones."""
    flat: dict = {}
    for name, value in tree.items():
        flat |= _flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {f"{prefix}{name}": value}
    return flat


def process(
    bag: Path, out: Path, config: Config, topic: str | None, segmenter, progress: bool = False
) -> Summary:
    """Every cloud of a bag through the server; all outputs into another bag."""
    summary = Summary()
    with BagReader(bag) as reader:
        topic = topic or reader.only_topic(CLOUD)
        count = reader.count(topic, CLOUD)
        server = Server(config, segmenter, transforms_of(reader))
        with BagWriter(out, {f"{PREFIX}/{name}": kind for name, (kind, _) in TOPICS.items()}) as writer:
            start, stamps = time.perf_counter(), []
            for k, (stamp, raw) in enumerate(reader.raw(topic)):
                stamps.append(stamp)
                _one(server, raw, stamp, writer, summary)
                if progress:
                    _show(k + 1, count, summary)
            summary.took_s = time.perf_counter() - start
    if stamps:
        summary.recorded_s = (max(stamps) - min(stamps)) * 1e-9
    return summary


def transforms_of(reader: BagReader) -> OwnTransforms:
    """All transforms of the bag at once: so none comes too late."""
    transforms = OwnTransforms(keep=FOR_EVER)
    for topic, static in (("/tf_static", True), ("/tf", False)):
        for _, raw in reader.raw(topic):
            with contextlib.suppress(Refusal):  # a damaged one tells nothing
                transforms.take(deserialized(raw, TFMessage), static)
    return transforms


def deserialized(raw: bytes, kind: type):
    """A message from its bytes; one that is cut off or damaged is refused, and the next one is read."""
    try:
        if len(raw) < MIN_MESSAGE:  # Fast CDR ends the whole process over less than an encapsulation header
            raise EOFError
        return deserialize_message(raw, kind)
    except Exception:  # the middleware's own, of many kinds
        raise Refusal(
            Status.BAD_CLOUD, "A message is damaged: its bytes are not those of its type."
        ) from None


def _one(server: Server, raw: bytes, stamp: int, writer: BagWriter, summary: Summary) -> None:
    try:
        message = deserialized(raw, PointCloud2)
        seen = server.look(PendingMessage(message, 0.0))
        sight = FrameMessages(seen, server.place(seen.cloud), age=0.0)
    except Refusal as refusal:
        summary.refused[str(refusal)] += 1
        return
    for name, (_, make) in TOPICS.items():
        writer.write(f"{PREFIX}/{name}", stamp, make(sight))
    summary.add(seen)


def _show(done: int, count: int, summary: Summary) -> None:
    bar, last = "#" * (30 * done // max(count, 1)), summary.times_ms[-1] if summary.times_ms else 0.0
    print(f"\r[{bar:<30}] {done}/{count}  {last:.0f} ms", end="\n" if done == count else "", file=sys.stderr)


def _table(summary: Summary, queries: Iterable[str]) -> str:
    told = summary.as_dict()
    lines = [f"{told['frames']} frames in {told['took_s']} s, {told['times_real_time']} times real time"]
    lines.append(f"a frame takes {told['median_ms']} ms (median), {told['p95_ms']} ms (95 %)")
    lines += [f"{query!r}: found in {summary.found[query]} of {summary.frames} frames" for query in queries]
    lines += [f"{count} refused: {reason}" for reason, count in summary.refused.most_common(5)]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
