"""The published network with random weights, run as it was released: the yardstick of the encoder's benchmark."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from part_perception.encoder.importing import PUBLISHED_CONFIG, PUBLISHED_PATCHES
from part_perception.encoder.patches import make_patches
from part_perception.encoder.runtimes.base import stack_inputs


def published_weights() -> dict[str, np.ndarray]:
    """Random weights of the published sizes."""
    import torch

    from part_perception.encoder.architecture import Encoder

    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = Encoder(PUBLISHED_CONFIG)
    return {k: v.numpy() for k, v in network.state_dict().items() if v.is_floating_point()}


def published_inputs() -> dict[str, np.ndarray]:
    """One object as the published network takes it."""
    points = np.random.default_rng(0).normal(size=(6000, 3))
    points *= (1.0, 0.7, 0.4) / np.linalg.norm(points, axis=1, keepdims=True)
    return stack_inputs([make_patches(points, PUBLISHED_PATCHES)])


def eager_network(weights: dict[str, np.ndarray]) -> Callable[[], object]:
    """A call of the network in eager torch on one thread, its per-patch part without our savings."""
    import torch
    from torch.nn import functional as F

    from part_perception.encoder.architecture import PatchNet
    from part_perception.encoder.runtimes.torch import TorchRuntime

    class AsReleased(PatchNet):
        """Repeats the pooled half for every point and multiplies it there."""

        def forward(self, groups: torch.Tensor) -> torch.Tensor:
            batch, patches, neighbours, _ = groups.shape
            enter, norm, leave = self.first
            local = leave(F.relu(norm(enter(groups.reshape(-1, 3))))).view(batch * patches, neighbours, -1)
            pooled = local.amax(dim=1, keepdim=True).expand_as(local)
            enter, norm, leave = self.second
            mixed = F.relu(norm(enter(torch.cat([pooled, local], dim=-1).flatten(0, 1))))
            out = leave(mixed).view(batch * patches, neighbours, -1).amax(dim=1)
            return self.reduce(out).view(batch, patches, -1)

    runtime = TorchRuntime(weights, PUBLISHED_CONFIG, "cpu")
    runtime.network.patch_net.__class__ = AsReleased
    inputs = published_inputs()

    def run() -> object:
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            return runtime.run(inputs)
        finally:
            torch.set_num_threads(threads)

    return run
