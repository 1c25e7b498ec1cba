"""Objects taken apart without words: one by itself, coarse and fine, then two alike."""

import numpy as np

from part_perception import PartSegmenter
from part_perception.simulation.things import thing

chairs = [thing("chair", seed).surface.points[::4] for seed in (1, 2)]
segmenter = PartSegmenter.load()

tree = segmenter.hierarchy(chairs[0])
for count in (2, 4, tree.natural_parts()):
    print(f"{count} parts of", *np.bincount(tree.cut(count)), "points")

first, second = segmenter.cosegment(chairs[0], chairs[1:], parts=4)
for part in np.unique(first):
    print(
        f"part {part}: {np.mean(first == part):.0%} of one chair, {np.mean(second == part):.0%} of the other"
    )
