"""OpenClip: the text tower of an OpenCLIP model, for making banks on a workstation."""

from __future__ import annotations

from functools import cached_property

import numpy as np


class OpenClip:
    """Vectors of "open_clip:MODEL/WEIGHTS". Needs the package open-clip-torch and, once, a network for the weights."""

    def __init__(self, name: str):
        self.name = name
        self.model, _, self.weights = name.removeprefix("open_clip:").partition("/")
        if not self.model or not self.weights:
            raise ValueError(
                f"{name!r} does not name a model and its weights, as open_clip:ViT-bigG-14/laion2b_s39b_b160k"
            )

    @property
    def dim(self) -> int:
        return self._parts[2]

    def encode(self, texts: list[str]) -> np.ndarray:
        """(n, dim) float32, every row of length one."""
        import torch

        model, tokenizer, _ = self._parts
        with torch.inference_mode():
            return model.encode_text(tokenizer(list(texts)), normalize=True).float().numpy()

    @cached_property
    def _parts(self) -> tuple:
        """The model, its tokenizer, and the length of its vectors."""
        try:
            import open_clip
        except ImportError:
            raise ValueError(
                f"the text encoder {self.name} needs a package: pip install open-clip-torch"
            ) from None
        try:
            model = open_clip.create_model(
                self.model, pretrained=self.weights, require_pretrained=True, load_weights_only=True
            ).eval()
            model.visual = None  # the larger half of its memory, and never asked
            dim = open_clip.get_model_config(self.model)["embed_dim"]
        except Exception as error:  # its many ways to miss a name, a file or the network
            raise ValueError(f"the text encoder {self.name} cannot be loaded: {error}") from error
        return model, open_clip.get_tokenizer(self.model), dim
