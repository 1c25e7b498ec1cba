"""Layouts: read public data sets as distributed by their authors into labelled shapes, one at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from part_perception.errors import InputError
from part_perception.files import read_cloud
from part_perception.files.arrays import read_array
from part_perception.files.labelled_shapes import LabelledShape
from part_perception.files.mesh import SAMPLES, Mesh, load_mesh, sample
from part_perception.files.pickled_arrays import read_pickled_dict
from part_perception.geometry import AXES
from part_perception.storage import read_file

_Y = AXES["y"]  # in all of them
_MAX_TEXT = 1 << 26


@dataclass(frozen=True)
class Sample:
    """One shape of a benchmark; `instances` (N,) are the numbers of its parts, -1 = none.

    For a mesh, labels and instances are per face, and the shape's points are sampled on its surface.
    """

    shape: LabelledShape
    instances: np.ndarray | None = None
    mesh: Mesh | None = None


# --- ShapeNetPart ---------------------------------------------------------------------------------------------
SHAPENETPART = {  # part names by category, in label order; labels are numbered across categories
    "Airplane": ("body", "wing", "tail", "engine or frame"),
    "Bag": ("handle", "body"),
    "Cap": ("crown", "brim"),
    "Car": ("roof", "hood", "wheel", "body"),
    "Chair": ("back", "seat", "leg", "arm"),
    "Earphone": ("earcup", "headband", "data wire"),
    "Guitar": ("headstock", "neck", "body"),
    "Knife": ("blade", "handle"),
    "Lamp": ("base", "lampshade", "fixing bracket", "pole"),
    "Laptop": ("keyboard", "screen"),
    "Motorbike": ("gas tank", "seat", "wheel", "handles or handlebars", "headlight", "engine or frame"),
    "Mug": ("handle", "cup"),
    "Pistol": ("barrel", "handle or grip", "trigger and guard"),
    "Rocket": ("body", "fin", "nose"),
    "Skateboard": ("wheel", "deck", "belt for foot"),
    "Table": ("desktop", "leg or support", "drawer"),
}


def shapenetpart(folder: Path) -> Iterator[Sample]:
    """ShapeNetPart with normals: SYNSET/UID.txt with x y z, normal and label; y is up.

    The data set's own name is shapenetcore_partanno_segmentation_benchmark_v0_normal.
    """
    category = dict(line.split()[::-1] for line in _lines(folder / "synsetoffset2category.txt"))
    tested = _json(folder / "train_test_split" / "shuffled_test_file_list.json")
    first = dict(zip(SHAPENETPART, np.cumsum([0, *map(len, SHAPENETPART.values())]), strict=False))
    for entry in tested:
        synset, uid = str(entry).split("/")[-2:]
        name = category.get(synset, synset)
        if name not in SHAPENETPART:
            raise InputError(f"{folder} lists the category {name}, which is not in ShapeNetPart")
        table = _table(folder / synset / f"{uid}.txt", 7)
        labels = table[:, 6].astype(int) - first[name]
        yield Sample(_shape(uid, table[:, :3], labels, SHAPENETPART[name], name, _Y))


# --- PartNetE -------------------------------------------------------------------------------------------------
def partnete(folder: Path) -> Iterator[Sample]:
    """PartSLIP's data: PartNetE_meta.json, and data/test/CATEGORY/ID with pc.ply and label.npy; y is up.

    Most users move test/ beside the list of names.
    """
    meta = _json(folder / "PartNetE_meta.json")
    tested = next((t for t in (folder / "data" / "test", folder / "test") if t.is_dir()), folder / "test")
    for category in sorted(meta):
        for place in _folders(tested / category):
            points = np.asarray(read_cloud(place / "pc.ply").points, float)
            held = read_pickled_dict(place / "label.npy")
            labels, instances = (
                _row(held.get(key), len(points), place) for key in ("semantic_seg", "instance_seg")
            )
            yield Sample(_shape(place.name, points, labels, meta[category], category, _Y), instances)


# --- PartNet-Mobility -----------------------------------------------------------------------------------------
_SAMPLED = (
    ("sample-points-all-pts-nor-rgba-10000.txt", "sample-points-all-label-10000.txt"),
    ("pts-10000.txt", "label-10000.txt"),
)


def partnet_mobility(folder: Path) -> Iterator[Sample]:
    """SAPIEN's data: ID with meta.json, result.json (part tree), point_sample/; leaves are parts; y is up."""
    for place in _folders(folder):
        if not (place / "result.json").is_file():
            continue
        category = str(_json(place / "meta.json").get("model_cat", "object"))
        names = dict(_leaves(_json(place / "result.json")))
        files = next((f for f in _SAMPLED if all((place / "point_sample" / n).is_file() for n in f)), None)
        if files is None:
            continue  # some objects were never sampled
        points, ids = (_table(place / "point_sample" / n, k) for n, k in zip(files, (3, 1), strict=True))
        ids = ids[:, 0].astype(int)
        if len(ids) != len(points):
            raise InputError(f"{place} has {len(points)} points and {len(ids)} labels")
        known = sorted(set(names.values()))
        labels = np.array([known.index(names[i]) if i in names else -1 for i in ids])
        yield Sample(
            _shape(place.name, points[:, :3], labels, known, category, _Y), np.where(labels < 0, -1, ids)
        )


