"""Regions of interest: a mask over DDS that is silent, late or right, and the names that a detector gives its boxes."""

from types import SimpleNamespace

import numpy as np
import pytest
import table
from builtin_interfaces.msg import Time
from robot import CAMERA, LATCHED, NODE
from sensor_msgs.msg import CameraInfo, Image, PointCloud2
from stand_in import StandIn
from std_msgs.msg import Header

from part_perception.config import Config
from part_perception.parts.naming import Belief
from part_perception.ros.messages.clouds import LABELLED, Cloud
from part_perception.ros.perceived import ask
from part_perception.ros.refusal import Status
from part_perception.ros.server import Server
from part_perception.ros.transforms import OwnTransforms
from part_perception.scene.decode import NamedRegion
from part_perception.simulation.capture import VGA

VIEW = table.view(2)


@pytest.mark.ros
def test_a_silent_mask_is_named_and_a_right_one_chooses_the_object(start_node, robot):
    start_node({"regions": "mask", "max_cloud_age": 60.0, "diagnostics.no_cloud_after": 30.0})

    def why() -> str:
        robot.publish(VIEW.points)
        reply = robot.query("handle", timeout=0.5)
        return reply.status.message if reply.status.code == Status.NO_CLOUD else ""

    def says(words: str):
        robot.wait(words, lambda: words in why())

    says("/points arrives, but nobody publishes /mask; each needs the other")
    masks = robot.node.create_publisher(Image, "/mask", 1)
    says("/points arrives, but /mask has 1 publisher(s), but nothing arrives")
    height, width = VIEW.label.shape
    chosen = (VIEW.label == 1).astype(np.uint8)
    mask = Image(height=height, width=width, step=width, encoding="mono8", data=chosen.tobytes())
    mask.header = Header(frame_id=CAMERA, stamp=Time(sec=5))
    robot.wait("the node to listen", masks.get_subscription_count)
    masks.publish(mask)
    says("/points and /mask arrive, but no stamps are within pair_within, 0.02 s")

    def answered():
        mask.header.stamp = robot.publish(VIEW.points).header.stamp
        masks.publish(mask)
        return robot.query("handle", timeout=1.0, max_age=60.0).parts

    (part,) = robot.wait("the handle of the object in the mask", answered)
    rows = np.array(part.indices)
    assert (VIEW.label.ravel()[rows] == 1).mean() > 0.95


@pytest.mark.ros
def test_a_detector_over_dds_chooses_and_names_its_object(start_node, robot):
    """Needs vision_msgs, which the wheels lack."""
    vision = pytest.importorskip("vision_msgs.msg", reason="vision_msgs is not installed")
    start_node({"regions": "detections", "max_cloud_age": 60.0})
    found = robot.listen(vision.Detection3DArray, f"{NODE}/detections")
    clouds = robot.listen(PointCloud2, f"{NODE}/labeled_cloud")
    robot.set(standing_queries=["wheel", "handle"])
    detector = robot.node.create_publisher(vision.Detection2DArray, "/detections", 1)
    robot.wait("the node to listen", detector.get_subscription_count)
    said = [detection(vision, VIEW.label == 1, "coffee_mug", 0.75)]

    def answered(query: str, *words: str):
        header = robot.publish(VIEW.points).header
        detector.publish(vision.Detection2DArray(header=header, detections=said))
        return robot.query(query, timeout=1.0, max_age=60.0, object_words=list(words)).parts

    (part,) = robot.wait("the handle of the mug in the box", lambda: answered("handle", "mug"))
    assert (part.object_name, part.object_confidence) == ("coffee mug", pytest.approx(0.75))
    assert (VIEW.label.ravel()[np.array(part.indices)] == 1).mean() > 0.95
    (told,) = robot.wait("a detection of it", lambda: found and found[-1].detections)
    assert told.results[0].hypothesis.class_id == "handle"
    classes = robot.listen(vision.LabelInfo, f"{NODE}/label_info", LATCHED)  # a late listener
    robot.wait("what the numbers mean", lambda: classes)
    numbers = {each.class_name: each.class_id for each in classes[0].class_map}
    labels = np.frombuffer(robot.wait("a labelled cloud", lambda: clouds)[-1].data, LABELLED)["label"]
    assert set(labels[labels >= 0].tolist()) == {numbers["handle"]} == {1}
    assert not answered("lid")
    stick = (VIEW.label == 1) & (VIEW.part == 1)
    said += [detection(vision, stick, "lid", 0.8)]
    (lid,) = robot.wait("the part that only the detector knows", lambda: answered("lid"))
    assert (lid.object_name, lid.confidence) == ("coffee mug", pytest.approx(0.8))
    assert stick.ravel()[np.array(lid.indices)].mean() > 0.5


