"""Everything that talks to ROS 2; the rest of the package never imports it."""

import os

# Before numpy loads: threads that spin while they wait for each other starve camera driver and planner.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
