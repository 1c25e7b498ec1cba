"""Asks a running node, over ROS 2: where is the handle in the camera's view?"""

from __future__ import annotations

import argparse
import os
import sys
import time

from part_perception.cli.node import require_ros
from part_perception.cli.reports import part_facts, parts_table, print_json
from part_perception.cli.usage import add_json, positive_seconds
from part_perception.types import Part

WATCH_EVERY = 0.2  # seconds at least: a person reads it

EXAMPLES = """examples:
  part-perception query handle
  part-perception query handle "lid of the pot" --frame base_link --json
  part-perception query handle --watch                    again on every new cloud, until Ctrl-C"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("query", nargs="+", metavar="TEXT", help="what to look for")
    parser.add_argument(
        "--node", default="part_perception", metavar="NAME", help="the node's name; default: part_perception"
    )
    parser.add_argument("--watch", action="store_true", help="ask again on every new cloud, until Ctrl-C")
    parser.add_argument(
        "--frame", default="", metavar="F", help="frame of the answer; default: the node's own"
    )
    parser.add_argument(
        "--timeout", type=positive_seconds, default=5.0, metavar="S", help="seconds to wait; default 5"
    )
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    require_ros()
    from part_perception.ros.processes import dds_environment

    os.environ.update(dds_environment())  # before rclpy loads
    from part_perception.ros.tools.asker import Asker

    asker = Asker(f"part_perception_query_{os.getpid()}", "/" + args.node.strip("/"))
    try:
        return watch(asker, args) if args.watch else ask_once(asker, args)
    except TimeoutError as error:
        print(f"part-perception: {error}", file=sys.stderr)
        return 3
    finally:
        asker.close()


def ask_once(asker, args: argparse.Namespace, newer: bool = False) -> int:
    """Print one answer. 0: something was found, 1: nothing, 2: a bad question, 3: the node could not answer."""
    from part_perception.ros.messages.parts import read_part
    from part_perception.ros.refusal import Status

    answer, took = asker.ask(args.query, args.timeout, newer, target_frame=args.frame)
    status = answer.status
    if status.code not in (Status.OK, Status.PART_NOT_FOUND):
        print(f"part-perception: {status.message}", file=sys.stderr)
        asked_wrongly = (Status.BAD_TEXT, Status.BAD_REQUEST, Status.TEXT_NOT_UNDERSTOOD)
        return 2 if status.code in asked_wrongly else 3
    missing = [
        Part(query, False, confidence)
        for query, there, confidence in zip(args.query, answer.found, answer.confidence, strict=True)
        if not there
    ]
    parts = [read_part(message) for message in answer.parts] + missing
    owners = [message.object_name for message in answer.parts] + [""] * len(missing)
    if args.json:
        facts = [part_facts(part) | {"object_name": owner} for part, owner in zip(parts, owners, strict=True)]
        print_json({"node": args.node, "frame": answer.header.frame_id, "age": answer.age,
                    "milliseconds": took, "parts": facts})  # fmt: skip
    else:
        print(parts_table(parts, owners))
        print(f"in {answer.header.frame_id}, {answer.age:.2f} s after the cloud; answered in {took:.0f} ms")
    return 0 if answer.parts else 1


def watch(asker, args: argparse.Namespace) -> int:
    """Print answer after answer; if there is none, say why and ask again."""
    while True:
        start = time.monotonic()
        try:
            ask_once(asker, args, newer=True)
        except TimeoutError as error:  # the node may be starting again
            print(f"part-perception: {error}", file=sys.stderr)
        sys.stdout.flush()
        time.sleep(max(0.0, WATCH_EVERY - (time.monotonic() - start)))
