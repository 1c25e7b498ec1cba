"""Recordings: bags, transforms and camera images, read without ROS."""
