"""Writing pictures, atomically; a link at the picture's path is replaced, not followed."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from part_perception.storage import replacing


def write_picture(path: Path, image: np.ndarray) -> None:
    """Write (H, W, 3) uint8 as a PNG."""
    from PIL import Image

    with replacing(path) as draft:
        Image.fromarray(image).save(draft)