def _leaves(nodes: list[dict[str, Any]]) -> Iterator[tuple[int, str]]:
    for node in nodes:
        if node.get("children"):
            yield from _leaves(node["children"])
        else:
            yield int(node["id"]), str(node.get("text") or node["name"]).replace("_", " ").lower()


# --- PartObjaverse-Tiny ---------------------------------------------------------------------------------------
_TINY = "PartObjaverse-Tiny"


def partobjaverse_tiny(folder: Path) -> Iterator[Sample]:
    """Meshes (.glb, y up) with the labels of their faces, by name and by instance."""
    meta = _json(folder / f"{_TINY}_semantic.json")
    for category, shapes in meta.items():
        for uid, names in shapes.items():
            path = folder / f"{_TINY}_mesh" / f"{uid}.glb"
            try:
                vertices, faces = load_mesh(read_file(path), ".glb")
                points, face_of = sample(vertices, faces, SAMPLES)
            except InputError as error:
                raise InputError(f"{path} {str(error).removeprefix(f'{path} ')}") from None
            labels, instances = (
                _row(_npy(folder / f"{_TINY}_{kind}_gt" / f"{uid}.npy"), len(faces), path)
                for kind in ("semantic", "instance")
            )
            shape = LabelledShape(uid, points, labels, tuple(map(str, names)), category, _Y)
            yield Sample(shape, instances, Mesh(vertices, faces, face_of))


# --- ScanObjectNN ---------------------------------------------------------------------------------------------
_NOWHERE = "background"
SCANOBJECTNN = {  # categories in order of number, with the names of their labels; "" is not a part
    "bag": (_NOWHERE, "bag body", "handle", "shoulder strap"),
    "bin": (_NOWHERE, "container", "outside frame", "", "cover"),
    "box": (_NOWHERE, "container", "containing things", "bottom", "cover"),
    "cabinet": (_NOWHERE, "countertop", "shelf", "frame", "drawer", "base", "door"),
    "chair": (_NOWHERE, "", "back", "arm", "base", "seat"),
    "desk": (_NOWHERE, "desktop", "base", "drawer"),
    "display": (_NOWHERE, "screen", "base"),
    "door": (_NOWHERE, "outside frame", "door"),
    "shelf": (_NOWHERE, "frame", "surface", "thing"),
    "table": (_NOWHERE, "tabletop", "base"),
    "bed": (_NOWHERE, "sleep area", "frame"),
    "pillow": (_NOWHERE, "pillow"),
    "sink": (_NOWHERE, "bowl", "faucet", "drain"),
    "sofa": (_NOWHERE, "back", "arm", "base", "seat"),
    "toilet": (_NOWHERE, "tank", "bowl", "cover", "seat", "base"),
}
_PARTS_FOLDER = "object_dataset_complete_with_parts_"


