"""Files: they are read as written, all formats agree, and damage is a ValueError of one sentence."""

from __future__ import annotations

import struct
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from part_perception.errors import InputError
from part_perception.files import CloudFile, read_cloud, write_cloud
from part_perception.files.clouds import READERS
from part_perception.files.pcd import decompress
from part_perception.files.ply import read_ply

FLOATS = hnp.arrays(
    np.float32, st.tuples(st.integers(1, 40), st.just(3)), elements=st.floats(-1e3, 1e3, width=32)
)

ENCODINGS = ["ascii", "binary_little_endian", "binary_big_endian"]
XYZ = "property float x\nproperty float y\nproperty float z\n"


def lzf(data: bytes) -> bytes:
    """A small LZF compressor: literals, and copies of at least three earlier bytes, which may overlap."""
    out, literals, at = bytearray(), bytearray(), 0

    def flush() -> None:
        for i in range(0, len(literals), 32):
            piece = literals[i : i + 32]
            out.extend(bytes([len(piece) - 1]) + piece)
        literals.clear()

    while at < len(data):
        back, length = 0, 0
        for candidate in range(max(0, at - 64), at):
            n = 0
            while at + n < len(data) and n < 264 and data[candidate + n] == data[at + n]:
                n += 1
            if n > length:
                back, length = at - candidate, n
        if length < 3:
            literals.append(data[at])
            at += 1
            continue
        flush()
        code, distance = length - 2, back - 1
        head = [(min(code, 7) << 5) | distance >> 8] + ([code - 7] if code >= 7 else []) + [distance & 255]
        out.extend(bytes(head))
        at += length
    flush()
    return bytes(out)


def ply(points, encoding: str, extra: str = "", tail: bytes = b"", kind: str = "float") -> bytes:
    head = f"ply\nformat {encoding} 1.0\ncomment by hand\nelement vertex {len(points)}\n"
    head += "".join(f"property {kind} {axis}\n" for axis in "xyz") + extra + "end_header\n"
    if encoding == "ascii":
        return head.encode() + "".join(f"{x!r} {y!r} {z!r}\n" for x, y, z in points.tolist()).encode() + tail
    order = "<" if "little" in encoding else ">"
    return head.encode() + points.astype(order + ("f4" if kind == "float" else "f8")).tobytes() + tail


def pcd(points: np.ndarray, labels: np.ndarray, encoding: str, width: int, height: int) -> bytes:
    head = ["# .PCD v0.7", "VERSION 0.7", "FIELDS x y z _ label", "SIZE 4 4 4 1 4", "TYPE F F F U U", "COUNT 1 1 1 4 1",
            f"WIDTH {width}", f"HEIGHT {height}", "VIEWPOINT 0 0 0 1 0 0 0", f"POINTS {len(points)}",
            f"DATA {encoding}", ""]  # fmt: skip
    rows = np.zeros(len(points), [("xyz", "<f4", 3), ("_", "u1", 4), ("label", "<u4")])
    rows["xyz"], rows["label"] = points, labels
    if encoding == "ascii":
        pairs = zip(points.tolist(), labels, strict=True)
        body = "".join(f"{x!r} {y!r} {z!r} 0 0 0 0 {n}\n" for (x, y, z), n in pairs).encode()
    elif encoding == "binary":
        body = rows.tobytes()
    else:
        plain = b"".join(points[:, i].astype("<f4").tobytes() for i in range(3))
        plain += bytes(4 * len(points)) + labels.astype("<u4").tobytes()
        packed = lzf(plain)
        body = struct.pack("<II", len(packed), len(plain)) + packed
    return "\n".join(head).encode() + body


@pytest.fixture
def points() -> np.ndarray:
    return np.random.default_rng(0).uniform(-1, 1, (12, 3)).astype(np.float32)


