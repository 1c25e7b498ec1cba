"""Start-up: the shipped model answers soon, and torch is never touched."""

import json
import os
import subprocess
import sys

PROGRAM = """
import json, sys, time
import numpy as np
from part_perception import PartSegmenter
points = np.random.default_rng(0).normal(size=(5000, 3))
answer = PartSegmenter.load().ask(points, ["handle"])
print(json.dumps({"seconds": time.process_time(), "torch": "torch" in sys.modules, "masks": answer.masks.shape}))
"""


def start(folder) -> dict:
    env = {**os.environ, "OMP_NUM_THREADS": "1", "PART_PERCEPTION_CACHE": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, env=env, timeout=100, check=True
    )
    return json.loads(done.stdout)


def test_load_and_first_answer_are_quick_and_without_torch(tmp_path):
    """In processor time, which other programs on the machine change little."""
    assert start(tmp_path)["torch"] is False
    warm = [start(tmp_path) for _ in range(2)]
    assert warm[0]["masks"] == [1, 5000]
    assert min(w["seconds"] for w in warm) <= 1.5
