"""Everything that talks to ROS 2; the rest of the package never imports it."""