@given(
    FLOATS, *[st.booleans()] * 3, st.sampled_from([".ply", ".npz"]), st.sampled_from([np.float32, np.float64])
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_written_clouds_are_read_back(tmp_path_factory, points, coloured, labelled, scored, ending, kind):
    points, path = points.astype(kind), tmp_path_factory.mktemp("files") / f"cloud{ending}"
    rng = np.random.default_rng(len(points))
    colours = rng.integers(0, 256, points.shape, np.uint8) if coloured else None
    labels = rng.integers(-1, 2, len(points)) if labelled else None
    scores = rng.random(len(points), np.float32) if scored else None
    write_cloud(path, points, colours, labels, scores, ("handle", "body of it"))
    cloud = read_cloud(path)
    assert cloud.points.dtype == kind
    np.testing.assert_array_equal(cloud.points, points)
    for got, given_ in ((cloud.colours, colours), (cloud.labels, labels), (cloud.scores, scores)):
        assert got is None if given_ is None else np.array_equal(got, given_)
    assert cloud.label_names == ("handle", "body of it")


@given(FLOATS, st.sampled_from(ENCODINGS), st.sampled_from(["float", "double"]))
@settings(max_examples=40, deadline=None)
def test_ply_of_any_encoding(points, encoding, kind):
    np.testing.assert_array_equal(read_ply(ply(points, encoding, kind=kind)).points, points)


@given(st.binary(max_size=400) | st.integers(1, 400).map(lambda n: b"abc" * n))
@settings(max_examples=80, deadline=None)
def test_lzf_gives_back_what_was_compressed(data):
    assert decompress(lzf(data), len(data)) == data


@pytest.mark.parametrize("encoding", ["ascii", "binary", "binary_compressed"])
@pytest.mark.parametrize(("width", "height"), [(12, 1), (4, 3)])
def test_pcd_of_any_encoding(points, tmp_path, encoding, width, height):
    (tmp_path / "c.pcd").write_bytes(pcd(points, np.arange(12), encoding, width, height))
    cloud = read_cloud(tmp_path / "c.pcd")
    np.testing.assert_array_equal(cloud.points, points)
    np.testing.assert_array_equal(cloud.labels, np.arange(12))
    assert cloud.size == ((3, 4) if height > 1 else None)
    assert cloud.grid.shape == ((3, 4, 3) if height > 1 else (12, 3))


def test_pcd_colour_packed_in_a_float(tmp_path):
    head = b"FIELDS x y z rgb\nSIZE 4 4 4 4\nTYPE F F F F\nWIDTH 1\nHEIGHT 1\nPOINTS 1\nDATA binary\n"
    (tmp_path / "c.pcd").write_bytes(head + struct.pack("<fffI", 1, 2, 3, 0x00_0A_14_1E))
    cloud = read_cloud(tmp_path / "c.pcd")
    assert cloud.points.tolist() == [[1, 2, 3]]
    assert cloud.colours.tolist() == [[10, 20, 30]]


@pytest.mark.parametrize("order", ["<", ">"])
def test_ply_steps_over_lists_and_other_elements(order):
    """A camera element before the vertices, a list inside each vertex, faces after them."""
    encoding = "binary_little_endian" if order == "<" else "binary_big_endian"
    head = (
        f"ply\nformat {encoding} 1.0\nelement camera 2\nproperty double f\nproperty list uchar short k\n"
        "element vertex 2\nproperty float x\nproperty list uchar int ids\nproperty float y\nproperty float z\n"
        "property uchar red\nproperty uchar green\nproperty uchar blue\nproperty int label\n"
        "element face 1\nproperty list uchar int vertex_indices\nend_header\n"
    ).encode()
    body = struct.pack(order + "dBhh", 5.0, 2, 7, 8) + struct.pack(order + "dB", 6.0, 0)
    body += struct.pack(order + "fB2iffBBBi", 1, 2, 9, 9, 2, 3, 10, 20, 30, 4)
    body += struct.pack(order + "fBffBBBi", 4, 0, 5, 6, 40, 50, 60, -1) + struct.pack(
        order + "B3i", 3, 0, 1, 0
    )
    cloud = read_ply(head + body)
    assert cloud.points.tolist() == [[1, 2, 3], [4, 5, 6]]
    assert cloud.colours.tolist() == [[10, 20, 30], [40, 50, 60]]
    assert cloud.labels.tolist() == [4, -1]


def test_ascii_ply_with_lists_and_carriage_returns():
    head = f"ply\nformat ascii 1.0\nelement vertex 2\nproperty list uchar int ids\n{XYZ}end_header\n"
    cloud = read_ply((head + "2 7 8 1 2 3\n0 4 5 6\n").replace("\n", "\r\n").encode())
    assert cloud.points.tolist() == [[1, 2, 3], [4, 5, 6]]


def test_xyz_with_comments_commas_and_colours(tmp_path):
    (tmp_path / "c.xyz").write_text("# made by hand\n1, 2, 3, 255, 0, 7\n\n4;5;6 1 2 3\n")
    cloud = read_cloud(tmp_path / "c.xyz")
    assert cloud.points.tolist() == [[1, 2, 3], [4, 5, 6]]
    assert cloud.colours.tolist() == [[255, 0, 7], [1, 2, 3]]


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("\ufeffx,y,z\n0.5,1.25,2\n", [[0.5, 1.25, 2]]),  # a spreadsheet's mark of UTF-8
        ("x;y;z\n0,5;-1,25;2\n1;2;3e-1\n", [[0.5, -1.25, 2], [1, 2, 0.3]]),  # decimal commas
        ("0,5\t1,25\t2,0\n", [[0.5, 1.25, 2]]),
        ("0,5 1,25 2,0 255 0 7\n", [[0.5, 1.25, 2]]),
        ("1, 2, 3\n4 , 5 , 6\n7 ,8 ,9\n1,2,3\n", [[1, 2, 3], [4, 5, 6], [7, 8, 9], [1, 2, 3]]),
        ("0.5,1.5,2.5 255 0 7\n", [[0.5, 1.5, 2.5]]),
        ("1,2,3;255,0,7\n", [[1, 2, 3]]),
    ],
)
def test_tables_of_spreadsheets_in_any_country(tmp_path, text, points):
    (tmp_path / "c.csv").write_text(text)
    assert read_cloud(tmp_path / "c.csv").points.tolist() == points


