"""The published model from cloud to labels, through the public calls, against the results of its own pre-processing."""

from pathlib import Path

import numpy as np
import pytest

from part_perception import PartSegmenter
from part_perception.encoder import sampling
from part_perception.encoder.importing import import_checkpoint
from part_perception.encoder.patches import make_patches
from part_perception.encoder.store import save_model
from part_perception.geometry.poses import level
from part_perception.language import TextBank

GOLDEN = Path(__file__).parent / "golden"
UPS = {"points_z_up": (0.0, 0.0, 1.0), "points_y_up": (0.0, 1.0, 0.0)}
WORDS = ("a", "b", "c", "d", "e", "f")
TELLING = ("p", "q", "r", "s", "t", "u")


@pytest.fixture(scope="module")
def golden():
    with np.load(GOLDEN / "patchalign3d_route.npz") as file:
        return dict(file)


@pytest.fixture(scope="module")
def telling(golden):
    """(6, D) words that separate the patches of a network with random weights, whose features are very similar."""
    features = golden["point_features"].astype(np.float64)
    mean = features.mean(axis=0) / np.linalg.norm(features.mean(axis=0))
    widest = np.linalg.svd(features - features.mean(axis=0), full_matrices=False)[2][:3]
    across = widest - np.outer(widest @ mean, mean)
    both = np.concatenate([across, -across])
    return (both / np.linalg.norm(both, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def segmenter(golden, telling, tmp_path_factory):
    folder = tmp_path_factory.mktemp("imported") / "golden"
    manifest, weights = import_checkpoint(GOLDEN / "patchalign3d_small.pt", "golden", 3)
    save_model(folder, manifest, weights)
    vectors = np.concatenate([golden["text"], telling])
    words = TextBank(WORDS + TELLING, vectors, manifest.text_encoder, manifest.templates)
    words.save(folder / "text_bank.safetensors")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PART_PERCEPTION_CACHE", str(folder / "cache"))
        return PartSegmenter.load(folder, "onnx:fp32")


@pytest.mark.parametrize("given", UPS)
def test_the_network_sees_the_published_points_centres_and_patches(golden, segmenter, given):
    upright = golden[given].astype(np.float64) @ level(np.array(UPS[given])).T
    patches = make_patches(upright, segmenter.manifest.patches, clean=True)
    seen = sampling.mirrored(patches.samples[: patches.count])
    np.testing.assert_allclose(seen, golden["network_points"], atol=1e-6)
    np.testing.assert_allclose(patches.centres, golden["centers"], atol=1e-6)
    assert np.array_equal(patches.near[: patches.count, 0], golden["nearest"])


@pytest.mark.parametrize("given", UPS)
def test_points_have_the_published_features(golden, segmenter, given):
    features, truth = segmenter.features(golden[given], up=UPS[given]), golden["point_features"]
    cosine = np.einsum("nd,nd->n", features, truth) / np.linalg.norm(truth, axis=1)
    assert cosine.min() > 0.99999


@pytest.mark.parametrize("given", UPS)
def test_points_have_the_published_labels(golden, telling, segmenter, given):
    labels = segmenter.label(golden[given], WORDS, up=UPS[given])
    assert (labels == golden["labels"]).mean() >= 0.98
    # All points of the golden sample have one label; these words divide it into five.
    wanted = (golden["point_features"] @ telling.T).argmax(axis=1)
    assert np.count_nonzero(np.bincount(wanted) > 100) == 5
    assert (segmenter.label(golden[given], TELLING, up=UPS[given]) == wanted).mean() >= 0.98


def test_an_object_on_its_side_would_be_noticed(golden, telling, segmenter):
    """A sample that looks the same in every pose could hide a fault."""
    wrong, truth = segmenter.features(golden["points_y_up"]), golden["point_features"]
    assert np.einsum("nd,nd->n", wrong, truth).max() < 0.99999
    assert (
        segmenter.label(golden["points_y_up"], TELLING) == (truth @ telling.T).argmax(axis=1)
    ).mean() < 0.9
