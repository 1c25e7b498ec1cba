"""Where is the handle? One object from a file.

part-perception sample mug && python examples/ask_a_file.py mug.ply
"""

import sys

from part_perception import PartSegmenter, read_cloud

cloud = read_cloud(sys.argv[1])  # .ply .pcd .npz .npy, text, meshes; (N, 3) in metres, up is +z
segmenter = PartSegmenter.load()
answer = segmenter.ask(cloud.points, ["handle", "body", "wheel"])

for part in answer.parts:
    if part.found:
        print(
            f"{part.query}: {len(part.indices)} points at {part.centroid.round(3)}, confidence {part.confidence:.2f}"
        )
    else:
        print(f"{part.query}: not there ({part.confidence:.2f})")