def test_xyz_with_normals_has_no_colours(tmp_path):
    (tmp_path / "c.xyz").write_text("1 2 3 0 0 1\n4 5 6 1 0 0\n")
    assert read_cloud(tmp_path / "c.xyz").colours is None


@pytest.mark.parametrize("order", ["C", "F"])
def test_npy_organised_and_big_endian(tmp_path, order):
    grid = np.asarray(np.arange(24).reshape(2, 4, 3), ">f4", order=order)
    np.save(tmp_path / "c.npy", grid)
    cloud = read_cloud(tmp_path / "c.npy")
    assert cloud.size == (2, 4)
    np.testing.assert_array_equal(cloud.grid, grid)


def test_labelled_shape(tmp_path):
    labelled = {"labels": [0, 1, -1], "label_names": ["lid", "spout"], "category": "teapot", "up_axis": "y"}
    np.savez(tmp_path / "s.npz", points=np.eye(3), **labelled)
    cloud = read_cloud(tmp_path / "s.npz")
    assert (cloud.category, cloud.up_axis, cloud.label_names) == ("teapot", "y", ("lid", "spout"))
    assert cloud.labels.tolist() == [0, 1, -1]


def test_a_capture_with_colours_and_extra_arrays(tmp_path):
    rgb = np.full((2, 2, 3), 9, np.uint8)
    np.savez(tmp_path / "s.npz", points=np.ones((2, 2, 3), np.float32), rgb=rgb, other=np.array([{}], object))
    cloud = read_cloud(tmp_path / "s.npz")
    assert cloud.size == (2, 2)
    assert cloud.colours.tolist() == [[9, 9, 9]] * 4


class Bomb:
    """A pickle that runs code."""

    def __reduce__(self):
        return (open, ("/nonexistent/executed", "w"))


