"""The published checkpoint: a small instance that the released network made, and files that must be refused."""

import pickle
from pathlib import Path

import numpy as np
import pytest
import torch

from part_perception.encoder import sampling
from part_perception.encoder.importing import import_checkpoint
from part_perception.encoder.neighbours import nearest_of
from part_perception.encoder.runtimes.base import AtSamples
from part_perception.encoder.runtimes.onnx import OnnxRuntime
from part_perception.encoder.runtimes.torch import TorchRuntime
from part_perception.encoder.store import StoredModel, load_weights, save_model, torch_outputs
from tests.encoder.conftest import lamp

CHECKPOINT = Path(__file__).parent / "golden" / "patchalign3d_small.pt"
HEADS = 3


@pytest.fixture(scope="module")
def golden():
    with np.load(CHECKPOINT.with_suffix(".npz")) as file:
        return dict(file)


@pytest.fixture(scope="module")
def imported():
    return import_checkpoint(CHECKPOINT, "golden", HEADS)


@pytest.fixture
def stored():
    return torch.load(CHECKPOINT, weights_only=True)


def patches_of(golden, manifest):
    """Centres and memberships by our sampling."""
    rows = [sampling.centre_rows(points, manifest.patches.patches) for points in golden["points"]]
    centres = np.stack([points[r] for points, r in zip(golden["points"], rows, strict=True)])
    near = np.stack(
        [
            nearest_of(c, p, manifest.patches.neighbours)[0]
            for c, p in zip(centres, golden["points"], strict=True)
        ]
    )
    return centres, near


def groups_of(golden, centres, near):
    points = np.stack([p[n] for p, n in zip(golden["points"], near, strict=True)])
    return points - centres[:, :, None]


def test_sizes_are_read_from_the_tensors(imported):
    manifest, _ = imported
    assert (manifest.encoder.dim, manifest.encoder.depth, manifest.encoder.language) == (48, 3, 24)
    assert manifest.encoder.patch_widths == (128, 256, 512, 32)
    assert (manifest.patches.patches, manifest.patches.neighbours) == (16, 8)
    assert manifest.text_encoder == "open_clip:ViT-bigG-14/laion2b_s39b_b160k"
    assert manifest.licence == "MIT"


def test_centres_and_memberships_equal_the_published_ones(golden, imported):
    centres, near = patches_of(golden, imported[0])
    assert np.array_equal(centres, golden["centers"])
    assert np.array_equal(near, golden["patch_idx"])


def test_features_are_the_published_ones_in_torch_and_in_the_graph(golden, imported, tmp_path):
    manifest, weights = imported
    centres, near = patches_of(golden, manifest)
    inputs = {"groups": groups_of(golden, centres, near), "centres": centres}
    network = TorchRuntime(weights, manifest.encoder, "cpu").network
    with torch.no_grad():
        tokens = network.tokens(torch.from_numpy(inputs["groups"]), torch.from_numpy(centres))
    assert np.abs(tokens.numpy() - golden["emb"]).max() < 1e-5
    unused = dict.fromkeys(("samples", "near", "weight"), np.zeros((2, 1, 3), np.float32))
    assert (
        np.abs(torch_outputs(weights, manifest.encoder, inputs | unused)["language"] - golden["feat"]).max()
        < 1e-5
    )
    saved = save_model(tmp_path / "golden", manifest, weights)
    given = OnnxRuntime(StoredModel(tmp_path / "golden", saved).written()).run(inputs)["language"]
    assert np.abs(given - golden["feat"]).max() < 1e-5
    back = load_weights(tmp_path / "golden", save_model(tmp_path / "golden", manifest, weights))
    assert all(np.array_equal(back[k], weights[k]) for k in weights) and back.keys() == weights.keys()


