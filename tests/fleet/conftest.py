"""Small recordings of a table with three mugs, and a folder with their labels."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytest.importorskip("rclpy", reason="these tests need ROS 2")
pytest.importorskip("pyarrow", reason="these tests need the extra [fleet]")
sys.path[:0] = [str(Path(__file__).parent), *(str(Path(__file__).parents[1] / n) for n in ("ros", "scene"))]
