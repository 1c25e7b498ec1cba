"""The OpenCLIP adaptor, against a small stand-in with OpenCLIP's functions."""

import sys
import types

import numpy as np
import pytest

from part_perception.language import text_encoder

NAME = "open_clip:ViT-bigG-14/laion2b_s39b_b160k"


def test_a_missing_package_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "open_clip", None)
    with pytest.raises(ValueError, match="pip install open-clip-torch"):
        _ = text_encoder(NAME).dim


def test_constructing_imports_nothing(monkeypatch):
    monkeypatch.setitem(sys.modules, "open_clip", None)
    assert text_encoder(NAME).name == NAME


def stand_in(asked):
    """A module with the four functions that the adaptor calls."""
    torch = pytest.importorskip("torch")

    class Model(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.visual = torch.nn.Linear(2, 2)

        def encode_text(self, tokens, normalize):
            assert normalize and not self.training
            return torch.nn.functional.normalize(tokens.double(), dim=-1)

    def create_model(model, pretrained, require_pretrained, load_weights_only):
        assert require_pretrained and load_weights_only  # an untrained tower or a pickle is never taken
        asked.append((model, pretrained))
        if pretrained == "none":
            raise RuntimeError("no such weights")
        return Model()

    return types.SimpleNamespace(
        create_model=create_model,
        get_model_config=lambda model: {"embed_dim": 2},
        get_tokenizer=lambda model: lambda texts: torch.tensor([[len(t), 4] for t in texts]),
    )


def test_encodes_with_the_model_named(monkeypatch):
    asked = []
    monkeypatch.setitem(sys.modules, "open_clip", stand_in(asked))
    encoder = text_encoder(NAME)
    vectors = encoder.encode(["lid", "abcd"])
    np.testing.assert_allclose(vectors, [[0.6, 0.8], [0.5**0.5, 0.5**0.5]], atol=1e-6)
    assert (vectors.dtype, encoder.dim) == (np.float32, 2)
    assert asked == [("ViT-bigG-14", "laion2b_s39b_b160k")]
    assert encoder._parts[0].visual is None


def test_weights_that_cannot_be_had_are_one_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "open_clip", stand_in([]))
    with pytest.raises(ValueError, match="cannot be loaded: no such weights"):
        text_encoder("open_clip:ViT-B-32/none").encode(["lid"])
