"""Torch: runs the network as it is trained, for comparison and for GPUs that no other runtime supports."""

from __future__ import annotations

import numpy as np

from part_perception.encoder.manifest import EncoderConfig
from part_perception.encoder.runtimes.base import Source
from part_perception.errors import InputError

_COUNTER = "num_batches_tracked"


def open_torch(model: Source, precision: str, threads: int) -> TorchRuntime:
    return TorchRuntime(model.weights(), model.manifest.encoder)


class TorchRuntime:
    """The weights in torch, on the GPU if there is one."""

    alone = False

    def __init__(self, weights: dict[str, np.ndarray], config: EncoderConfig, device: str | None = None):
        try:
            import torch
        except ImportError as error:
            raise InputError("torch is not installed here") from error
        from part_perception.encoder.architecture import Encoder

        self._torch = torch
        self.device = device or ("cuda" if torch.cuda.is_available() else "cpu")
        self.network = Encoder(config)
        state = {k: torch.from_numpy(np.ascontiguousarray(v)) for k, v in weights.items()}
        missing, extra = self.network.load_state_dict(state, strict=False)
        if wrong := [k for k in missing if not k.endswith(_COUNTER)] + extra:
            raise InputError(f"the weights do not fit the network: {', '.join(wrong[:3])}")
        self.network.eval().to(self.device)
        self.name = f"torch-{self.device}"

    def run(self, inputs: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        with self._torch.inference_mode():
            names = ("groups", "centres", "samples", "near", "weight")
            given = [self._torch.from_numpy(np.ascontiguousarray(inputs[n])).to(self.device) for n in names]
            hidden = self.network.hidden(*given)
            out = {"language": self.network.language(hidden)}
            if self.network.field_head is not None:
                out["field"] = self.network.field(hidden)
            if self.network.motion_head is not None:
                out["motion"] = self.network.motion(hidden)
            return {name: value.cpu().numpy() for name, value in out.items()}
