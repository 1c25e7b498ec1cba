"""Draws a cloud file: its labels, else its colours. With --window (and Open3D installed) it opens one."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from part_perception.cli.clouds import open_cloud, up_of
from part_perception.cli.reports import print_json, save_picture
from part_perception.cli.usage import add_file, add_json, add_up, output
from part_perception.errors import InputError
from part_perception.files import CloudFile

EXAMPLES = """examples:
  part-perception view table.pcd                 writes table.png
  part-perception view labelled.ply --window"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_file(parser)
    parser.add_argument(
        "--picture", type=output(".png"), metavar="F.png", help="default: the file's name with .png"
    )
    parser.add_argument("--window", action="store_true", help="open a window instead; needs Open3D")
    add_up(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    cloud = open_cloud(args.file)
    if args.window:
        open_window(cloud)
        return 0
    picture = args.picture or Path(args.file.name).with_suffix(".png")
    save_picture(picture, draw(cloud, up_of(cloud, args.up), args.file.stem))
    if args.json:
        finite = np.isfinite(cloud.points).all(axis=1)
        print_json({"file": args.file, "points": len(cloud.points), "finite": int(finite.sum()), "size": cloud.size,
                    "low": cloud.points[finite].min(axis=0), "high": cloud.points[finite].max(axis=0),
                    "coloured": cloud.colours is not None, "labels": cloud.label_names,
                    "picture": picture})  # fmt: skip
    else:
        print(f"{len(cloud.points)} points, drawn in {picture}")
    return 0


def draw(cloud: CloudFile, up, title: str) -> np.ndarray:
    from part_perception.pictures import picture_of_cloud, picture_of_labels

    if cloud.labels is None:
        return picture_of_cloud(cloud.points, cloud.colours, up)
    count = int(cloud.labels.max(initial=-1)) + 1
    if count > 1000:
        raise InputError(f"the labels go up to {count - 1}, which is too many for a picture")
    names = [cloud.label_names[k] if k < len(cloud.label_names) else f"label {k}" for k in range(count)]
    return picture_of_labels(cloud.points, cloud.labels, names, up, cloud.category or title)


def open_window(cloud: CloudFile) -> None:
    try:
        import open3d
    except ImportError:
        raise InputError(
            "a window needs Open3D (pip install open3d); without it, leave out --window"
        ) from None
    from part_perception.pictures.palette import PLAIN, colours_of

    shown = open3d.geometry.PointCloud(open3d.utility.Vector3dVector(cloud.points.astype(float)))
    colours = colours_of(cloud.labels) if cloud.labels is not None else cloud.colours
    colours = np.broadcast_to(PLAIN if colours is None else colours, cloud.points.shape)
    shown.colors = open3d.utility.Vector3dVector(colours / 255.0)
    open3d.visualization.draw_geometries([shown.remove_non_finite_points()])
