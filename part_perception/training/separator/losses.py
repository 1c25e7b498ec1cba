"""Losses: the cost of wrong cell classes and of wrong links between cells."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from part_perception.jit import compiled
from part_perception.scene.joining import BACKGROUND as BACKGROUND_CLASS
from part_perception.scene.joining import CLASSES, OBJECT, OFFSETS
from part_perception.scene.joining import SKIRT as SKIRT_CLASS
from part_perception.training.separator.pictures import BACKGROUND, NOTHING, SKIRT

IGNORED = 255
APART = 2.0  # relative cost of merging two objects, against splitting one


def losses(scores: Tensor, whose: Tensor) -> dict[str, Tensor]:
    """The cost of the classes, and that of the pairs of cells that are not skirts."""
    classes = torch.full_like(whose, OBJECT)
    classes[whose == BACKGROUND] = BACKGROUND_CLASS
    classes[whose == SKIRT] = SKIRT_CLASS
    classes[whose == NOTHING] = IGNORED
    cost = F.cross_entropy(scores[:, :CLASSES], classes.long(), ignore_index=IGNORED)
    return {"classes": cost, "pairs": _Pairs.apply(scores[:, CLASSES:], whose)}


class _Pairs(torch.autograd.Function):
    """Cross-entropy of every pair's link, averaged over an offset's pairs and then over offsets.

    Cost and gradient come from one pass over the cells: as tensors they take half the time of a step.
    """

    @staticmethod
    def forward(ctx: Any, links: Tensor, whose: Tensor) -> Tensor:
        said = np.ascontiguousarray(links.detach().numpy(), np.float32)
        slopes = np.zeros_like(said)
        offsets = np.array(OFFSETS)
        cost = pair_costs(said, np.ascontiguousarray(whose.numpy().astype(np.uint8)), offsets, slopes)
        ctx.save_for_backward(torch.from_numpy(slopes))
        return torch.tensor(cost, dtype=links.dtype)

    @staticmethod
    def backward(ctx: Any, *upstream: Tensor) -> tuple[Tensor, None]:
        (slopes,) = ctx.saved_tensors
        return slopes * upstream[0], None


@compiled("f8(f4[:,:,:,::1], u1[:,:,::1], i8[:,::1], f4[:,:,:,::1])", reorder_sums=True)
def pair_costs(said, whose, offsets, slopes):
    """The mean cost of all links, and its slope by each of them."""
    batch, ways, height, width = said.shape
    total = 0.0
    for k in range(ways):
        down, right = offsets[k]
        cost, known = 0.0, 0
        for b in range(batch):
            for row in range(height - down):
                for column in range(max(-right, 0), width - max(right, 0)):
                    here, there = whose[b, row, column], whose[b, row + down, column + right]
                    # one of them is an object, and neither is a skirt or nothing
                    if (
                        (here >= SKIRT and there >= SKIRT)
                        or here in (SKIRT, NOTHING)
                        or there in (SKIRT, NOTHING)
                    ):
                        continue
                    known += 1
                    x = said[b, k, row, column]
                    small = np.exp(-abs(x))
                    sure = (1.0 if x >= 0 else small) / (1.0 + small)
                    if here == there:
                        cost += np.log1p(small) + max(-x, 0.0)
                        slopes[b, k, row, column] = sure - 1.0
                    else:
                        cost += APART * (np.log1p(small) + max(x, 0.0))
                        slopes[b, k, row, column] = APART * sure
        known = max(known, 1)
        slopes[:, k] /= known * ways
        total += cost / known / ways
    return total
