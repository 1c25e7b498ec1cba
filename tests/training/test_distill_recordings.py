"""A robot's recording, rendered by the simulated camera into a real bag, teaches a model, which then answers."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
import torch
from PIL import Image
from rosbags.rosbag1 import Writer as OldWriter
from rosbags.rosbag2 import StoragePlugin, Writer
from rosbags.typesys import Stores, get_typestore

from part_perception.cli.main import _parser, main
from part_perception.encoder.architecture import Encoder
from part_perception.encoder.manifest import EncoderConfig, Manifest
from part_perception.encoder.patches import PatchSpec
from part_perception.encoder.store import load_manifest, save_model, sign
from part_perception.files.labelled_shapes import LabelledShape, save_shape
from part_perception.geometry import AXES
from part_perception.geometry.motions import MOTIONS
from part_perception.parts.motion import FILE as MOTION_NAMES
from part_perception.parts.motion import MotionNames
from part_perception.recordings.bag_reader import typestore
from part_perception.recordings.reading import shots_of
from part_perception.recordings.shots import Topics
from part_perception.segmenter import PartSegmenter
from part_perception.simulation.capture import Capture, capture, look_at
from part_perception.simulation.things import thing
from part_perception.training.distill import distillation
from part_perception.training.distill import student as student_module
from part_perception.training.distill.distillation import Request

SECOND = 1_000_000_000
START = 100 * SECOND
FRAME, COLOUR_FRAME = "camera_depth", "camera_colour"
WORDS = ["body", "handle"]
DEPTH, COLOUR, SAID = "/camera/depth/image_raw", "/camera/colour/image_raw", "/detector/masks"
STORE = typestore()
FOCAL = 575.0


@lru_cache
def seen(number: int) -> Capture:
    """Two mugs on a table, seen from another side in every frame."""
    things = [thing("mug", 1).moved((0, 0.1, 0), 1.0), thing("mug", 2).moved((0, -0.1, 0), 2.5)]
    return capture(things, look_at(0.5 + 0.4 * number, 0.7, 0.7), np.random.default_rng(number))


def parts(view: Capture) -> np.ndarray:
    """(H, W) 1 = body, 2 = handle, 0 = anything else."""
    names = [[p[0] for p in thing("mug", seed).parts] for seed in (1, 2)]
    out = np.zeros(view.label.shape, np.uint8)
    for number, of in enumerate(names):
        for k, name in enumerate(of):
            out[(view.label == number) & (view.part == k)] = {"handle": 2, "body": 1}.get(name, 0)
    return out


def message(kind: str, **fields):
    return STORE.types[kind](**fields)


def header(stamp: int, frame: str):
    time = message("builtin_interfaces/msg/Time", sec=stamp // SECOND, nanosec=stamp % SECOND)
    return message("std_msgs/msg/Header", stamp=time, frame_id=frame)


def image(stamp: int, values: np.ndarray, encoding: str, frame: str = FRAME):
    values = np.ascontiguousarray(values)
    return message(
        "sensor_msgs/msg/Image", header=header(stamp, frame), height=values.shape[0], width=values.shape[1],
        encoding=encoding, is_bigendian=0, step=values.nbytes // len(values),
        data=values.reshape(-1).view(np.uint8),
    )  # fmt: skip


def compressed(stamp: int, values: np.ndarray, kind: str, before: bytes = b""):
    file = io.BytesIO()
    Image.fromarray(values).save(file, "PNG")
    data = np.frombuffer(before + file.getvalue(), np.uint8)
    return message("sensor_msgs/msg/CompressedImage", header=header(stamp, FRAME), format=kind, data=data)


def camera_info(stamp: int, frame: str = FRAME, focal: float = FOCAL):
    region = message(
        "sensor_msgs/msg/RegionOfInterest", x_offset=0, y_offset=0, height=0, width=0, do_rectify=False
    )
    k = np.array([focal, 0, 320, 0, focal, 240, 0, 0, 1])
    return message(
        "sensor_msgs/msg/CameraInfo", header=header(stamp, frame), height=480, width=640,
        distortion_model="plumb_bob", d=np.zeros(5), k=k, r=np.eye(3).ravel(),
        p=np.zeros(12), binning_x=0, binning_y=0, roi=region,
    )  # fmt: skip


def detections(stamp: int, view: Capture, names=WORDS, score: float = 0.8):
    found = []
    for value, name in enumerate(names, 1):
        rows, columns = np.nonzero(parts(view) == value)
        low, high = (columns.min(), rows.min()), (columns.max() + 1, rows.max() + 1)
        point = message("vision_msgs/msg/Point2D", x=(low[0] + high[0]) / 2, y=(low[1] + high[1]) / 2)
        pose = message("vision_msgs/msg/Pose2D", position=point, theta=0.0)
        box = message("vision_msgs/msg/BoundingBox2D", center=pose,
                      size_x=float(high[0] - low[0]), size_y=float(high[1] - low[1]))  # fmt: skip
        said = message("vision_msgs/msg/ObjectHypothesis", class_id=name, score=score)
        result = message("vision_msgs/msg/ObjectHypothesisWithPose", hypothesis=said, pose=no_pose())
        found.append(
            message(
                "vision_msgs/msg/Detection2D", header=header(stamp, FRAME), results=[result], bbox=box, id=""
            )
        )
    return message("vision_msgs/msg/Detection2DArray", header=header(stamp, FRAME), detections=found)


def no_pose():
    position = message("geometry_msgs/msg/Point", x=0.0, y=0.0, z=0.0)
    turn = message("geometry_msgs/msg/Quaternion", x=0.0, y=0.0, z=0.0, w=1.0)
    pose = message("geometry_msgs/msg/Pose", position=position, orientation=turn)
    return message("geometry_msgs/msg/PoseWithCovariance", pose=pose, covariance=np.zeros(36))


def static_transform(parent: str, child: str, x: float):
    shift = message("geometry_msgs/msg/Vector3", x=x, y=0.0, z=0.0)
    half = 0.5**0.5
    turn = message("geometry_msgs/msg/Quaternion", x=0.0, y=0.0, z=half, w=half)
    transform = message("geometry_msgs/msg/Transform", translation=shift, rotation=turn)
    stamped = message("geometry_msgs/msg/TransformStamped", header=header(0, parent), child_frame_id=child,
                      transform=transform)  # fmt: skip
    return message("tf2_msgs/msg/TFMessage", transforms=[stamped])


def write_bag(folder: Path, storage: StoragePlugin, messages: list[tuple[str, int, object]]) -> Path:
    with Writer(folder, version=9, storage_plugin=storage) as writer:
        known = {}
        for topic, stamp, each in messages:
            kind = each.__msgtype__
            known[topic] = known.get(topic) or writer.add_connection(topic, kind, typestore=STORE)
            writer.write(known[topic], stamp, STORE.serialize_cdr(each, kind))
    return folder


def frames(count: int, masks: bool = True, boxes: bool = False) -> list[tuple[str, int, object]]:
    """A robot's recording: depth, colours, the camera model, and a 2-D model's answers a little later."""
    out = [("/camera/depth/camera_info", START, camera_info(START)),
           ("/camera/colour/camera_info", START, camera_info(START))]  # fmt: skip
    for k in range(count):
        stamp, view = START + k * SECOND // 10, seen(k % 3)
        millimetres = np.nan_to_num(view.points[..., 2] * 1000).astype(np.uint16)
        out.append((DEPTH, stamp, image(stamp, millimetres, "16UC1")))
        out.append((COLOUR, stamp, image(stamp + 1000, view.colours, "rgb8")))
        if masks:
            out.append((SAID, stamp + SECOND // 20, image(stamp + 1000, parts(view), "mono8")))
        if boxes:
            out.append(("/detector/boxes", stamp, detections(stamp + 1000, view)))
    return out


@pytest.fixture(autouse=True)
def few_views_to_rehearse(monkeypatch):
    monkeypatch.setattr(student_module, "VIEWS", 3)


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Path:
    """An untrained model."""
    torch.manual_seed(0)
    config = EncoderConfig(
        dim=48, depth=1, heads=2, patch_widths=(8, 16, 16, 16), position_width=16, language=384, field=8
    )
    weights = {k: v.numpy() for k, v in Encoder(config).state_dict().items() if v.dtype.is_floating_point}
    folder = tmp_path_factory.mktemp("models") / "tiny"
    plain = Manifest("tiny", config, PatchSpec(samples=256, patches=24, neighbours=12))
    manifest = save_model(folder, plain, weights)
    MotionNames(("lid",), np.ones((1, len(MOTIONS)))).save(folder / MOTION_NAMES)
    sign(folder, manifest, (*manifest.files, MOTION_NAMES))
    return folder


def learn(bag: Path, model: Path, out: Path, *more: str) -> int:
    return main(["train", "distill", str(bag), "--model", str(model), "--words", *WORDS, "--out", str(out),
                 "--json", *more])  # fmt: skip


@pytest.mark.parametrize("storage", list(StoragePlugin))
def test_frames_are_read_from_a_real_bag(tmp_path, storage):
    write_bag(tmp_path / "bag", storage, frames(5, boxes=True))
    looked = list(shots_of(tmp_path / "bag", WORDS, look=True, most=2))
    assert [s.name[-12:] for s in looked] == ["at 100.000 s", "at 100.400 s"]
    view = seen(0)
    np.testing.assert_allclose(looked[0].cloud[240, 320], np.nan_to_num(view.points[240, 320]), atol=2e-3)
    there = np.isfinite(view.points[..., 2])
    np.testing.assert_allclose(looked[0].cloud[there], view.points[there], atol=2e-3)
    np.testing.assert_array_equal(looked[0].image, view.colours)
    said = list(shots_of(tmp_path / "bag", WORDS, look=False, topics=Topics(said=SAID), most=5))
    assert len(said) == 5
    assert [m.word for m in said[1].masks] == WORDS
    np.testing.assert_array_equal(said[1].masks[1].mask, parts(seen(1)) == 2)
    boxed = list(shots_of(tmp_path / "bag", WORDS, look=False, most=1))[0]
    assert [(m.word, m.score) for m in boxed.masks] == [("body", 0.8), ("handle", 0.8)]
    rows, columns = np.nonzero(boxed.masks[1].mask)
    true_rows, true_columns = np.nonzero(parts(seen(0)) == 2)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (
        true_rows.min(), true_rows.max(), true_columns.min(), true_columns.max())  # fmt: skip


def test_compressed_images_are_read(tmp_path):
    view = seen(0)
    millimetres = np.nan_to_num(view.points[..., 2] * 1000).astype(np.uint16)
    write_bag(tmp_path / "bag", StoragePlugin.MCAP, [
        ("/camera/depth/camera_info", START, camera_info(START)),
        ("/camera/depth/image_raw/compressedDepth", START,
         compressed(START, millimetres, "16UC1; compressedDepth png", bytes(12))),
        ("/camera/colour/image_raw/compressed", START, compressed(START, view.colours, "rgb8; png compressed bgr8")),
    ])  # fmt: skip
    shot = next(shots_of(tmp_path / "bag", WORDS, look=True))
    np.testing.assert_allclose(shot.cloud[..., 2], np.nan_to_num(view.points[..., 2]), atol=2e-3)
    np.testing.assert_array_equal(shot.image, view.colours)


def test_a_colour_camera_elsewhere_is_placed_by_the_static_transforms(tmp_path):
    view = seen(0)
    millimetres = np.nan_to_num(view.points[..., 2] * 1000).astype(np.uint16)
    messages = [
        ("/camera/depth/camera_info", START, camera_info(START)),
        ("/camera/colour/camera_info", START, camera_info(START, COLOUR_FRAME)),
        (DEPTH, START, image(START, millimetres, "16UC1")),
        (COLOUR, START, image(START, view.colours, "rgb8", COLOUR_FRAME)),
    ]
    write_bag(tmp_path / "lost", StoragePlugin.MCAP, messages)
    with pytest.raises(
        ValueError, match="does not contain the pose of the camera 'camera_colour' in 'camera_depth'"
    ):
        next(shots_of(tmp_path / "lost", WORDS, look=True))
    known = ("/tf_static", START, static_transform(FRAME, COLOUR_FRAME, 0.05))
    write_bag(tmp_path / "known", StoragePlugin.MCAP, [*messages, known])
    camera = next(shots_of(tmp_path / "known", WORDS, look=True)).camera
    np.testing.assert_allclose(camera.position, [0.05, 0, 0], atol=1e-12)
    np.testing.assert_allclose(camera.rotation, [[0, 1, 0], [-1, 0, 0], [0, 0, 1]], atol=1e-12)


def test_a_recording_teaches_a_model_that_answers(tmp_path, model, capsys):
    write_bag(tmp_path / "bag", StoragePlugin.MCAP, frames(3))
    out = tmp_path / "taught"
    assert learn(tmp_path / "bag", model, out, "--said", SAID) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["frames"] == 3
    assert told["lessons"] == 6
    assert told["masks"] == {"body": 6, "handle": 7}  # in one frame, a handle's mask is in two pieces
    assert not out.with_name("taught.part").exists()
    manifest = load_manifest(out)
    assert manifest.about["distilled_words"] == "body, handle"
    assert manifest.about["distilled_from"].startswith("tiny ")
    assert manifest.confidence == load_manifest(model).confidence
    assert manifest.files[MOTION_NAMES] == load_manifest(model).files[MOTION_NAMES]
    assert PartSegmenter.load(out, "onnx:fp32").motion_names.names == ("lid",)
    view, right = seen(0), {}
    for name, folder in (("before", model), ("after", out)):
        segmenter = PartSegmenter.load(folder, "onnx:fp32")
        rows = (view.label == 0) & (parts(view) > 0)
        labels = segmenter.label(view.points[rows], WORDS, up=view.up)
        truth = parts(view)[rows] - 1
        right[name] = np.mean([(labels[truth == k] == k).mean() for k in (0, 1)])
    assert right["after"] > 0.8
    assert right["after"] > right["before"] + 0.2


def test_a_broken_student_is_refused(tmp_path, model, monkeypatch, capsys):
    write_bag(tmp_path / "bag", StoragePlugin.MCAP, frames(1))
    assert learn(tmp_path / "bag", model, tmp_path / "taught", "--said", SAID, "--steps", "2") == 0
    weights = tmp_path / "taught" / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    monkeypatch.setenv("PART_PERCEPTION_CACHE", str(tmp_path / "no graph of it"))
    with pytest.raises(ValueError, match="damaged or belongs to another model"):
        PartSegmenter.load(tmp_path / "taught", "onnx:fp32")


def test_an_interrupted_distillation_resumes_and_ends_the_same(tmp_path, model, monkeypatch, capsys):
    (tmp_path / "bags").mkdir()
    one, two = (write_bag(tmp_path / "bags" / name, StoragePlugin.MCAP, frames(1)) for name in ("one", "two"))
    assert learn(tmp_path / "bags", model, tmp_path / "whole", "--said", SAID, "--steps", "10") == 0
    out, work = tmp_path / "other", tmp_path / "other.part"
    looks, keeps = [], []
    look, keep = distillation.look_at, distillation.save_state

    def look_once(path, *rest):
        looks.append(path)
        if len(looks) == 2:
            raise KeyboardInterrupt
        return look(path, *rest)

    def keep_once(folder, state):
        keep(folder, state)
        keeps.append(state.done)
        if len(keeps) == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(distillation, "look_at", look_once)
    monkeypatch.setattr(distillation, "save_state", keep_once)
    again = (tmp_path / "bags", model, out, "--said", SAID, "--steps", "10")
    assert learn(*again) == 130
    assert sorted(f.name for f in work.iterdir()) == ["lessons-0000.npz", "request.json"]
    assert learn(*again) == 130
    assert sorted(f.name for f in work.iterdir()) == [
        "lessons-0000.npz", "lessons-0001.npz", "request.json", "state.npz"]  # fmt: skip
    assert not out.exists()
    capsys.readouterr()
    assert learn(*again[:-1], "20") == 2
    assert "holds a different distillation" in capsys.readouterr().err
    assert learn(*again) == 0
    assert (looks, keeps) == ([one, two, two], [1, 2, 3])
    whole, other = ((tmp_path / name / "weights.safetensors").read_bytes() for name in ("whole", "other"))
    assert whole == other
    assert not work.exists()


def test_a_distillation_does_not_continue_with_other_labels(tmp_path):
    """Its scores are listed mask by mask, those on labelled shapes too: they would get mixed up."""
    request, model = Request((), ("a", "b"), labelled=str(tmp_path)), SimpleNamespace(files={})
    shape = LabelledShape("it", np.zeros((2, 3)), np.array([0, 1]), ("a", "b"), "kind", AXES["z"])
    save_shape(tmp_path / "one.npz", shape)
    one = distillation.fingerprint(request, (), model)
    save_shape(tmp_path / "one.npz", replace(shape, labels=np.array([1, 0])))
    other = distillation.fingerprint(request, (), model)
    save_shape(tmp_path / "two.npz", shape)
    assert len({json.dumps(each) for each in (one, other, distillation.fingerprint(request, (), model))}) == 3


def test_a_function_is_a_teacher_and_labelled_shapes_help(tmp_path, model, monkeypatch, capsys):
    write_bag(tmp_path / "bag", StoragePlugin.MCAP, frames(1, masks=False))
    given = []

    def teacher(image, words):
        given.append((image.shape, image.dtype, words))
        truth = parts(seen(0))
        if image.shape != (480, 640, 3):
            shown = image.min(axis=2) < 250
            return [("body", shown, 0.7)]
        return [("body", truth == 1, 0.9), ("Handle", (0, 0, 640, 480), 0.1)]

    module = ModuleType("my_teacher")
    module.look = teacher
    monkeypatch.setitem(sys.modules, "my_teacher", module)
    view = seen(0)
    rows = view.label == 1
    (tmp_path / "shapes").mkdir()
    np.savez(tmp_path / "shapes" / "mug.npz", points=view.points[rows], label_names=["x", *WORDS],
             labels=parts(view)[rows].astype(int), category="mug", up_axis="z")  # fmt: skip
    assert learn(tmp_path / "bag", model, tmp_path / "taught", "--teacher", "my_teacher:look",
                 "--labelled", str(tmp_path / "shapes")) == 0  # fmt: skip
    told = json.loads(capsys.readouterr().out)
    assert given == [((480, 640, 3), np.uint8, WORDS)] + 6 * [((384, 384, 3), np.uint8, WORDS)]
    assert told["masks"]["body"] >= 2 + 6 and told["masks"]["handle"] == 2, (
        "and six pictures of what is labelled"
    )
    assert (told["lessons"], told["kept"]) == (3, 1.0)


def refuse(monkeypatch, found) -> None:
    module = ModuleType("my_teacher")
    module.look = lambda image, words: found
    monkeypatch.setitem(sys.modules, "my_teacher", module)


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        ([("body", np.zeros((480, 640), bool), 0.5)], "the mask of 'body' is empty"),
        ([("body", np.ones((480, 600), bool), 0.5)], "has the shape (480, 600), the image (480, 640)"),
        ([("body", np.ones(480 * 640, bool), 0.5)], "has the shape (307200,), the image (480, 640)"),
        ([("body", (700, 0, 800, 20), 0.5)], "holds no pixel"),
        ([("body", np.ones((480, 640), bool), 1.5)], "the score of 'body' is 1.5, not from 0 to 1"),
        ([("body", np.ones((480, 640), bool))], "a teacher must give (word, mask or box, score)"),
        ([("cup", np.ones((480, 640), bool), 1.0)], "the teacher says 'body' of no object; it says: cup"),
        ([], "the teacher says 'body' of no object; it says: nothing"),
    ],
)
def test_invalid_answers_of_a_teacher_are_refused(tmp_path, model, monkeypatch, capsys, found, reason):
    write_bag(tmp_path / "bag", StoragePlugin.MCAP, frames(1, masks=False))
    refuse(monkeypatch, found)
    assert learn(tmp_path / "bag", model, tmp_path / "taught", "--teacher", "my_teacher:look") == 2
    told = capsys.readouterr().err
    assert reason in told
    assert told.count("\n") == 1
    assert not (tmp_path / "taught").exists()


def without(topic: str) -> list:
    return [m for m in frames(1) if topic not in m[0]]


@pytest.mark.parametrize(
    ("messages", "more", "reason"),
    [
        (without("camera_info"), ("--said", SAID), "has no camera model for /camera/depth/image_raw"),
        (
            [("/camera/depth/camera_info", START, camera_info(START, focal=0)), *without("camera_info")],
            ("--said", SAID),
            "the focal lengths in camera_info are not above 0; is the camera calibrated?",
        ),
        (without("depth/image"), ("--said", SAID), "has 0 topics with a depth image: name one with --depth"),
        (
            frames(1),
            (),
            "has 0 topics of Detection2DArray: name the teacher's boxes or mask images with --said",
        ),
        (frames(1), ("--said", "/nope"), "has no images or detections on /nope"),
        (frames(1), ("--teacher", "nowhere:look"), "the teacher's module 'nowhere' cannot be imported"),
        (frames(1), ("--teacher", "json:look"), "the module 'json' has no function 'look'"),
        (
            frames(1),
            ("--teacher", "clip"),
            "a teacher must be 'recorded', 'open_clip:MODEL/WEIGHTS' or 'module:function'",
        ),
        (frames(1), ("--said", SAID, "--words", "body"), "at least two different words"),
        (frames(1), ("--said", SAID, "--words", "body", "Body"), "at least two different words"),
        (
            frames(1),
            ("--said", SAID, "--words", *WORDS, "lid"),
            "the teacher says 'lid' of no object; it says: body, handle",
        ),
    ],
)
def test_sources_that_cannot_teach_are_refused_in_one_sentence(
    tmp_path, model, capsys, messages, more, reason
):
    write_bag(tmp_path / "bag", StoragePlugin.MCAP, messages)
    assert learn(tmp_path / "bag", model, tmp_path / "taught", *more) == 2
    told = capsys.readouterr().err
    assert reason in told
    assert told.count("\n") == 1
    assert not (tmp_path / "taught").exists()


def test_a_table_without_objects_is_refused(tmp_path, model, capsys):
    view = capture([], look_at(0.5, 0.7, 0.7), np.random.default_rng(0))
    millimetres = np.nan_to_num(view.points[..., 2] * 1000).astype(np.uint16)
    values = np.ones(view.label.shape, np.uint8)
    write_bag(tmp_path / "bag", StoragePlugin.MCAP, [
        ("/camera/depth/camera_info", START, camera_info(START)),
        (DEPTH, START, image(START, millimetres, "16UC1")), (SAID, START, image(START, values, "mono8")),
    ])  # fmt: skip
    assert learn(tmp_path / "bag", model, tmp_path / "taught", "--said", SAID) == 2
    assert "no object is in view in any of the 1 frames" in capsys.readouterr().err
    assert not (tmp_path / "taught").exists()


def test_an_existing_output_is_left_alone(tmp_path, model, capsys):
    (tmp_path / "bag").mkdir()
    assert learn(tmp_path / "bag", model, model) == 2
    assert "already exists" in capsys.readouterr().err
    assert learn(tmp_path / "bag", model, tmp_path / "new") == 2
    assert "holds no recording" in capsys.readouterr().err
    assert main(["train", "distill", str(tmp_path / "bag")]) == 2
    assert "--words and --out must be given" in capsys.readouterr().err


def test_files_that_are_not_ros_2_bags_are_refused(tmp_path, model, capsys):
    (tmp_path / "a.mcap").write_bytes(b"nothing")
    assert learn(tmp_path / "a.mcap", model, tmp_path / "taught") == 2
    assert "a.mcap cannot be read as a recording" in capsys.readouterr().err
    store = get_typestore(Stores.ROS1_NOETIC)
    with OldWriter(tmp_path / "a.bag") as writer:
        kind = "std_msgs/msg/String"
        known = writer.add_connection("/said", kind, typestore=store)
        writer.write(known, START, store.serialize_ros1(store.types[kind](data="x"), kind))
    assert learn(tmp_path / "a.bag", model, tmp_path / "taught") == 2
    assert "is a ROS 1 bag; convert it first with rosbags-convert" in capsys.readouterr().err


def test_the_commands_defaults_equal_those_of_a_request():
    given = _parser("train").parse_args(["train", "distill", "bag", "--words", *WORDS, "--out", "new"])
    request = Request(("bag",), tuple(WORDS))
    for name in ("teacher", "labelled", "model", "frames", "steps", "rounds", "seed"):
        assert getattr(given, name) == getattr(request, name), name


def test_shapes_teach_through_pictures_of_them(tmp_path, model, monkeypatch, capsys):
    """A cloud with a red and a blue half, which a teacher names by their colours."""
    rng = np.random.default_rng(0)
    points = rng.uniform(-1, 1, (2000, 3)) * (0.02, 0.02, 0.1)
    colours = np.where(points[:, 2:] > 0, (220, 0, 0), (0, 0, 220)).astype(np.uint8)
    (tmp_path / "made").mkdir()
    np.savez(tmp_path / "made" / "bar.npz", points=points, colours=colours)

    def look(image, words):
        red, _, blue = image.astype(int).transpose(2, 0, 1)
        found = [("body", red - blue > 60, 0.9), ("handle", blue - red > 60, 0.8)]
        return [(word, mask, score) for word, mask, score in found if mask.any()]

    module = ModuleType("my_teacher")
    module.look = look
    monkeypatch.setitem(sys.modules, "my_teacher", module)
    given = ["train", "distill", "--shapes", str(tmp_path / "made"), "--model", str(model), "--words", *WORDS]
    out = tmp_path / "taught"
    assert main([*given, "--out", str(out), "--teacher", "my_teacher:look", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["lessons"], told["objects"], told["frames"]) == (1, 1, 6)
    assert told["masks"]["body"] >= 6 and told["masks"]["handle"] >= 6
    labels = PartSegmenter.load(out, "onnx:fp32").label(points, WORDS)
    expected = np.where(points[:, 2] > 0, WORDS.index("body"), WORDS.index("handle"))
    assert (labels == expected).mean() > 0.9
    assert main([*given, "--out", str(tmp_path / "other")]) == 2
    assert "bar.npz is a shape: name a --teacher that looks at pictures" in capsys.readouterr().err
