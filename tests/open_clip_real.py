"""The real open-clip-torch for tests, and a small model of it with random weights; nothing is fetched.

The package imports torchvision for pictures. Our adaptors never use it, and the
torchvision on PyPI belongs to a CUDA build of torch: where it cannot be imported, empty modules take its place.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from unittest.mock import MagicMock

import pytest

_TORCHVISION = (
    "torchvision", "torchvision.transforms", "torchvision.transforms.functional", "torchvision.ops",
    "torchvision.ops.misc",
)  # fmt: skip
VISION = {"image_size": 32, "layers": 2, "width": 32, "head_width": 16, "patch_size": 8}
TEXT = {"context_length": 77, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 2}


def real_open_clip():
    """The package; the test is skipped where it is not installed."""
    pytest.importorskip("torch", reason="open-clip-torch needs torch, which is not installed here")
    if importlib.util.find_spec("open_clip") is None:
        pytest.skip(
            "open-clip-torch is not installed here: pip install --no-deps -r requirements/open_clip.txt"
        )
    try:
        import torchvision  # noqa: F401
    except (ImportError, RuntimeError):
        for name in [n for n in sys.modules if n.partition(".")[0] == "torchvision"]:
            del sys.modules[name]
        sys.modules.update(dict.fromkeys(_TORCHVISION, MagicMock()))
    import open_clip

    return open_clip


def small_model(folder: Path, width: int) -> str:
    """The name by which our adaptors load a small ViT whose vectors are `width` wide."""
    import torch

    open_clip, name = real_open_clip(), f"small-vit-{width}"
    folder.mkdir(parents=True, exist_ok=True)
    config = {"embed_dim": width, "vision_cfg": VISION, "text_cfg": TEXT}
    (folder / f"{name}.json").write_text(json.dumps(config))
    open_clip.add_model_config(folder / f"{name}.json")
    with torch.random.fork_rng():
        torch.manual_seed(0)
        torch.save(open_clip.create_model(name).state_dict(), folder / f"{name}.pt")
    return f"open_clip:{name}/{folder / f'{name}.pt'}"
