"""Ranks: train one model on several devices, started by torchrun. On a single device this does nothing."""

from __future__ import annotations

import os

import torch
from torch import distributed as dist
from torch import nn


class Ranks:
    """The rank of this process in its group, and synchronisation with the others."""

    def __init__(self, number: int = 0, count: int = 1):
        self.number, self.count = number, count

    @classmethod
    def join(cls, device: str) -> Ranks:
        """Join the group that torchrun describes, or run as a single process."""
        count = int(os.environ.get("WORLD_SIZE", "1"))
        if count == 1:
            return cls()
        if not dist.is_initialized():
            dist.init_process_group("nccl" if device.startswith("cuda") else "gloo")
        return cls(dist.get_rank(), count)

    @property
    def first(self) -> bool:
        return self.number == 0

    def mean_gradients(self, module: nn.Module) -> None:
        """Give every process the mean of all gradients; a missing gradient counts as zero."""
        if self.count == 1:
            return
        parameters = [p for p in module.parameters() if p.requires_grad]
        flat = torch.cat([(torch.zeros_like(p) if p.grad is None else p.grad).flatten() for p in parameters])
        dist.all_reduce(flat)
        flat /= self.count
        for p, mean in zip(parameters, flat.split([p.numel() for p in parameters]), strict=True):
            p.grad = mean.view_as(p)

    def agree(self, end: bool) -> bool:
        """Return whether the first process wants to end, so that all end after the same step."""
        if self.count == 1:
            return end
        flag = torch.tensor([float(end)], device="cuda" if dist.get_backend() == "nccl" else "cpu")
        dist.broadcast(flag, 0)
        return bool(flag.item())

    def wait(self) -> None:
        if self.count > 1:
            dist.barrier()