def test_an_imported_model_answers(imported, tmp_path, monkeypatch):
    from part_perception import PartSegmenter
    from part_perception.language import TextBank

    monkeypatch.setenv("PART_PERCEPTION_CACHE", str(tmp_path / "cache"))
    manifest, weights = imported
    folder = tmp_path / "golden"
    save_model(folder, manifest, weights)
    with pytest.raises(ValueError, match="has no words yet: make .* --encoder open_clip:ViT-bigG-14"):
        PartSegmenter.load(folder)
    vectors = np.eye(3, 24, dtype=np.float32)
    TextBank(("foot", "pole", "shade"), vectors, manifest.text_encoder, manifest.templates).save(
        folder / "text_bank.safetensors"
    )
    segmenter = PartSegmenter.load(folder)
    labels = segmenter.label(lamp(), ["foot", "pole", "shade"])
    assert labels.shape == (900,) and set(np.unique(labels)) <= {0, 1, 2}
    assert segmenter.features(lamp()).shape == (900, 24)
    assert segmenter.ask(lamp(), ["pole"]).masks.shape == (1, 900)
    with pytest.raises(ValueError, match="lacks 'handle'.*models bank --encoder open_clip"):
        segmenter.ask(lamp(), ["handle"])


def test_samples_take_the_features_of_their_nearest_patches():
    class TwoPatches:
        name, alone = "two", True

        def run(self, inputs):
            return {"language": np.array([[[1.0, 0], [0, 1]], [[0, -1], [-1, 0]]])}

    near = np.array([[[0, 1]], [[2, 3]]])
    weight = np.array([[[1.0, 0.0]], [[0.5, 0.5]]])
    out = AtSamples(TwoPatches()).run({"near": near, "weight": weight})["language"]
    assert np.allclose(out, [[[1, 0]], [[-np.sqrt(0.5), -np.sqrt(0.5)]]])


def changed(stored, tmp_path, change):
    change(stored)
    torch.save(stored, tmp_path / "changed.pt")
    return tmp_path / "changed.pt"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda s: s["model"].pop("blocks.blocks.1.mlp.fc1.bias"), r"lacks the tensor blocks\.1\.fc1\.bias"),
        (lambda s: s["model"].pop("norm.weight"), r"lacks the tensor norm\.weight"),
        (
            lambda s: s["model"].update({"extra.weight": torch.zeros(2)}),
            r"unexpected tensor: extra\.weight",
        ),
        (lambda s: s["model"].update({"norm.gain": torch.zeros(2)}), r"unexpected tensor: norm\.gain"),
        (
            lambda s: s["model"].update({"norm.bias": torch.zeros(3)}),
            r"norm\.bias .* is of shape \(3,\), not \(48,\)",
        ),
        (lambda s: s["model"]["norm.bias"].fill_(float("nan")), r"norm\.bias .* not finite"),
        (lambda s: s.pop("proj"), "has no 'proj'"),
        (lambda s: s["model"].update({"norm.bias": 3}), r"model\.norm\.bias is not a tensor"),
    ],
)
def test_missing_extra_and_wrong_tensors_are_named(stored, tmp_path, change, said):
    with pytest.raises(ValueError, match=said):
        import_checkpoint(changed(stored, tmp_path, change), "m", HEADS)


def test_the_number_of_heads_is_not_guessed():
    with pytest.raises(ValueError, match="48 wide: give its number of heads"):
        import_checkpoint(CHECKPOINT, "m")


class Trap:
    """Creates a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def test_a_pickled_object_is_refused_and_not_executed(stored, tmp_path):
    sprung = tmp_path / "sprung"
    path = changed(stored, tmp_path, lambda s: s.update(args=Trap(sprung)))
    with pytest.raises(ValueError, match="refused: it holds a pickled object"):
        import_checkpoint(path, "m", HEADS)
    (tmp_path / "bare.pt").write_bytes(pickle.dumps(Trap(sprung)))
    with pytest.raises(ValueError, match="refused"):
        import_checkpoint(tmp_path / "bare.pt", "m", HEADS)
    assert not sprung.exists()
    torch.load(path, weights_only=False)
    assert sprung.exists()  # the trap works where it is allowed to


@pytest.mark.parametrize("keep", [0, 10, 1000, 1_000_000])
def test_truncated_checkpoints_are_refused(tmp_path, keep):
    (tmp_path / "cut.pt").write_bytes(CHECKPOINT.read_bytes()[:keep])
    with pytest.raises(ValueError, match=r"cut\.pt"):
        import_checkpoint(tmp_path / "cut.pt", "m", HEADS)


def test_other_content_is_refused(tmp_path):
    torch.save([1, 2], tmp_path / "list.pt")
    with pytest.raises(ValueError, match="holds a list, not a dict"):
        import_checkpoint(tmp_path / "list.pt", "m")
    with pytest.raises(ValueError, match="there is no checkpoint"):
        import_checkpoint(tmp_path / "none.pt", "m")
