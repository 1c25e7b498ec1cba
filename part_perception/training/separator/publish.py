"""Publish: the averaged weights of a run, with batch norms folded in, as the file that a robot loads."""

from __future__ import annotations

from pathlib import Path

import numpy as np


def folded(state: dict) -> dict[str, np.ndarray]:
    """Convolutions without the batch norms that follow them; the first one reads channels as ONNX unfolds them."""
    out = {}
    for name in state:
        if not name.endswith(".weight") or state[name].ndim != 4:
            continue
        layer = name.removesuffix(".weight")
        kernel = state[name].float().numpy()
        block, number = layer.rsplit(".", 1) if "." in layer else (layer, "")
        norm = f"{block}.{int(number) + 1}" if number.isdigit() else ""
        if f"{norm}.running_var" in state:
            gain, shift, mean, var = (
                state[f"{norm}.{k}"].float().numpy()
                for k in ("weight", "bias", "running_mean", "running_var")
            )
            gain = gain / np.sqrt(var + 1e-5)
            out[f"{block}.weight"], out[f"{block}.bias"] = (
                kernel * gain[:, None, None, None],
                shift - mean * gain,
            )
        else:
            out[f"{layer}.weight"], out[f"{layer}.bias"] = kernel, state[f"{layer}.bias"].float().numpy()
    enter = out["enter.1.weight"]  # torch unfolds channel by channel, ONNX position by position
    out["enter.1.weight"] = enter.reshape(len(enter), -1, 4, 1, 1).swapaxes(1, 2).reshape(enter.shape)
    return {k: np.ascontiguousarray(v, np.float32) for k, v in out.items()}


def publish(run: Path, path: Path) -> None:
    """Write the weights of a run's checkpoint as a file that a robot loads."""
    import torch

    from part_perception.scene.separator import save_weights

    saved = torch.load(run / "checkpoint.pt", map_location="cpu", weights_only=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    save_weights(path, folded(saved["average"]))
