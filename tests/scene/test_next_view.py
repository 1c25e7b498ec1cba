"""Next view: where a moving camera should look from to see the far side of an object."""

import numpy as np
import pytest

from part_perception.geometry.poses import moved
from part_perception.grasping.gripper import Reach, Workspace
from part_perception.scene import ScenePerception
from part_perception.scene.next_view import MAX_LOOKS, Look, cells_holding, next_view
from part_perception.scene.sightlines import Sightlines
from part_perception.simulation.capture import Camera, capture, look_at
from part_perception.simulation.things import thing
from tests.ros import table
from tests.scene.stand_in import StandIn
from tests.simulated import MILD

FAR_SIDES = np.linspace(-0.5, 0.5, 10) + np.pi + 0.3  # azimuths of handles, seen from azimuth 0.3


class Arm:
    """A camera on a wrist that moves where it is told; time advances with each look."""

    def __init__(self, things, pose: np.ndarray):
        self.scene, self.things, self.pose, self.stamp = ScenePerception(StandIn()), things, pose, 0.0
        self.looks: list[Look] = []

    def look(self):
        self.stamp += 1.0
        seen = capture(
            self.things, self.pose, np.random.default_rng(0), camera=Camera(320, 240, 287.5), sensor=MILD
        )
        self.pixels_of_handle = int((seen.part == 1).sum())
        self.pixels = int((seen.label == 0).sum())
        frame = self.scene.process(seen.points, self.stamp, up=self.pose[2, :3], camera_pose=self.pose)
        view = next_view(frame, frame.chances("handle"), self.looks, self.pose)
        self.looks.append(Look(frame, self.pose))
        self.told = None if view is None else self.pose @ view
        return frame


@pytest.mark.parametrize("handle", FAR_SIDES)
def test_a_handle_on_the_far_side_is_found_by_following_the_views(handle):
    arm = Arm((table.mug(0, 0, handle),), look_at(0.3, 0.35, 0.7))
    views = 0
    while True:
        arm.look()
        if arm.pixels_of_handle > 100:
            break
        assert arm.told is not None and views < 2, "a side that was not seen"
        arm.pose, views = arm.told, views + 1
    assert views >= 1, "it was hidden at first"


def test_the_view_looks_at_the_object_level_and_from_above_the_table():
    arm = Arm((table.mug(0, 0, np.pi),), look_at(0.0, 0.35, 0.7))
    arm.look()
    told = arm.told
    right, down, forward, place = told[:3].T
    assert np.allclose(np.cross(right, down), forward)
    assert abs(right[2]) < 0.02 and down[2] < 0 and place[2] > 0.12
    assert np.linalg.norm(place + forward * 0.7 - (0, 0, 0.05)) < 0.05, "as far from it as before"
    assert place[:2] @ arm.pose[:2, 3] < 0, "from the other side"


def test_nothing_is_gained_once_all_sides_were_seen():
    arm = Arm((table.mug(0, 0, np.pi),), look_at(0.0, 0.6, 0.7))
    for azimuth in (0.0, 2.1, 4.2):
        arm.pose = look_at(azimuth, 0.6, 0.7)
        arm.look()
    assert arm.told is None


@pytest.mark.parametrize("before", ((), (table.mug(0.25, 0.25, 0.0),)))
def test_an_object_put_where_free_space_was_seen_still_has_unseen_sides(before):
    """The table around was seen from all sides; then a mug is put there. Its next view is as if none had been."""
    pose = look_at(0.0, 0.6, 0.7)
    arm, fresh = Arm(before, pose), Arm((*before, table.mug(0, 0, np.pi)), pose)
    for azimuth in (2.1, 4.2, 0.0):
        arm.pose = look_at(azimuth, 0.6, 0.7)
        arm.look()
    arm.things = fresh.things
    frame = arm.look()
    fresh.look()
    mug = min(frame.objects, key=lambda thing: np.linalg.norm(moved(thing.centroid, arm.pose)[:2]))
    view = next_view(frame, [(mug, 0.5)], arm.looks[:3], arm.pose)
    assert view is not None
    place = arm.pose @ view
    assert place[0, 3] < 0, "from the side that is hidden now"
    assert np.allclose(view, next_view(frame, [(mug, 0.5)], (), arm.pose)), "what was free then says nothing"


def test_of_a_pushed_object_the_sides_seen_before_stay_seen():
    """Seen from all sides, then pushed towards the camera by less than half its size: nothing new is to be gained."""
    arm = Arm((table.mug(0, 0, np.pi),), look_at(0.0, 0.6, 0.7))
    for azimuth in (2.1, 4.2, 0.0):
        arm.pose = look_at(azimuth, 0.6, 0.7)
        arm.look()
    arm.things = (table.mug(0.04, 0, np.pi),)
    frame = arm.look()
    (mug,) = frame.objects
    assert np.linalg.norm(mug.pushed - mug.observations[-1].pushed - (0.04, 0, 0)) < 0.01, (
        "the push was followed"
    )
    assert next_view(frame, [(mug, 0.5)], arm.looks[:3], arm.pose) is None