@pytest.mark.ros
def test_regions_of_an_unordered_cloud_are_found_through_the_camera_of_their_image(start_node, robot):
    """A driver that drops missing points: its clouds have one row, the mask is of the image."""
    start_node({"regions": "mask", "max_cloud_age": 60.0})
    masks = robot.node.create_publisher(Image, "/mask", 1)
    infos = robot.node.create_publisher(CameraInfo, "/camera_info", 1)
    robot.wait("the node to listen", masks.get_subscription_count)
    robot.wait("the node to listen to the camera", infos.get_subscription_count)
    there = np.isfinite(VIEW.points).all(axis=2)
    order = np.random.default_rng(0).permutation(np.count_nonzero(there))
    points, labels = VIEW.points[there][order], VIEW.label[there][order]

    def ask(chosen: int, *, camera: bool):
        height, width = VIEW.label.shape
        data = (VIEW.label == chosen).astype(np.uint8).tobytes() if chosen >= 0 else bytes(height * width)
        mask = Image(height=height, width=width, step=width, encoding="mono8", data=data)
        mask.header = Header(frame_id=CAMERA, stamp=robot.stamp())
        if camera:
            k = [VGA.focal, 0.0, 319.5, 0.0, VGA.focal, 239.5, 0.0, 0.0, 1.0]
            infos.publish(CameraInfo(header=mask.header, width=width, height=height, k=k))
        masks.publish(mask)
        robot.publish(points, stamp=mask.header.stamp)
        return robot.query("handle", timeout=1.0, max_age=60.0)

    def told(chosen: int, words: str, *, camera: bool) -> str:
        """What the node says, once it says this; an answer may still be about the mask before."""

        def message() -> str:
            now = ask(chosen, camera=camera).status.message
            return now if words in now else ""

        return robot.wait(words, message)

    needed = "regions needs the camera_info of its image for clouds with a single row"
    assert needed in told(0, needed, camera=False)
    for chosen in (0, 1):

        def on_chosen(chosen=chosen):
            parts = ask(chosen, camera=True).parts
            return parts if len(parts) == 1 and labels[parts[0].indices[0]] == chosen else []

        (part,) = robot.wait(f"the handle of object {chosen}", on_chosen)
        assert (labels[np.array(part.indices)] == chosen).mean() > 0.95
    nothing = "There is no object: no region of interest was given for this cloud."
    assert told(-1, nothing, camera=True) == nothing


@pytest.mark.ros
def test_a_detector_that_is_silent_sees_nothing_or_sends_nonsense_is_told_apart(start_node, robot):
    """Needs vision_msgs, which the wheels lack."""
    vision = pytest.importorskip("vision_msgs.msg", reason="vision_msgs is not installed")
    start_node({"regions": "detections", "max_cloud_age": 60.0, "diagnostics.no_cloud_after": 30.0})

    def why(boxes: list | None) -> str:
        header = robot.publish(VIEW.points).header
        if boxes is not None:
            detector.publish(vision.Detection2DArray(header=header, detections=boxes))
        return robot.query("handle", timeout=1.0, max_age=60.0).status.message

    def told(words: str, boxes: list | None) -> str:
        return robot.wait(words, lambda: next((now for now in [why(boxes)] if words in now), ""))

    silent = "/points arrives, but nobody publishes /detections; each needs the other"
    assert silent in told(silent, None)
    detector = robot.node.create_publisher(vision.Detection2DArray, "/detections", 1)
    robot.wait("the node to listen", detector.get_subscription_count)
    nonsense = detection(vision, VIEW.label == 1, "mug", 0.9)
    nonsense.bbox.center.position.x = float("nan")
    outside = "None of the boxes of detections (1) is finite and within the 640 × 480 image."
    assert outside in told(outside, [nonsense])
    nothing = "There is no object: no region of interest was given for this cloud."
    assert told(nothing, []) == nothing
    good = detection(vision, VIEW.label == 1, "mug", 0.9)
    assert robot.wait("an answer", lambda: not why([nonsense, good])), "only the bad box is left out"


def detection(vision, region: np.ndarray, name: str, score: float):
    """A detector's box around a region (H, W) of the image, with its class."""
    rows, columns = np.nonzero(region)
    box = vision.BoundingBox2D(size_x=float(np.ptp(columns)), size_y=float(np.ptp(rows)))
    box.center.position.x, box.center.position.y = float(np.mean(columns)), float(np.mean(rows))
    one = vision.Detection2D(bbox=box, results=[vision.ObjectHypothesisWithPose()])
    one.results[0].hypothesis.class_id, one.results[0].hypothesis.score = name, score
    return one


def named(*said: Belief) -> Server:
    """A frame of two mugs, each in a region named by a detector."""
    server = Server(Config(), StandIn(), OwnTransforms())
    cloud = Cloud(VIEW.points, None, CAMERA, 0)
    regions = [NamedRegion((VIEW.label == k).ravel(), name) for k, name in enumerate(said)]
    return server.look(SimpleNamespace(read=lambda: cloud, regions=lambda: regions, arrived=0.0))


def test_an_object_can_be_asked_for_by_its_detection_class():
    seen = named(Belief("Coffee Mug", 0.8), Belief("bowl", 0.9))
    first, second = (thing.id for thing in seen.frame.objects)
    assert [thing.belief.name for thing in seen.frame.objects] == ["coffee mug", "bowl"]
    assert {part.object_id for part in ask(seen, ["handle"], ["mug"]).parts} == {first}
    assert {part.object_id for part in ask(seen, ["handle"]).parts} == {first, second}


def test_numeric_unknown_and_unsure_classes_are_ignored():
    seen = named(Belief("3", 0.99), Belief("\x00" * 500, 0.9))
    assert [thing.said.name for thing in seen.frame.objects] == ["", ""]
    assert len(ask(seen, ["handle"], ["mug"]).parts) == 2, "the model sees two mugs"
    unsure = named(Belief("mug", 0.2), Belief("", 0.9))
    assert [thing.belief for thing in unsure.frame.objects] == [Belief("mug", 0.9)] * 2
