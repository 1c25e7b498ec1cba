"""Compare other tools with ours on one frame, interleaved; only the ratios transfer to other machines.

For segmenting a frame into objects: Open3D's RANSAC plane and DBSCAN, at full resolution and with 5 mm
voxels. For one object's features: the published network as released, in eager torch. Tools that are not
installed are left out and reported.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from part_perception.evaluation.bench_encoder import in_turns
from part_perception.evaluation.bench_scene import UP, table_cloud
from part_perception.evaluation.yardsticks import eager_network, published_weights
from part_perception.terminal import table

OBJECTS, SIZE = 8, (640, 480)
VOXEL, GAP, PLANE = 0.005, 0.01, 0.01  # metres
CUT, ENCODE = "cut a frame into objects", "features of one object"
Calls = dict[tuple[str, str], Callable[[], object]]


def bench_peers(segmenter: Any, runs: int = 5) -> dict[str, Any]:
    """Minimum processor time of each tool, and its ratio to ours."""
    cloud = table_cloud(OBJECTS, SIZE)
    calls, notes = ours(segmenter, cloud), []
    try:
        calls |= open3d_calls(cloud)
    except ImportError as error:
        notes.append(f"Open3D cannot be used ({error}): pip install open3d")
    try:
        calls[ENCODE, "published network, eager torch"] = eager_network(published_weights())
    except ImportError as error:
        notes.append(f"torch cannot be used ({error}): make setup-train")
    best = in_turns(calls, runs)
    rows = [
        {"what": what, "who": who, "ms": 1e3 * taken, "times_ours": taken / best[what, "part_perception"]}
        for (what, who), taken in best.items()
    ]
    return {"rows": sorted(rows, key=lambda row: (row["what"], row["ms"])), "notes": notes}


def ours(segmenter: Any, cloud: np.ndarray) -> Calls:
    """Our calls: segment a frame into support and objects, and encode one object from patches to features."""
    from part_perception.geometry.boxes import thin
    from part_perception.scene import ScenePerception
    from part_perception.scene.decode import decode

    scene = ScenePerception(segmenter)
    points = thin(scene.process(cloud, 0.0).objects[0].points, scene.config.max_object_samples)

    def cut() -> object:
        scene.forget()
        view = decode(cloud, (0.0, 0.0, 0.0), scene.config)
        return scene.find_segments(view, scene.find_ground(view, None).support, None)

    return {
        (CUT, "part_perception"): cut,
        (ENCODE, "part_perception"): lambda: segmenter.encode([points], UP, np.zeros(3)),
    }


def open3d_calls(cloud: np.ndarray) -> Calls:
    """The usual Open3D pipeline."""
    import open3d

    points = cloud.reshape(-1, 3)
    points = points[np.isfinite(points).all(axis=1)].astype(float)

    def cut(voxel: float) -> object:
        given = open3d.geometry.PointCloud(open3d.utility.Vector3dVector(points))
        given = given.voxel_down_sample(voxel) if voxel else given
        _, plane = given.segment_plane(PLANE, ransac_n=3, num_iterations=200)
        rest = given.select_by_index(plane, invert=True)
        return rest.cluster_dbscan(eps=max(GAP, 1.5 * voxel), min_points=10)

    return {
        (CUT, "Open3D, full resolution"): lambda: cut(0.0),
        (CUT, "Open3D, voxels of 5 mm"): lambda: cut(VOXEL),
    }


def as_text(result: dict[str, Any]) -> str:
    """Format the result as a readable table."""
    rows = [(r["what"], r["who"], f"{r['ms']:.1f}", f"{r['times_ours']:.2f}") for r in result["rows"]]
    return "\n".join([table(("task", "by", "ms", "times ours"), rows), *result["notes"]])
