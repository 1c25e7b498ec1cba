#!/bin/bash
# Every command in the container sees ROS 2 and our workspace.
set -e
source "/opt/ros/${ROS_DISTRO}/setup.bash"
source /opt/part_perception/.venv/overlay/install/local_setup.bash
exec "$@"
