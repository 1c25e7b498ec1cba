"""The node as it is installed, but it releases memory every half second: `python node_released_often.py ...`."""

import sys

from part_perception import heap

heap.RELEASE_EVERY = 0.5

from part_perception.cli.node import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
