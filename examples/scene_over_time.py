"""A camera that moves about a table: objects keep their numbers, and known ones are not encoded again."""

import numpy as np

from part_perception import ScenePerception
from part_perception.simulation.capture import capture, orbit
from part_perception.simulation.things import thing

table = [thing("mug", 1).moved((0.0, -0.15, 0.0), 3.9), thing("cooking pot", 1).moved((0.0, 0.15, 0.0))]
rng = np.random.default_rng(1)
scene = ScenePerception()

for number, pose in enumerate(orbit(3, swing=0.2)):
    cloud = capture(table, pose, rng).points  # (H, W, 3) metres in the camera's frame, as a driver gives it
    frame = scene.process(cloud, stamp=0.1 * number, camera_pose=pose)
    print(f"frame {number}: {len(frame.objects)} objects, {frame.counts['encoded']} newly encoded")
    for part in frame.ask("handle"):
        if part.found:
            x, y, z = pose[:3, :3] @ part.centroid + pose[:3, 3]
            grasp = f", open the gripper {1e3 * part.grasp.width:.0f} mm" if part.grasp else ""
            print(f"  handle of object {part.object_id} at {x:.2f} {y:.2f} {z:.2f} in the world{grasp}")
