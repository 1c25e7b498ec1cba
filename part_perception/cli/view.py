"""Shows clouds, parts and grasps in a browser, where words are asked and taught, and points clicked.

With --picture it draws one cloud, with the labels or colours of its file, and ends.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import threading
from functools import partial
from pathlib import Path

import numpy as np

from part_perception.cli.ask import load_segmenter
from part_perception.cli.clouds import open_cloud, up_of
from part_perception.cli.reports import print_json, save_picture
from part_perception.cli.usage import add_json, add_model, add_up, output
from part_perception.errors import InputError
from part_perception.files import CloudFile
from part_perception.inputs import unit_up

EXAMPLES = """examples:
  part-perception view mug.ply -q handle
  part-perception view captures/ --scene        a folder: one moment a file
  part-perception view recording.mcap           a bag: a slider for the time
  part-perception view --live -q handle         beside a running node
  part-perception view labelled.ply --picture labelled.png"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="clouds, folders of them, or bags"
    )
    parser.add_argument(
        "-q", "--query", action="append", default=[], metavar="TEXT", help="first words to ask for"
    )
    parser.add_argument("--live", action="store_true", help="show what a running node sees and answers")
    parser.add_argument(
        "--node", default="part_perception", metavar="NAME", help="with --live: the node's name"
    )
    parser.add_argument("--scene", action="store_true", help="the clouds are scenes with several objects")
    parser.add_argument("--topic", help="for a bag: the topic of the clouds, if it has several")
    parser.add_argument("--taught", metavar="F", help="also use the words taught into this file")
    parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 lets other computers in")
    parser.add_argument("--port", type=port, default=8080)
    parser.add_argument("--picture", type=output(".png"), metavar="F.png", help="draw one cloud and exit")
    add_up(parser)
    add_model(parser)
    add_json(parser)


def port(text: str) -> int:
    """The number of a TCP port."""
    if not text.isdecimal() or not 1 <= int(text) <= 65_535:
        raise argparse.ArgumentTypeError("must be a whole number from 1 to 65535")
    return int(text)


def run(args: argparse.Namespace) -> int:
    if args.picture:
        return draw(args)
    if importlib.util.find_spec("viser") is None:
        raise InputError("the view needs viser: pip install 'part_perception[view]'")
    if args.live == bool(args.files):
        raise InputError("name files, folders or bags to look at, or give --live to look at a running node")
    return run_live(args) if args.live else run_still(args)


def run_still(args: argparse.Namespace) -> int:
    from part_perception.view.moments import StillSource, moments_of
    from part_perception.view.page import Page
    from part_perception.view.session import Session

    moments = moments_of(args.files, args.scene, args.up, args.topic)
    moments[0].read()  # errors in the first file are reported before a model is loaded
    session = Session(StillSource(moments, load_segmenter(args)))
    session.ask_only(args.query)
    if session.shown is None:
        raise InputError(session.remark)
    page = Page(session, args.host, args.port)
    try:
        wait_for_ctrl_c(page.address, args.json)
    finally:
        page.close()
    return 0


def run_live(args: argparse.Namespace) -> int:
    from part_perception.cli.node import require_ros

    require_ros()
    from part_perception.ros.tools.live_view import show

    stay = partial(wait_for_ctrl_c, as_json=args.json)
    return show(args.node, args.query, lambda: load_segmenter(args), args.host, args.port, stay)


def wait_for_ctrl_c(address: str, as_json: bool) -> None:
    """Print the address, and stay."""
    if as_json:
        print_json({"address": address})
    else:
        print(f"Open {address} in a browser; Ctrl-C ends the view.")
    sys.stdout.flush()
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        if not as_json:
            print()


def draw(args: argparse.Namespace) -> int:
    """One cloud file as a picture."""
    refuse_what_only_the_browser_shows(args)
    if len(args.files) != 1:
        raise InputError("--picture draws exactly one file")
    (path,) = args.files
    cloud = open_cloud(path)
    save_picture(args.picture, picture_of(cloud, unit_up(up_of(cloud, args.up)), path.stem))
    if args.json:
        finite = np.isfinite(cloud.points).all(axis=1)
        print_json({"file": path, "points": len(cloud.points), "finite": int(finite.sum()), "size": cloud.size,
                    "low": cloud.points[finite].min(axis=0), "high": cloud.points[finite].max(axis=0),
                    "coloured": cloud.colours is not None, "labels": cloud.label_names,
                    "picture": args.picture})  # fmt: skip
    else:
        print(f"{len(cloud.points)} points, drawn in {args.picture}")
    return 0


def refuse_what_only_the_browser_shows(args: argparse.Namespace) -> None:
    """A picture has the labels of the file, and answers no questions."""
    if args.query:
        raise InputError(
            "--picture draws what is in the file and asks nothing: leave out -q, or use part-perception ask FILE "
            "-q TEXT --picture F.png"
        )
    given = {"--live": args.live, "--scene": args.scene, "--topic": args.topic, "--taught": args.taught}
    for option, value in given.items():
        if value:
            raise InputError(f"--picture draws what is in the file: leave out {option}")


def picture_of(cloud: CloudFile, up, title: str) -> np.ndarray:
    from part_perception.pictures import picture_of_cloud, picture_of_labels

    if cloud.labels is None:
        return picture_of_cloud(cloud.points, cloud.colours, up)
    count = int(cloud.labels.max(initial=-1)) + 1
    if count > 1000:
        raise InputError(f"the labels go up to {count - 1}, which is too many for a picture")
    names = [cloud.label_names[k] if k < len(cloud.label_names) else f"label {k}" for k in range(count)]
    return picture_of_labels(cloud.points, cloud.labels, names, up, cloud.category or title)