def scanobjectnn(folder: Path) -> Iterator[Sample]:
    """Scans with parts: CATEGORY/NAME.bin has 11 numbers per point, NAME_part.bin has 2; y is up."""
    top = folder / _PARTS_FOLDER if (folder / _PARTS_FOLDER).is_dir() else folder
    categories = list(SCANOBJECTNN)
    for line in _lines(top / "split_new.txt"):
        name, number, *test = line.split("\t")
        if [t.strip() for t in test] != ["t"]:
            continue
        category = categories[int(number)]
        path = top / category / name.strip()
        points = _floats(path, 11)[:, :3]
        raw = _floats(path.with_name(f"{path.stem}_part.bin"), 2)[:, 1].astype(int)
        if len(raw) != len(points):
            raise InputError(f"{path} has {len(points)} points and {len(raw)} labels")
        said = SCANOBJECTNN[category]
        names = [each for each in said if each]
        number_of = np.array([names.index(each) if each else -1 for each in said] + [-1])
        labels = number_of[np.where((raw >= 0) & (raw < len(said)), raw, len(said))]
        yield Sample(_shape(path.stem, points.astype(float), labels, names, category, _Y))


def _floats(path: Path, width: int) -> np.ndarray:
    """(N, width) array from a file of 32-bit floats that starts with the number of rows."""
    data = read_file(path)
    values = np.frombuffer(data[: len(data) // 4 * 4], "<f4")[1:]
    if not len(values) or len(values) % width:
        raise InputError(f"{path} does not hold {width} numbers for each point")
    return values.reshape(-1, width)


# --- FAUST ----------------------------------------------------------------------------------------------------
def faust(folder: Path) -> Iterator[Sample]:
    """SATR's annotation: meshes.txt, scans/NAME.obj, coarse_gt.json with a part name per vertex; y is up."""
    truth = _json(folder / "coarse_gt.json")
    names = sorted({part for said in truth.values() for part in said})
    for file in (line for line in _lines(folder / "meshes.txt") if line.endswith(".obj")):
        path, said = folder / "scans" / file, truth.get(file.removesuffix(".obj"))
        if said is None:
            raise InputError(f"{folder / 'coarse_gt.json'} does not mention {file}")
        points = _vertices(path)
        labels = _row(np.array([names.index(part) for part in said]), len(points), path)
        yield Sample(_shape(path.stem, points, labels, names, "human", _Y))


def _vertices(path: Path) -> np.ndarray:
    """(V, 3) the vertices of an .obj file in file order, which the labels follow."""
    rows = [line.split()[1:4] for line in _lines(path) if line.startswith("v ")]
    try:
        return np.array(rows, float).reshape(-1, 3)
    except ValueError:
        raise InputError(f"{path} has a vertex that is not three numbers") from None


# --- files ----------------------------------------------------------------------------------------------------
def _shape(name: str, points, labels, names, category: str, up) -> LabelledShape:
    names = tuple(map(str, names))
    if labels.max(initial=-1) >= len(names) or labels.min(initial=0) < -1:
        raise InputError(
            f"{name} has labels from {labels.min()} to {labels.max()}; {category} has {len(names)} parts"
        )
    return LabelledShape(name, points, labels, names, category, up)


def _row(values: Any, count: int, path: Path) -> np.ndarray:
    """(count,) integers."""
    array = np.asarray(values if values is not None else [])
    if array.dtype.kind not in "iu" or array.size != count:
        raise InputError(f"the labels of {path} are {array.dtype} {array.shape}, not {count} whole numbers")
    return array.reshape(-1).astype(int)


def _npy(path: Path) -> np.ndarray:
    import io

    data = read_file(path)
    try:
        return read_array(io.BytesIO(data), len(data), "its array")
    except InputError as error:
        raise InputError(f"{path} {error}") from None


def _json(path: Path) -> Any:
    try:
        return json.loads(read_file(path, _MAX_TEXT))
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path} is not JSON: {error}") from None


def _lines(path: Path) -> list[str]:
    text = read_file(path, _MAX_TEXT).decode(errors="replace")
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def _table(path: Path, columns: int) -> np.ndarray:
    """(N, at least `columns`) numbers from a text file."""
    rows = [line.split() for line in _lines(path)]
    try:
        table = np.array(rows, float)
    except ValueError:
        table = np.zeros((0, 0))
    if table.ndim != 2 or table.shape[1] < columns or not np.isfinite(table).all():
        raise InputError(f"{path} does not hold {columns} numbers in each line")
    return table


def _folders(path: Path) -> list[Path]:
    if not path.is_dir():
        raise InputError(f"there is no folder {path}")
    return sorted(p for p in path.iterdir() if p.is_dir())
