"""Cloud files that demand too much, or are not files: refused in one sentence, before anything is allocated."""

from __future__ import annotations

import io
import os
import resource
import socket
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from part_perception.errors import InputError
from part_perception.files import read_cloud
from part_perception.files.cloud import MAX_TEXT, free_memory, require_room, require_room_for_text
from part_perception.files.clouds import READERS

ROOT = Path(__file__).resolve().parents[2]
GIGABYTE = 1 << 30
XYZ = b"property float x\nproperty float y\nproperty float z\n"
PCD = "FIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nWIDTH {0}\nHEIGHT 1\nPOINTS {0}\nDATA binary_compressed\n"


def header(shape: tuple, kind: str) -> bytes:
    """The head of a .npy file."""
    text = repr({"descr": kind, "fortran_order": False, "shape": shape}).encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text


def npz(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members.items():
            with archive.open(f"{name}.npy", "w") as entry:
                entry.write(content)
    return stream.getvalue()


def lying_npz() -> bytes:
    """1 kB that claims to expand to a gigabyte."""
    good = npz({"points": header((80_000_000, 3), "<f4")})
    at = good.index(b"PK\x01\x02") + 24
    return good[:at] + struct.pack("<I", 960_000_128) + good[at + 4 :]


POINTS = header((40, 3), "<f4") + np.random.default_rng(0).normal(size=(40, 3)).astype("<f4").tobytes()
COPIES = b"\xff\xff\x00"  # 264 times the byte before
BOMBS = {
    "an npz that expands without limit": ("npz", lying_npz(), "expands to more than it can"),
    "an npz compressed by lzma": (
        "npz",
        npz({"points": header((50_000_000, 3), "<f4") + bytes(6 << 20)}, zipfile.ZIP_LZMA),
        "compressed in a way that numpy does not use",
    ),
    "an npz compressed by bzip2": (
        "npz",
        npz({"points": header((50_000_000, 3), "<f4") + bytes(6 << 20)}, zipfile.ZIP_BZIP2),
        "compressed in a way that numpy does not use",
    ),
    "40 kB of label names": (
        "npz",
        npz({"points": POINTS, "label_names": header((10_000_000,), "<U1") + bytes(40_000_000)}),
        "'label_names' of 40000000 bytes",
    ),
    "one name of 40 MB": (
        "npz",
        npz({"points": POINTS, "label_names": header((1,), "<U2500") + bytes(10_000)}),
        "of 256 letters",
    ),
    "a category of 40 MB": (
        "npz",
        npz({"points": POINTS, "category": header((1,), "<U10000000") + bytes(40_000_000)}),
        "'category' of 40000000 bytes",
    ),
    "labels of more points than there are": (
        "npz",
        npz({"points": POINTS, "labels": header((5_000_000,), "<i8") + bytes(40_000_000)}),
        "'labels' of 40000000 bytes",
    ),
    "a name of letters that do not exist": (
        "npz",
        npz({"points": POINTS, "label_names": header((1,), "<U1") + b"\xff" * 4}),
        "has numbers in 'label_names' where text is expected",
    ),
    "an npz of ten thousand arrays": (
        "npz",
        npz(dict.fromkeys((f"a{i}" for i in range(10_000)), b"")),
        "more than 1000 arrays",
    ),
    "an array of more bytes than memory has": ("npy", header((10**15, 3), "<f4"), "is the largest that fits"),
    "an empty array of impossible length": ("npy", header((0, 10**18), "<f4"), "the maximum is"),
    "a header of an array in an array": ("npy", header((1,), "(1000000,1000000)f4"), "damaged or not a numpy"),
    "1.3 GB of LZF": (
        "pcd",
        PCD.format(115_000_000).encode() + struct.pack("<II", 8 << 20, 1_380_000_000) + COPIES * 2_796_203,
        "1380000000 bytes; the maximum is 1073741824",
    ),
    "LZF that says more than it can hold": (
        "pcd",
        PCD.format(30_000).encode() + struct.pack("<II", 300, 360_000) + COPIES * 100,
        "size that does not fit its 30000 points",
    ),
    "a PCD of 10^11 points": (
        "pcd",
        PCD.format(10**11).replace("_compressed", "").encode(),
        "1200000000000 bytes; the maximum is 1073741824",
    ),
    "a PCD of 4,000 fields": (
        "pcd",
        f"FIELDS {'f ' * 4000}\nSIZE {'8 ' * 4000}\nTYPE {'F ' * 4000}\nDATA ascii\n".encode(),
        "4000 fields; 256 is the maximum",
    ),
    "points of a megabyte each": (
        "pcd",
        b"FIELDS x y z w\nSIZE 4 4 4 8\nTYPE F F F F\nCOUNT 1 1 1 99999\nPOINTS 1\nDATA ascii\n",
        "points of more than 65536 bytes each",
    ),
    "a PLY of 10^11 vertices": (
        "ply",
        b"ply\nformat binary_little_endian 1.0\nelement vertex 100000000000\n" + XYZ + b"end_header\n" + bytes(64),
        "ends before its 100000000000 vertex rows do",
    ),
    "a PLY with 10^11 lists before its vertices": (
        "ply",
        b"ply\nformat binary_little_endian 1.0\nelement camera 99999999999\nproperty list uchar int i\n"
        b"element vertex 1\n" + XYZ + b"end_header\n" + bytes(64),
        "ends before its 99999999999 camera rows do",
    ),
    "lists whose length is a fraction": (
        "ply",
        b"ply\nformat binary_little_endian 1.0\nelement vertex 1\nproperty list float int i\n" + XYZ + b"end_header\n",
        "property that cannot be understood",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_by_their_headers_and_take_no_memory(name, tmp_path):
    ending, content, reason = BOMBS[name]
    path = tmp_path / f"bomb.{ending}"
    path.write_bytes(content)
    before = peak()
    with pytest.raises(InputError) as told:
        read_cloud(path)
    assert reason in str(told.value)
    assert peak() - before < 4 * len(content) + (8 << 20)


def peak() -> int:
    """The peak memory of this process, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def test_required_memory_is_compared_with_free_memory():
    require_room(1 << 20, "points")
    with pytest.raises(InputError, match="has points of 1073741825 bytes; the maximum is 1073741824"):
        require_room(GIGABYTE + 1, "points")
    with pytest.raises(InputError, match="of text; the maximum is 134217728"):
        require_room_for_text(MAX_TEXT + 1)
    assert 0 < free_memory() < 1 << 50
    code = (
        "import resource, psutil\n"
        "from part_perception.files.cloud import require_room\n"
        "room = psutil.Process().memory_info().vms + (200 << 20)\n"
        "resource.setrlimit(resource.RLIMIT_AS, (room, room))\n"
        "require_room(20 << 20, 'points')\n"
        "try: require_room(100 << 20, 'points')\n"
        "except ValueError as error: print(error)"
    )
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert told.stdout == "needs more memory than is available for points\n", told.stderr


@pytest.mark.parametrize("ending", READERS)
def test_special_files_are_refused_at_once(ending, tmp_path):
    """Reading a pipe without a writer would block, and a device never ends."""
    places = {
        kind: tmp_path / f"{kind}{ending}" for kind in ("pipe", "directory", "device", "socket", "link")
    }
    os.mkfifo(places["pipe"])
    places["directory"].mkdir()
    places["device"].symlink_to("/dev/zero")
    places["link"].symlink_to(tmp_path / "nowhere")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(places["socket"]))
        for kind, path in places.items():
            with pytest.raises(
                InputError, match="does not exist" if kind == "link" else f"is a {kind}, not a data file"
            ):
                read_cloud(path)
    with pytest.raises(InputError, match="null (byte|character)"):
        read_cloud(f"a\0b{ending}")


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    path = tmp_path / "large.ply"
    with open(path, "wb") as file:
        file.truncate(GIGABYTE + 1)
    before = peak()
    with pytest.raises(InputError, match="has 1073741825 bytes; the maximum is 1073741824"):
        read_cloud(path)
    assert peak() - before < 8 << 20
