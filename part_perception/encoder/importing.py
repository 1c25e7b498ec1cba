"""Importing: converts a checkpoint in PatchAlign3D's published layout to our weights and manifest."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np

from part_perception.encoder.manifest import Confidence, EncoderConfig, Manifest
from part_perception.encoder.patches import PatchSpec
from part_perception.errors import InputError

PUBLISHED_CONFIG = EncoderConfig(384, 12, 6, (128, 256, 512, 256), 128, 1280, field=0, decoder=False)
PUBLISHED_PATCHES = PatchSpec(2048, 128, 32, blend=1, style="patchalign3d")
PUBLISHED_TEXT = "open_clip:ViT-bigG-14/laion2b_s39b_b160k"
_TEMPERATURE = 0.07
_HEAD_WIDTH = 64
_NAMES = (
    (r"encoder\.first_conv\.([01])\.", r"patch_net.first.\1."),
    (r"encoder\.first_conv\.3\.", "patch_net.first.2."),
    (r"encoder\.second_conv\.([01])\.", r"patch_net.second.\1."),
    (r"encoder\.second_conv\.3\.", "patch_net.second.2."),
    (r"reduce_dim\.", "patch_net.reduce."),
    (r"pos_embed\.", "position."),
    (r"cls_token$", "class_token"),
    (r"cls_pos$", "class_position"),
    (r"blocks\.blocks\.(\d+)\.(?:attn\.|mlp\.)?", r"blocks.\1."),
    (r"norm\.", "norm."),
)
_COUNTER = "num_batches_tracked"  # batch-norm counter from training; irrelevant to inference


def import_checkpoint(
    path: Path,
    name: str,
    heads: int | None = None,
    about: dict[str, str] | None = None,
    text: str = PUBLISHED_TEXT,
) -> tuple[Manifest, dict[str, np.ndarray]]:
    """The model of a checkpoint file. Nothing in it is executed; a missing or extra tensor is an error.

    `heads` cannot be derived from the tensors: by default each has the published width of 64. `text` is the
    text encoder it was trained with. Its confidence is not calibrated.
    """
    stored = read_checkpoint(path)
    model, head = _tensors(stored, "model", path), _tensors(stored, "proj", path)
    weights = {ours(key, path): value for key, value in model.items() if not key.endswith(_COUNTER)}
    weights |= {f"language_head.{key.removeprefix('proj.')}": value for key, value in head.items()}
    for key, value in weights.items():
        if key.startswith("patch_net") and value.shape[2:] == (1,):  # convolutions over one point are linear
            weights[key] = value[:, :, 0]
    config = config_of(weights, heads, path)
    check_tensors(weights, config, path)
    given = stored.get("args")
    args = given if isinstance(given, dict) else {}
    patches = replace(
        PUBLISHED_PATCHES,
        patches=int(args.get("num_group", PUBLISHED_PATCHES.patches)),
        neighbours=int(args.get("group_size", PUBLISHED_PATCHES.neighbours)),
    )
    rule = Confidence(scale=1 / _TEMPERATURE, bias=0.0, weights=(), smooth=False)
    manifest = Manifest(name, config, patches, rule, text_encoder=text, licence="MIT", about=about or {})
    return manifest, weights


def read_checkpoint(path: Path) -> dict:
    """Read the content of a torch file without running anything in it."""
    import pickle

    try:
        import torch
    except ImportError as error:
        raise InputError("reading a checkpoint needs torch, on the machine that imports it") from error
    if not path.is_file():
        raise InputError(f"there is no checkpoint {path}")
    try:
        stored = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise InputError(
            f"{path} is refused: it holds a pickled object besides tensors and plain values, or is not a torch file"
        ) from error
    except Exception as error:  # torch's readers raise many kinds of errors on a damaged file
        raise InputError(f"{path} is damaged or not a torch file: {_first_line(error)}") from error
    if not isinstance(stored, dict):
        raise InputError(
            f"{path} is not a PatchAlign3D checkpoint: it holds a {type(stored).__name__}, not a dict"
        )
    return stored


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _tensors(stored: dict, key: str, path: Path) -> dict[str, np.ndarray]:
    """A dict of tensors as arrays."""
    import torch

    found = stored.get(key)
    if not isinstance(found, dict):
        raise InputError(f"{path} is not a PatchAlign3D checkpoint: it has no {key!r}")
    wrong = [k for k, v in found.items() if not isinstance(v, torch.Tensor)]
    if wrong:
        raise InputError(f"{path} is not a PatchAlign3D checkpoint: {key}.{wrong[0]} is not a tensor")
    return {k: v.float().numpy() for k, v in found.items()}


def ours(key: str, path: Path) -> str:
    """Our name for a published tensor."""
    for pattern, name in _NAMES:
        if match := re.match(pattern, key):
            return match.expand(name) + key[match.end() :]
    raise InputError(f"the checkpoint {path} has an unexpected tensor: {key}")


def config_of(weights: dict[str, np.ndarray], heads: int | None, path: Path) -> EncoderConfig:
    """The network's sizes, derived from its tensors."""

    def size(key: str, axis: int = 0) -> int:
        if key not in weights or weights[key].ndim <= axis:
            raise InputError(f"the checkpoint {path} lacks the tensor {key}")
        return weights[key].shape[axis]

    widths = (
        size("patch_net.first.0.weight"),
        size("patch_net.first.2.weight"),
        size("patch_net.second.0.weight"),
        size("patch_net.second.2.weight"),
    )
    numbers = [int(match[1]) for key in weights if (match := re.match(r"blocks\.(\d+)\.", key))]
    dim = size("norm.weight")
    if heads is None and dim % _HEAD_WIDTH == 0:
        heads = dim // _HEAD_WIDTH
    if not heads or dim % heads:
        raise InputError(f"the checkpoint {path} is {dim} wide: give its number of heads (--heads)")
    return EncoderConfig(
        dim, max(numbers, default=-1) + 1, heads, widths, size("position.0.weight"), size("language_head.weight"),
        field=0, decoder=False,
    )  # fmt: skip


def check_tensors(weights: dict[str, np.ndarray], config: EncoderConfig, path: Path) -> None:
    """Check that exactly the network's tensors are there, each with its shape."""
    import torch

    from part_perception.encoder.architecture import Encoder

    with torch.device("meta"):
        wanted = {
            k: tuple(v.shape) for k, v in Encoder(config).state_dict().items() if not k.endswith(_COUNTER)
        }
    for found, message in (
        (sorted(wanted.keys() - weights.keys()), "lacks the tensor"),
        (sorted(weights.keys() - wanted.keys()), "has an unexpected tensor:"),
    ):
        if found:
            raise InputError(f"the checkpoint {path} {message} {', '.join(found)}")
    for key, shape in wanted.items():
        if weights[key].shape != shape:
            raise InputError(f"the tensor {key} of {path} is of shape {weights[key].shape}, not {shape}")
        if not np.isfinite(weights[key]).all():
            raise InputError(f"the tensor {key} of {path} holds numbers that are not finite")
