"""Seeds: small valid files of every format, made here, from which mutations start."""

from __future__ import annotations

import io
import json
import struct
import tempfile
from pathlib import Path

import numpy as np

from part_perception.encoder.manifest import Manifest
from part_perception.files import write_cloud
from part_perception.recordings.bag_reader import typestore
from tests.faults.pupil import MASK, POINTS, Pupil

_RNG = np.random.default_rng(0)
CLOUD = _RNG.uniform(-1, 1, (12, 3)).astype(np.float32)
LABELS = np.arange(12) % 3
_PCD = ("FIELDS x y z label\nSIZE 4 4 4 4\nTYPE F F F U\nCOUNT 1 1 1 1\nWIDTH 4\nHEIGHT 3\n"
        "VIEWPOINT 0 0 0 1 0 0 0\nPOINTS 12\nDATA {}\n")  # fmt: skip
_URDF = b"""<?xml version="1.0"?>
<robot name="arm"><link name="base"><visual><geometry><box size="0.2 0.2 1"/></geometry></visual></link>
<link name="upper"><collision><origin xyz="0 0 0.5" rpy="0 1.57 0"/><geometry><cylinder radius="0.1" length="0.6"/>
</geometry></collision><collision><geometry><sphere radius="0.2"/></geometry></collision></link></robot>"""


def seeds() -> dict[str, list[bytes]]:
    """Valid contents by format."""
    rows = np.zeros(12, [("xyz", "<f4", 3), ("label", "<u4")])
    rows["xyz"], rows["label"] = CLOUD, LABELS
    text = "".join(f"{x!r} {y!r} {z!r} {n}\n" for (x, y, z), n in zip(CLOUD.tolist(), LABELS, strict=True))
    plain = b"".join(CLOUD[:, i].tobytes() for i in range(3)) + LABELS.astype("<u4").tobytes()
    packed = b"".join(bytes([31]) + plain[i : i + 32] for i in range(0, len(plain), 32))
    lists = b"element camera 1\nproperty list uchar short k\n"
    ply = (b"ply\nformat %s 1.0\n" + lists + b"element vertex 2\nproperty float x\nproperty float y\n"
           b"property float z\nproperty list uchar int i\nend_header\n")  # fmt: skip
    return {
        "ply": [
            _written(".ply"),
            ply % b"ascii" + b"2 7 8\n1 2 3 1 9\n4 5 6 0\n",
            ply % b"binary_big_endian" + struct.pack(">BfffBifffB", 0, 1, 2, 3, 1, 9, 4, 5, 6, 0),
        ],
        "pcd": [
            _PCD.format("ascii").encode() + text.encode(),
            _PCD.format("binary").encode() + rows.tobytes(),
            _PCD.format("binary_compressed").encode() + struct.pack("<II", len(packed), len(plain)) + packed,
        ],
        "npz": [_written(".npz"), _npz(points=CLOUD, category="mug", up_axis="y", rgb=CLOUD > 0)],
        "npy": [_npy(CLOUD), _npy(CLOUD.reshape(3, 4, 3).astype(">f8"))],
        "xyz": [text.encode(), b"# points\n1, 2, 3\n4;5;6\n"],
        "csv": [b"x,y,z,label\n1,2,3,0\n4,5,6,1\n", b"2\n1 2 3 40 255 0 9\n4 5 6 40 1 2 3\n"],
        "lzf": [packed, b"\x00a\xe0\xb6\x00"],
        "moment": [
            _npz(points=CLOUD, K=np.eye(3), image=np.zeros((4, 4, 3), np.uint8)),
            _npz(points=CLOUD, K=np.eye(3), words=np.array(["a"]), scores=np.ones(1), image_size=np.array([4, 4]),
                 boxes=np.array([[0, 0, 3, 3]])),
        ],
        "taught": [_taught()],
        "manifest": [_manifest()],
        "mcap": [_bag()],
        "urdf": [_URDF],
        "cdr": [_cloud_message()],
    }  # fmt: skip


def _written(ending: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"c{ending}"
        write_cloud(path, CLOUD, None, LABELS, LABELS.astype(np.float32), ("lid", "rim", "body"))
        return path.read_bytes()


def _npz(**arrays) -> bytes:
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)
    return stream.getvalue()


def _npy(array: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def _taught() -> bytes:
    pupil = Pupil()
    pupil.teach("ear", [(POINTS, MASK)])
    with tempfile.TemporaryDirectory() as folder:
        pupil.save_taught(Path(folder) / "w.safetensors", {"ear": [(POINTS, MASK)]})
        return (Path(folder) / "w.safetensors").read_bytes()


def _manifest() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        Manifest("m", files={"weights.safetensors": "0" * 64}).save(Path(folder) / "m.json")
        return json.dumps(json.loads((Path(folder) / "m.json").read_text())).encode()


def _cloud_message() -> bytes:
    """sensor_msgs/PointCloud2 as CDR."""
    store = typestore()
    kind = {name.rpartition("/")[2]: store.types[name] for name in store.types}
    stamp = kind["Time"](sec=1, nanosec=2)
    fields = [kind["PointField"](name=n, offset=4 * i, datatype=7, count=1) for i, n in enumerate("xyz")]
    cloud = store.types["sensor_msgs/msg/PointCloud2"](
        header=store.types["std_msgs/msg/Header"](stamp=stamp, frame_id="camera"),
        height=1, width=12, fields=fields, is_bigendian=False, point_step=12, row_step=144,
        data=np.frombuffer(CLOUD.tobytes(), np.uint8), is_dense=True,
    )  # fmt: skip
    return bytes(store.serialize_cdr(cloud, "sensor_msgs/msg/PointCloud2"))


def _bag() -> bytes:
    from rosbags.rosbag2 import StoragePlugin, Writer

    with tempfile.TemporaryDirectory() as folder:
        with Writer(Path(folder) / "b", version=9, storage_plugin=StoragePlugin.MCAP) as writer:
            points = writer.add_connection("/points", "sensor_msgs/msg/PointCloud2", typestore=typestore())
            for k in range(3):
                writer.write(points, k, _cloud_message())
        return next((Path(folder) / "b").glob("*.mcap")).read_bytes()
