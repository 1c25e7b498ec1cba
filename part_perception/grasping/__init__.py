"""Grasping: where a gripper can hold a part."""
