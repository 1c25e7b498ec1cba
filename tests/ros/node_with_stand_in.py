"""The real node with a stand-in for the model: `python node_with_stand_in.py --ros-args ...`."""

import logging
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scene"))

from stand_in import StandIn  # noqa: E402

from part_perception.ros.node import main  # noqa: E402


class Model(StandIn):
    """A model that also supports warming up."""

    def hierarchy(self, points, up):
        return None


def load(config) -> Model:
    while config.path and Path(config.path).exists():  # until a test releases it
        time.sleep(0.02)
    logging.getLogger("part_perception").info("stand-in loaded")
    return Model()


if __name__ == "__main__":
    sys.exit(main(load=load))
