"""Grasping: plans how a gripper can hold a part."""
