"""The command `label` with a slow stand-in for the model: `python label_with_stand_in.py IN --out DIR`."""

import os
import sys
import time

import small_bags

import part_perception.ros.node
from part_perception.cli.main import main


def load_slowly(model):
    """An object takes 0.2 s, or SLOW seconds, so that there is time to be killed in between."""
    stand_in = small_bags.load_stand_in(model)
    encode = stand_in.encode

    def slow(*given, **named):
        time.sleep(float(os.environ.get("SLOW", "0.2")))
        return encode(*given, **named)

    stand_in.encode = slow
    return stand_in


if __name__ == "__main__":
    import label_with_stand_in  # so that workers find the loader by its name

    part_perception.ros.node.load_segmenter = label_with_stand_in.load_slowly
    sys.exit(main(["label", *sys.argv[1:]]))
