"""Messages: between numpy and ROS."""
