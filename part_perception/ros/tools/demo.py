"""Demo: a simulated camera and the node as processes over DDS; the truth judges the answers."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from part_perception.command_lines import HelpFormatter, Parser
from part_perception.geometry.poses import inverse
from part_perception.pictures.rendering import write_picture
from part_perception.ros.processes import Processes, dds_environment, set_parameters
from part_perception.simulation.sensors import SENSORS
from part_perception.terminal import table
from part_perception.types import Part

SLACK = 0.015  # metres: a right answer's centre lies within this distance of the true part's box


@dataclass(frozen=True)
class Verdict:
    """`owner`: the object nearest to the answer; `against`: the true part that it is judged by, and `error` the
    metres to its centre.
    """

    right: bool
    owner: str
    error: float
    against: str = ""


def parts_called(truth: dict, query: str) -> list[tuple[str, dict]]:
    """All true parts with that name; the kind of their object may come first, as in "mug handle"."""
    all_parts = [(thing, part) for thing in truth["objects"] for part in thing["parts"]]
    return [(thing["kind"], part) for thing, part in all_parts if is_called(part, thing, query)]


def is_called(part: dict, thing: dict, query: str) -> bool:
    """Whether a name matches a query: a "round handle" is a handle, too."""
    owner = {word for name in thing["names"] for word in name.split()}
    asked = set(query.lower().split())
    wanted = asked - owner or asked
    return any(asked <= set(name.split()) or wanted <= set(name.split()) for name in part["names"])


def judge(truth: dict, query: str, centroid: np.ndarray) -> Verdict:
    """Judge a found part by the nearest true part of that name."""
    owner = min(
        truth["objects"], key=lambda thing: min(_outside(p["box"], centroid) for p in thing["parts"])
    )["kind"]
    meant = parts_called(truth, query)
    if not meant:
        return Verdict(False, owner, float("nan"))
    kind, part = min(meant, key=lambda pair: _outside(pair[1]["box"], centroid))
    error = float(np.linalg.norm(np.array(part["centroid"]) - centroid))
    right = kind == owner and _outside(part["box"], centroid) <= SLACK
    title = _title(part, [each for other, each in meant if other == kind])
    return Verdict(right, owner, error, title if kind == owner else f"{title} of {kind}")


def _title(part: dict, beside: Sequence[dict]) -> str:
    """A true part's first name, with its number if there are several of that name, such as "handle 2"."""
    alike = [each for each in beside if each["names"][0] == part["names"][0]]
    number = next(n for n, each in enumerate(alike, 1) if each is part)
    return f"{part['names'][0]} {number}" if len(alike) > 1 else part["names"][0]


def _outside(box: dict, point: np.ndarray) -> float:
    """The distance of a point from a box; 0 inside."""
    local = (point - np.array(box["centre"])) @ np.array(box["rotation"])
    return float(np.linalg.norm(np.maximum(np.abs(local) - np.array(box["size"]) / 2, 0)))


QUERIES = ("handle", "lid", "wheel")
SENSOR = "primesense"
STANDING = ("handle", "lid")
START_WITHIN = 40.0
TRIES = 3
EXAMPLES = """examples:
  part-perception demo
  part-perception demo -q "handle of the mug" -q spout --seed 7 --picture seven.png
  part-perception demo --sensor stereo             a camera that sees less: some answers are wrong"""


@dataclass(frozen=True)
class Row:
    """A row of the table."""

    query: str
    object: str
    true_part: str
    confidence: float
    centroid_m: tuple[float, float, float] | None
    error_mm: float | None
    opening_width_mm: float | None
    latency_ms: float
    right: bool
    remark: str = ""


def main(argv: Sequence[str] | None = None) -> int:
    """0 if every answer agrees with the simulation's truth, else 1."""
    args = _arguments(argv)
    signal.signal(signal.SIGTERM, _interrupt)
    # chosen before rclpy loads, and the same for all three processes
    os.environ.update(dds_environment(args.domain or 40 + os.getpid() % 50))
    try:
        return _run(args)
    except KeyboardInterrupt:
        print("part-perception: interrupted", file=sys.stderr)
        return 130
    except TimeoutError as error:
        print(f"part-perception: {error}", file=sys.stderr)
        return 1


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = Parser(
        "part-perception demo",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=HelpFormatter,
    )
    parser.add_argument("-q", "--query", action="append", help="what to ask for; can be given several times")
    parser.add_argument(
        "--seed", type=int, default=1, help="another number gives other objects of the same kinds"
    )
    parser.add_argument(
        "--picture", type=Path, default=Path("demo.png"), metavar="F.png", help="where the picture is saved"
    )
    parser.add_argument(
        "--sensor",
        choices=sorted(SENSORS),
        default=SENSOR,
        metavar="S",
        help=f"kind of depth camera; default {SENSOR}",
    )
    parser.add_argument("--domain", type=int, help="ROS domain; default: one that is rarely used")
    parser.add_argument("--view", action="store_true", help="keep running and show it live in a browser")
    parser.add_argument("--json", action="store_true", help="print JSON for programs instead of a table")
    return parser.parse_args(argv)