def test_another_side_is_not_a_push():
    """The back of a beer mug looks like its front some centimetres away."""
    one = thing("beer mug", 0)
    arm = Arm((one,), look_at(0.3, 0.45, 0.7))
    for azimuth in (0.3, 2.4):
        arm.pose = look_at(azimuth, 0.45, 0.7)
        frame = arm.look()
    assert all(np.array_equal(o.pushed, look.pushed) for o in frame.objects for look in o.observations)


def test_the_newest_view_of_each_position_is_remembered_up_to_a_limit():
    arm, looks = Arm((table.mug(0, 0, np.pi),), look_at(0.0, 0.6, 0.7)), []
    for azimuth in (0.0, 1.0, 0.02):
        arm.pose = look_at(azimuth, 0.6, 0.7)
        arm.look()
        looks = arm.looks[-1].kept_with(looks)
    assert looks == arm.looks[1:], "the last one replaced the first one, which was from about there"
    for azimuth in np.arange(MAX_LOOKS) * 0.5:
        arm.pose = look_at(azimuth, 0.4, 0.7)
        arm.look()
        looks = arm.looks[-1].kept_with(looks)
    assert looks == arm.looks[-MAX_LOOKS:]


def test_where_nothing_is_seen_the_camera_turns_until_it_has_looked_all_around():
    """A mug to the right, out of view: the camera turns on the spot, looking about as far down as before."""
    pose = look_at(0.3, 0.7, 0.6)
    quarter = np.array(((0, -1, 0), (1, 0, 0), (0, 0, 1)), float)
    aside = pose.copy()
    aside[:3, :3] = quarter @ pose[:3, :3]
    found, bare = Arm((table.mug(0, 0, 0.3),), aside), Arm((), aside)
    views = 0
    while not found.look().objects:
        assert found.told is not None and views < 8
        assert np.allclose(found.told[:3, 3], pose[:3, 3]), "on the spot"
        assert found.told[2, 2] == pytest.approx(pose[2, 2], abs=0.15), "as far down"
        found.pose, views = found.told, views + 1
    assert views >= 1 and found.pixels > 500
    directions = 0
    while bare.look() and bare.told is not None and directions < 12:
        bare.pose, directions = bare.told, directions + 1
    assert 4 <= directions <= 11, "all around"


def test_the_object_with_the_better_chance_is_looked_at_from_within_reach():
    arm = Arm((table.mug(0, -0.25, np.pi), table.mug(0, 0.25, np.pi)), look_at(0.0, 0.5, 0.9))
    frame = arm.look()
    left = min(frame.objects, key=lambda thing: moved(thing.centroid, arm.pose)[1])
    chances = [(thing, 0.5 if thing is left else 0.1) for thing in frame.objects]

    def told(workspace: Workspace | None = None):
        frame.workspace = workspace
        view = arm.pose @ next_view(frame, chances)
        away = np.linalg.norm(view[:3, 3] - moved(left.centroid, arm.pose))
        return view[:3, 3], view[:3, 3] + away * view[:3, 2]

    place, looked_at = told()
    assert np.linalg.norm(looked_at - (0, -0.25, 0.05)) < 0.06
    assert place[0] < 0
    base = arm.pose.copy()
    base[0, 3] -= 0.8  # in front of the table
    place, _ = told(Workspace(Reach("base", max_radius=0.8), base, 0.0))
    assert np.linalg.norm(place - (0.8, 0, 0)) <= 0.8
    frame.workspace = Workspace(Reach("base"), None, 0.0)
    assert next_view(frame, chances) is None


def test_without_a_known_camera_there_is_no_next_view():
    for seen, there in ((table.view(1), True), (table.bare(), False)):
        points = moved(seen.points, table.POSE)
        frame = ScenePerception(StandIn()).process(points, 0.0, up=(0, 0, 1), viewpoint=None)
        assert bool(frame.objects) == there
        assert next_view(frame, [(thing, 0.5) for thing in frame.objects]) is None


def test_a_look_marks_free_hidden_and_unseen_space():
    view = ScenePerception(StandIn()).process(table.bare().points, 0.0, up=table.bare().up).view
    lines = Sightlines(view, table.POSE)
    between = 0.5 * (table.POSE[:3, 3] + np.array((0.0, 0.0, 0.0)))
    through, below, beside = lines.behind(np.array((between, (0, 0, -0.3), (5.0, 5.0, 2.0))))
    assert through == pytest.approx(0.4, abs=0.08)
    assert -0.6 < below < -0.2 and np.isnan(beside)
    assert np.allclose(lines.viewpoint, table.POSE[:3, 3])


def test_points_at_the_border_of_the_grid_lie_in_its_last_cells():
    rng, counts = np.random.default_rng(0), np.array([5, 7, 3])
    rounded = 0
    for _ in range(500):
        low, size = rng.uniform(-1, 1, 3), rng.uniform(0.001, 0.01)
        last = np.nextafter(low + size * counts, -np.inf)
        rounded += int((((last - low) / size).astype(int) == counts).any())
        given = np.stack([low + 0.5 * size, last, last + size])
        assert cells_holding(given, low, size, counts).tolist() == [0, counts.prod() - 1]
    assert rounded > 0, "some quotients are rounded up"
