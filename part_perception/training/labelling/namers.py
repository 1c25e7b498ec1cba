"""Namers: name the masks of a view with OpenCLIP, a vision-language model, or a plug-in.

A namer is a function of a `View` and masks (H, W) that returns (name, score from 0 to 1) pairs for each mask.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from part_perception.errors import InputError
from part_perception.language.encoders import PREFIX as OPEN_CLIP
from part_perception.language.encoders import load_open_clip
from part_perception.language.english import clean
from part_perception.shapes.kinds import KINDS
from part_perception.shapes.names import name_lists
from part_perception.training.labelling.endpoint import Endpoint, VisionModel
from part_perception.training.labelling.views import View
from part_perception.training.plugins import plugin

OPENAI = "openai:"
_SAYINGS = ("a photo of the {} of a {}", "the {} of a {}")
_FADED = 0.7  # of the way to white, around the masked region
_ROOM = 0.4  # of the mask's size, around it in the picture
_LIKELY = 0.15
_LONGEST = 60

Named = list[tuple[str, float]]
Namer = Callable[[View, Sequence[np.ndarray]], Sequence[Named]]


class OpenClipNamer:
    """Names masks with an OpenCLIP model: likely given words, for a picture with faded surroundings."""

    def __init__(self, model, tokenizer, words: Sequence[str]):
        self.model, self.tokenizer, self.words = model.eval(), tokenizer, list(words)
        size = model.visual.image_size
        self.size = size if isinstance(size, int) else size[0]
        self.mean, self.spread = (
            np.array(v, np.float32) for v in (model.visual.image_mean, model.visual.image_std)
        )
        self._text: dict[str, object] = {}

    @classmethod
    def load(cls, name: str, words: Sequence[str]) -> OpenClipNamer:
        net, tokenizer, _ = load_open_clip(name, "namer")
        return cls(net, tokenizer, words)

    def __call__(self, view: View, masks: Sequence[np.ndarray]) -> list[Named]:
        import torch

        cut = np.stack([self._prepared(faded(view.image, mask)) for mask in masks])
        with torch.inference_mode():
            seen = self.model.encode_image(torch.from_numpy(cut), normalize=True)
            logits = seen @ self._vectors(view.thing.category).T * self.model.logit_scale.exp()
            chance = logits.softmax(dim=1).numpy()
        return [[(self.words[k], float(row[k])) for k in np.flatnonzero(row >= _LIKELY)] for row in chance]

    def _prepared(self, image: np.ndarray) -> np.ndarray:
        """(3, S, S) the whole picture as model input, padded with white to a square."""
        from PIL import Image, ImageOps

        square = ImageOps.pad(Image.fromarray(image), (self.size, self.size), color=(255, 255, 255))
        values = (np.asarray(square, np.float32) / 255 - self.mean) / self.spread
        return np.ascontiguousarray(values.transpose(2, 0, 1))

    def _vectors(self, category: str):
        import torch
        from torch.nn import functional as F

        if category not in self._text:
            said = [saying.format(word, category) for word in self.words for saying in _SAYINGS]
            with torch.inference_mode():
                vectors = self.model.encode_text(self.tokenizer(said), normalize=True)
            self._text[category] = F.normalize(
                vectors.view(len(self.words), len(_SAYINGS), -1).mean(1), dim=-1
            )
        return self._text[category]


def faded(image: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Crop the picture around a mask and fade everything else."""
    rows, columns = np.nonzero(mask)
    room = int(_ROOM * max(np.ptp(rows), np.ptp(columns))) + 4
    window = (
        slice(max(rows.min() - room, 0), rows.max() + room + 1),
        slice(max(columns.min() - room, 0), columns.max() + room + 1),
    )
    light = image + _FADED * (255.0 - image)
    return np.where(mask[..., None], image, light).astype(np.uint8)[window]


def common_words() -> list[str]:
    """Return the first name of every part and of every kind in the data engine."""
    kinds = [clean(kind.names[0]) for kind in KINDS.values()]
    return list(dict.fromkeys([*(names[0] for names in name_lists()), *kinds]))


def namer_named(name: str, words: Sequence[str], cache: Path, endpoint: Callable[[], Endpoint]) -> Namer:
    """ "openai:MODEL", "open_clip:MODEL/WEIGHTS" or "module:function"; answers for money are kept in `cache`."""
    if name.startswith(OPENAI):
        return VisionModel(name.removeprefix(OPENAI), endpoint(), cache, words)
    if name.startswith(OPEN_CLIP):
        return OpenClipNamer.load(name, words or common_words())
    return plugin(name, "namer", f"'{OPENAI}MODEL', '{OPEN_CLIP}MODEL/WEIGHTS'")


def names_of(view: View, masks: Sequence[np.ndarray], namer: Namer) -> list[Named]:
    """Name the masks; names are checked and cleaned, and repeated ones count once."""
    given = list(namer(view, masks)) if masks else []
    if len(given) != len(masks):
        raise InputError(
            f"a namer must give a list of names for each mask, not {len(given)} for {len(masks)} masks"
        )
    return [_checked(each) for each in given]


def _checked(given: Sequence) -> Named:
    out: dict[str, float] = {}
    for each in given:
        try:
            name, score = each
            name, score = str(name), float(score)
        except (TypeError, ValueError) as error:
            raise InputError(f"a namer must give (name, score) for each answer: {error}") from None
        if not 0 <= score <= 1:
            raise InputError(f"a namer's score of {name!r} is {score}, not from 0 to 1")
        if len(name) <= _LONGEST and any(letter.isalnum() for letter in name):
            out[clean(name)] = max(out.get(clean(name), 0.0), score)
    return list(out.items())
