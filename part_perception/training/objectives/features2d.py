"""Features of a 2-D teacher: PatchAlign3D's first stage. Patch tokens turn towards what an image model sees there."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F


def follow_teacher(projected: Tensor, teacher: Tensor) -> Tensor:
    """Mean of 1 - cosine between projected tokens (B, P, T) and given features; a row of zeros is not given."""
    known = teacher.abs().amax(dim=-1) > 0
    if not known.any():
        return projected.sum() * 0.0
    return (1 - F.cosine_similarity(projected, teacher, dim=-1))[known].mean()
