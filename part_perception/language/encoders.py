"""Text encoders: their common interface, OpenCLIP, and the embedding of a word in several sentences."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from functools import cached_property
from typing import Protocol, runtime_checkable

import numpy as np

from part_perception.errors import InputError

PREFIX = "open_clip:"
PACKAGE = "open-clip-torch"


class OpenClip:
    """Vectors of "open_clip:MODEL/WEIGHTS"; needs the package open-clip-torch.

    WEIGHTS is an OpenCLIP tag, downloaded once, or a file: open_clip:ViT-B-32/weights.pt.
    """

    def __init__(self, name: str):
        self.name = name
        split_name(name, "text encoder")

    @property
    def dim(self) -> int:
        return self._parts[2]

    def encode(self, texts: list[str]) -> np.ndarray:
        """(n, dim) float32, every row of length one."""
        import torch

        model, tokenizer, _ = self._parts
        device = next(model.parameters()).device
        with torch.inference_mode():
            return model.encode_text(tokenizer(list(texts)).to(device), normalize=True).float().cpu().numpy()

    @cached_property
    def _parts(self) -> tuple:
        """The model, its tokenizer, and the length of its vectors."""
        import torch

        model, tokenizer, dim = load_open_clip(self.name, "text encoder")
        model.visual = None  # the larger half of its memory, and unused
        return model.to("cuda" if torch.cuda.is_available() else "cpu"), tokenizer, dim


def split_name(name: str, role: str) -> tuple[str, str]:
    """ "open_clip:MODEL/WEIGHTS" → model and weights."""
    model, _, weights = name.removeprefix(PREFIX).partition("/")
    if not name.startswith(PREFIX) or not model or not weights:
        raise InputError(
            f"{name!r} names no {role}: a model and its weights, as {PREFIX}ViT-bigG-14/laion2b_s39b_b160k"
        )
    return model, weights


def load_open_clip(name: str, role: str) -> tuple:
    """A pretrained model ready for use, its tokenizer, and its vector length. `role` is for errors."""
    model, weights = split_name(name, role)
    package = _imported(name, role)
    # The flag was renamed in 3.0. Weights are never unpickled: a version that knows neither name is refused.
    known = inspect.signature(package.create_model).parameters
    safely = next((flag for flag in ("weights_only", "load_weights_only") if flag in known), None)
    if safely is None:
        raise InputError(f"the {role} {name} needs {PACKAGE} 2.30 or newer: pip install -U {PACKAGE}")
    try:
        made = package.create_model(model, pretrained=weights, require_pretrained=True, **{safely: True})
        return made.eval(), package.get_tokenizer(model), package.get_model_config(model)["embed_dim"]
    except Exception as error:  # a missing name, file or network raises many kinds of errors
        raise InputError(f"the {role} {name} cannot be loaded: {_first_line(error)}") from error


def _imported(name: str, role: str):
    """Import the package; the error tells a broken installation from a missing one."""
    try:
        import open_clip
    except ModuleNotFoundError as error:
        if error.name == "open_clip":
            raise InputError(f"the {role} {name} needs a package: pip install open-clip-torch") from None
        raise InputError(
            f"the {role} {name} needs {PACKAGE}, which lacks the module {error.name!r} here: pip install {PACKAGE} "
            f"{error.name}"
        ) from error
    except Exception as error:  # a torchvision for another torch fails with a RuntimeError
        raise InputError(
            f"the {role} {name} needs {PACKAGE}, which cannot be imported here ({_first_line(error)}): install torch "
            f"and torchvision of one release"
        ) from error
    return open_clip


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:300]


@runtime_checkable
class TextEncoder(Protocol):
    """Turns texts into normalised vectors. It is cheap until first used."""

    name: str

    @property
    def dim(self) -> int:
        """Length of its vectors."""
        ...

    def encode(self, texts: list[str]) -> np.ndarray:
        """(n, dim) float32, every row of length one."""
        ...


def text_encoder(spec: str) -> TextEncoder:
    """The encoder named "minilm" or "open_clip:MODEL/WEIGHTS", which is also its `.name`."""
    if spec == "minilm":
        from part_perception.language.minilm import MiniLM

        return MiniLM()
    if isinstance(spec, str) and spec.startswith(PREFIX):
        return OpenClip(spec)
    raise InputError(f'unknown text encoder {spec!r}: give "minilm" or "open_clip:MODEL/WEIGHTS"')


TEMPLATES = ("{}", "a {}", "{} part")


def check_templates(templates: Sequence[str]) -> tuple[str, ...]:
    """The templates as a tuple; each must have exactly one placeholder for the word."""
    if isinstance(templates, str) or not templates:
        raise InputError('templates must be a list such as ["{}", "a {}"]')
    for template in templates:
        if not isinstance(template, str) or template.count("{}") != 1:
            raise InputError(f"a template must have exactly one {{}} for the word, {template!r} has not")
    return tuple(templates)


def encode_words(
    words: Sequence[str], encoder: TextEncoder, templates: Sequence[str] = TEMPLATES
) -> np.ndarray:
    """(n, D) float32: each word in every template encoded, averaged and normalised."""
    templates = check_templates(templates)
    if not words:
        return np.zeros((0, encoder.dim), np.float32)
    said = [template.replace("{}", word) for word in words for template in templates]
    vectors = unit(encoder.encode(said)).reshape(len(words), len(templates), -1)
    return unit(vectors.mean(1))


def unit(vectors: np.ndarray) -> np.ndarray:
    """Rows scaled to length one, in float32."""
    vectors = np.asarray(vectors, np.float32)
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
