"""Everything that talks to ROS 2; the rest of the package never imports it."""

import os

# Set before numpy loads: spinning threads would starve the camera driver and the planner.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
