"""Architecture: patches → per-patch network → transformer → heads, for ours and the published model."""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from part_perception.encoder.manifest import EncoderConfig


class PatchNet(nn.Module):
    """A small PointNet shared by all patches: points relative to the centre (..., K, 3) → a token each."""

    def __init__(self, config: EncoderConfig):
        super().__init__()
        a, b, c, d = config.patch_widths
        self.first = nn.ModuleList([nn.Linear(3, a), nn.BatchNorm1d(a), nn.Linear(a, b)])
        self.second = nn.ModuleList([nn.Linear(2 * b, c), nn.BatchNorm1d(c), nn.Linear(c, d)])
        self.reduce = nn.Linear(d, config.dim)

    def forward(self, groups: Tensor) -> Tensor:
        batch, patches, neighbours, _ = groups.shape
        enter, norm, leave = self.first
        local = leave(F.relu(norm(enter(groups.reshape(-1, 3)))))
        # its gradient costs half as much as that of amax
        pooled = local.view(-1, neighbours, local.shape[-1]).max(dim=1).values
        enter, norm, leave = self.second
        # The pooled half of the input is the same for all points of a patch: its product is computed once.
        b, linear = local.shape[-1], cast(nn.Linear, enter)
        mixed = F.linear(local, linear.weight[:, b:]).view(len(pooled), neighbours, -1)
        mixed = mixed + F.linear(pooled, linear.weight[:, :b], linear.bias)[:, None]
        out = leave(F.relu(norm(mixed.flatten(0, 1)))).view(len(pooled), neighbours, -1).max(dim=1).values
        return self.reduce(out).view(batch, patches, -1)


class Block(nn.Module):
    """A pre-norm transformer block; query, key and value in one product without bias."""

    def __init__(self, dim: int, heads: int):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.qkv = nn.Linear(dim, 3 * dim, bias=False)
        self.proj = nn.Linear(dim, dim)
        self.fc1, self.fc2 = nn.Linear(dim, 4 * dim), nn.Linear(4 * dim, dim)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attend(self.norm1(x))
        return x + self.fc2(F.gelu(self.fc1(self.norm2(x))))

    def attend(self, x: Tensor) -> Tensor:
        batch, tokens, dim = x.shape
        qkv = self.qkv(x).view(batch, tokens, 3, self.heads, dim // self.heads).permute(2, 0, 3, 1, 4)
        query, key, value = qkv[0], qkv[1], qkv[2]
        # Written out: for a hundred tokens it trains faster on a CPU than the fused kernel, and exports well.
        look = ((query * (dim // self.heads) ** -0.5) @ key.transpose(-1, -2)).softmax(dim=-1)
        return self.proj((look.to(value.dtype) @ value).transpose(1, 2).reshape(batch, tokens, dim))


class PointDecoder(nn.Module):
    """Tokens → features at samples: each sample attends to its nearest patches and its place in each."""

    def __init__(self, config: EncoderConfig):
        super().__init__()
        self.token = nn.Linear(config.dim, config.dim)
        self.place = nn.Linear(6, config.dim)
        self.mix = nn.Linear(config.dim, config.dim)
        self.out = nn.Linear(config.dim, config.dim)

    def forward(
        self, tokens: Tensor, centres: Tensor, samples: Tensor, near: Tensor, weight: Tensor
    ) -> Tensor:
        """`near` (B, S, J) indexes the patches of the whole batch, flattened: b * P + patch."""
        seen = self.token(tokens).flatten(0, 1)[near]
        offset = samples[:, :, None] - centres.flatten(0, 1)[near]
        place = torch.cat([offset * 4.0, samples[:, :, None].expand_as(offset)], dim=-1)
        blended = (F.relu(seen + self.place(place)) * weight[..., None]).sum(dim=2)
        return self.out(F.relu(self.mix(blended)))


class Encoder(nn.Module):
    """Canonical patches in, normalised language features (and a part field) out."""

    def __init__(self, config: EncoderConfig):
        super().__init__()
        self.config = config
        self.patch_net = PatchNet(config)
        self.position = nn.Sequential(
            nn.Linear(3, config.position_width), nn.GELU(), nn.Linear(config.position_width, config.dim)
        )
        self.class_token = nn.Parameter(torch.zeros(1, 1, config.dim))
        self.class_position = nn.Parameter(torch.empty(1, 1, config.dim))
        # where only shapes matter, drawing numbers would load torch's compiler
        if not self.class_position.is_meta:
            nn.init.normal_(self.class_position, std=0.02)
        self.blocks = nn.ModuleList(Block(config.dim, config.heads) for _ in range(config.depth))
        self.norm = nn.LayerNorm(config.dim)
        self.decoder = PointDecoder(config) if config.decoder else None
        self.language_head = nn.Linear(config.dim, config.language)
        self.field_head = nn.Linear(config.dim, config.field) if config.field else None
        self.motion_head = nn.Linear(config.dim, config.motion) if config.motion else None

    def tokens(self, groups: Tensor, centres: Tensor) -> Tensor:
        """Patch tokens (B, P, dim) after the final norm."""
        batch = len(groups)
        x = torch.cat([self.class_token.expand(batch, -1, -1), self.patch_net(groups)], dim=1)
        position = torch.cat([self.class_position.expand(batch, -1, -1), self.position(centres)], dim=1)
        for block in self.blocks:
            x = block(x + position)
        return self.norm(x)[:, 1:]

    def hidden(
        self, groups: Tensor, centres: Tensor, samples: Tensor, near: Tensor, weight: Tensor
    ) -> Tensor:
        """Features before the heads: at samples with a decoder, else at patches."""
        tokens = self.tokens(groups, centres)
        if self.decoder is None:
            return tokens
        return self.at_samples(tokens, centres, samples, near, weight)

    def at_samples(
        self, tokens: Tensor, centres: Tensor, samples: Tensor, near: Tensor, weight: Tensor
    ) -> Tensor:
        """Features before the heads at samples (B, S, dim): decoded, else blended from nearby patches."""
        if self.decoder is None:
            return (tokens.flatten(0, 1)[near] * weight[..., None]).sum(dim=2)
        return self.decoder(tokens, centres, samples, near, weight)

    def language(self, hidden: Tensor) -> Tensor:
        return F.normalize(self.language_head(hidden), dim=-1)

    def field(self, hidden: Tensor) -> Tensor:
        assert self.field_head is not None  # only a model with a part field is asked for it
        return F.normalize(self.field_head(hidden), dim=-1)

    def motion(self, hidden: Tensor) -> Tensor:
        """Scores of the kinds of motion, the axis (3) and the offset to it (3): see `parts.motion`."""
        assert self.motion_head is not None  # only a model that tells motions is asked for them
        return self.motion_head(hidden)
