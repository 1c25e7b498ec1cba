"""A word that no dictionary has, taught on two marked mugs and asked on a third."""

import tempfile
from pathlib import Path

import numpy as np

from part_perception import PartSegmenter
from part_perception.simulation.things import thing


def marked_mug(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Points of a mug, and which of them are the part: in real life a person marks them."""
    mug = thing("mug", seed)
    handle = next(number for number, names in enumerate(mug.parts) if "handle" in names)
    return mug.surface.points[::4], mug.surface.part[::4] == handle


segmenter = PartSegmenter.load()
segmenter.teach("gripping zone A", [marked_mug(1), marked_mug(2)])

points, true = marked_mug(3)
answer = segmenter.ask(points, ["gripping zone A"])
overlap = (answer.masks[0] & true).sum() / (answer.masks[0] | true).sum()
print(f"found: {bool(answer.found[0])}, IoU with the truth {overlap:.2f}")

with tempfile.TemporaryDirectory() as folder:
    file = Path(folder) / "words.safetensors"
    segmenter.save_taught(file)  # the node keeps its words in such a file
    print("known again:", *PartSegmenter.load().load_taught(file))