def _damaged(tmp_path) -> dict[str, object]:
    """Invalid files by name: bytes, or a function that writes the file."""
    good = np.ones((5, 3), np.float32)
    objects = np.array([Bomb()], object)
    little = "binary_little_endian"
    vast = f"ply\nformat {little} 1.0\nelement vertex 999999999999\n{XYZ}end_header\n".encode()
    vast_text = vast.replace(little.encode(), b"ascii")
    numbers, words = np.arange(5), np.array([["a", "b", "c"]])
    binary, packed = (pcd(good, numbers, encoding, 5, 1) for encoding in ("binary", "binary_compressed"))
    head = b"FIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\n"
    return {
        "empty.ply": b"", "empty.pcd": b"", "empty.npz": b"", "empty.npy": b"", "empty.xyz": b"",
        "noise.ply": b"\x93\x00noise", "noise.pcd": b"\x93\x00noise\n", "noise.npz": b"PK\x03\x04noise",
        "noise.npy": b"\x93NUMPY", "noise.xyz": b"\x00\x01\x02", "words.xyz": b"1 2 3\none two three\n",
        "uneven.xyz": b"1 2 3\n1 2\n", "two.xyz": b"1 2\n",
        "cut.ply": ply(good, little)[:-5], "cut_text.ply": ply(good, "ascii")[:-30],
        "cut_header.ply": ply(good, "ascii")[:40], "vast.ply": vast, "vast_text.ply": vast_text,
        "vast_list.ply": vast.replace(b"end_header", b"property list uint int i\nend_header"),
        "no_z.ply": b"ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nproperty float y\nend_header\n1 2\n",
        "no_vertex.ply": b"ply\nformat ascii 1.0\nelement face 0\nend_header\n", "zero.ply": ply(good[:0], "ascii"),
        "twice.ply": ply(good, "ascii", "property float x\n"), "nan.ply": ply(good * np.nan, "binary_big_endian"),
        "cut.pcd": binary[:-1], "cut_text.pcd": pcd(good, numbers, "ascii", 5, 1)[:-20],
        "cut_packed.pcd": packed[:-2],
        "spoilt_packed.pcd": packed[:-20] + b"\xff" * 20,
        "vast.pcd": head + b"WIDTH 99999999999\nHEIGHT 9\nDATA binary\n" + bytes(60),
        "vast_packed.pcd": head + b"WIDTH 300000000\nHEIGHT 1\nDATA binary_compressed\n"
                           + struct.pack("<II", 4, 3600000000) + bytes(9),
        "odd.pcd": head + b"WIDTH 5\nHEIGHT 2\nPOINTS 7\nDATA ascii\n", "no_data.pcd": head,
        "no_z.pcd": b"FIELDS x y\nSIZE 4 4\nTYPE F F\nWIDTH 1\nHEIGHT 1\nDATA ascii\n1 2\n",
        "kind.pcd": head.replace(b"F F F", b"F F Q") + b"WIDTH 1\nHEIGHT 1\nDATA ascii\n1 2 3\n",
        "nothing.npz": lambda p: np.savez(p, other=good), "objects.npz": lambda p: np.savez(p, points=objects),
        "objects.npy": lambda p: np.save(p, objects), "flat.npz": lambda p: np.savez(p, points=np.ones(6)),
        "flat.npy": lambda p: np.save(p, np.ones((4, 2))), "text.npy": lambda p: np.save(p, words),
        "labels.npz": lambda p: np.savez(p, points=good, labels=np.arange(4)),
        "fractions.npz": lambda p: np.savez(p, points=good, labels=np.full(5, 0.5)),
        "names.npz": lambda p: np.savez(p, points=good, labels=np.full(5, 2), label_names=["a"]),
        "cloud.doc": b"1 2 3\n",
        "nan.npy": lambda p: np.save(p, good * np.nan), "none.npy": lambda p: np.save(p, good[:0]),
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(_damaged(None)))
def test_damage_is_one_sentence(tmp_path, name):
    content, path = _damaged(tmp_path)[name], tmp_path / name
    path.write_bytes(content) if isinstance(content, bytes) else content(path)
    with warnings.catch_warnings(), pytest.raises(ValueError, match=name.split(".")[0]) as caught:
        warnings.simplefilter("error")
        read_cloud(path)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 250 + len(str(path))