def _interrupt(*_) -> None:
    raise KeyboardInterrupt


def _run(args: argparse.Namespace) -> int:
    from part_perception.ros.tools.demo_client import Client

    queries = tuple(args.query or QUERIES)
    quiet = {"stdout": sys.stderr, "stderr": sys.stderr}
    with Processes(dict(os.environ)) as started:
        started.module(
            "part_perception.ros.tools.simulated_camera", "--ros-args", "-p", f"seed:={args.seed}",
            "-p", f"sensor:={args.sensor}", **quiet,
        )  # fmt: skip
        started.module("part_perception.cli.node", "--ros-args", *set_parameters(STANDING), **quiet)
        client = Client()
        started.callback(client.close)
        truth = client.truth(START_WITHIN)
        client.first_answer(queries, START_WITHIN)
        rows = [row for query in queries for row in _ask(client, truth, query)]
        _draw(client, queries, args.picture)
        right = _report(args, rows)
        if args.view:
            started.module("part_perception.cli.main", "view", "--live")
            signal.pause()  # Ctrl-C ends it
    return 0 if right else 1


def _report(args: argparse.Namespace, rows: Sequence[Row]) -> bool:
    """Print the answers; returns whether all are right."""
    right = all(row.right for row in rows)
    if args.json:
        print(
            json.dumps(
                {"right": right, "picture": str(args.picture), "rows": [asdict(row) for row in rows]},
                indent=1,
            )
        )
    else:
        print(_table(rows))
        print(f"\nThe labelled scene is in {args.picture}.")
        print("All answers are right." if right else "NOT all answers are right.")
    return right


def _ask(client, truth: dict, query: str) -> list[Row]:
    """Judge one query: every part found, or that there is indeed none."""
    from part_perception.ros.tools.demo_client import ANSWERED

    answer, latency = client.ask([query])
    if answer.status.code not in ANSWERED:
        return [Row(query, "-", "-", 0.0, None, None, None, latency, False, answer.status.message)]
    there = parts_called(truth, query)
    if not answer.parts:
        remark = "missed" if there else "correctly not found"
        return [Row(query, "-", "-", answer.confidence[0], None, None, None, latency, not there, remark)]
    rows = []
    for part in answer.parts:
        centroid = (part.centroid.x, part.centroid.y, part.centroid.z)
        verdict = judge(truth, query, np.array(centroid))
        width = part.grasps[0].opening_width * 1e3 if part.grasps else None
        error = None if np.isnan(verdict.error) else verdict.error * 1e3
        rows.append(
            Row(query, verdict.owner, verdict.against or "-", part.confidence, centroid, error, width, latency,
                verdict.right, "" if verdict.right else "wrong")
        )  # fmt: skip
    return rows


def _draw(client, queries: Sequence[str], path: Path) -> None:
    """Picture the scene of another answer, coloured by part."""
    from part_perception.pictures import picture_of_frame
    from part_perception.ros.messages.parts import read_part

    answer, (scene, colours, to_world) = _with_cloud(client, queries)
    parts = [read_part(message, inverse(to_world)) for message in answer.parts]
    nowhere = np.full(3, np.nan)
    for query, found, confidence in zip(queries, answer.found, answer.confidence, strict=True):
        if not found:
            parts.append(Part(query, False, confidence, np.zeros(0, int), nowhere))
    write_picture(path, picture_of_frame(scene, parts, colours))


def _with_cloud(client, queries: Sequence[str]) -> tuple:
    """An answer and the scene of its cloud, which a busy machine may replace by a newer one before it arrives."""
    for _ in range(TRIES - 1):
        answer, _ = client.ask(queries, newer=True)
        with suppress(TimeoutError):
            return answer, client.scene(answer.header.stamp)
    answer, _ = client.ask(queries, newer=True)
    return answer, client.scene(answer.header.stamp)


def _table(rows: Sequence[Row]) -> str:
    """The answers as a table."""
    head = (
        "query",
        "object",
        "true part",
        "confidence",
        "centroid x y z (m)",
        "error (mm)",
        "opening (mm)",
        "latency (ms)",
        "",
    )
    return table(head, [_cells(row) for row in rows])


def _cells(row: Row) -> tuple[str, ...]:
    centroid = " ".join(f"{c:+.3f}" for c in row.centroid_m) if row.centroid_m else "-"
    error = f"{row.error_mm:.0f}" if row.error_mm is not None else "-"
    width = f"{row.opening_width_mm:.0f}" if row.opening_width_mm is not None else "-"
    mark = "right" if row.right else "WRONG"
    return (
        row.query,
        row.object,
        row.true_part,
        f"{row.confidence:.2f}",
        centroid,
        error,
        width,
        f"{row.latency_ms:.0f}",
        f"{mark}{f' ({row.remark})' if row.remark and row.remark != 'wrong' else ''}",
    )


if __name__ == "__main__":
    sys.exit(main())