def test_missing_file_and_directory(tmp_path):
    with pytest.raises(ValueError, match="does not exist"):
        read_cloud(tmp_path / "no.ply")
    (tmp_path / "folder.ply").mkdir()
    with pytest.raises(ValueError, match="is a directory"):
        read_cloud(tmp_path / "folder.ply")


@given(st.sampled_from(sorted(READERS)), st.data())
@settings(max_examples=300, deadline=None)
def test_damaged_bytes_cause_at_worst_a_value_error(tmp_path_factory, ending, data):
    """Any changed byte and any truncation gives a cloud or a ValueError, nothing else."""
    path = tmp_path_factory.mktemp("files") / f"c{ending}"
    good = np.random.default_rng(1).uniform(-1, 1, (6, 3)).astype(np.float32)
    if ending in (".ply", ".npz"):
        write_cloud(path, good, None, np.arange(6), None, tuple("abcdef"))
    elif ending == ".pcd":
        encoding = data.draw(st.sampled_from(["ascii", "binary", "binary_compressed"]))
        path.write_bytes(pcd(good, np.arange(6), encoding, 3, 2))
    elif ending == ".npy":
        np.save(path, good)
    else:
        np.savetxt(path, good)
    spoilt = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(spoilt[: data.draw(st.integers(0, len(spoilt)))])
    try:
        assert isinstance(read_cloud(path), CloudFile)
    except InputError as error:
        assert "\n" not in str(error)


def test_refusals_when_writing(tmp_path, points):
    with pytest.raises(ValueError, match="unsupported file type; supported: .ply, .npz"):
        write_cloud(tmp_path / "c.obj", points)
    with pytest.raises(ValueError, match="there is no folder"):
        write_cloud(tmp_path / "missing" / "c.ply", points)
    with pytest.raises(ValueError, match="do not fit 12 points"):
        write_cloud(tmp_path / "c.ply", points, labels=np.zeros(3))
    with pytest.raises(ValueError, match="must be"):
        write_cloud(tmp_path / "c.ply", points[:, :2])
    assert list(tmp_path.iterdir()) == []


SQUARE = np.random.default_rng(0).uniform(size=(40, 3))


@pytest.mark.parametrize("ending", [".ply", ".npz"])
@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"points": [[1, 2], [3]]}, "points must be numbers"),
        ({"points": SQUARE.astype(str)}, "points must be numbers"),
        ({"labels": ["a"] * 40}, "labels must be whole numbers"),
        ({"labels": [1.5] * 40}, "labels must be whole numbers"),
        ({"labels": [np.nan] * 40}, "labels must be whole numbers"),
        ({"labels": [2**40] * 40}, "labels must be whole numbers"),
        ({"scores": ["a"] * 40}, "scores must be numbers"),
        ({"colours": SQUARE}, "colours must be whole numbers from 0 to 255"),
        ({"colours": [[300, 0, 0]] * 40}, "colours must be whole numbers from 0 to 255"),
        ({"colours": [[-1, 0, 0]] * 40}, "colours must be whole numbers from 0 to 255"),
        ({"labels": [0] * 40, "label_names": None}, "label_names must be a list of texts"),
        ({"labels": [0] * 40, "label_names": "lid"}, "label_names must be a list of texts"),
        ({"labels": [0] * 40, "label_names": (1, 2)}, "label_names must be a list of texts"),
        ({"labels": [0] * 40, "label_names": ("\ud800",)}, "label_names must be a list of texts"),
    ],
)
def test_values_that_a_file_cannot_hold_are_refused(tmp_path, ending, columns, said):
    with pytest.raises(InputError, match=said):
        write_cloud(tmp_path / f"a{ending}", **{"points": SQUARE, **columns})
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("ending", [".ply", ".npz"])
def test_a_mask_can_be_written_as_labels(tmp_path, ending):
    mask = SQUARE[:, 2] > 0.5
    write_cloud(tmp_path / f"a{ending}", SQUARE, labels=mask)
    assert np.array_equal(read_cloud(tmp_path / f"a{ending}").labels, mask.astype(int))
