"""Fetching over real HTTP from a stand-in for the hub: downloads resume, hashes are checked, no half model stays."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from part_perception.encoder.store import load_manifest, load_weights
from part_perception.storage import file_hash
from tests.model_zoo.hub import COMMIT, Hub

pytest.importorskip("huggingface_hub")
CHECKPOINT = Path(__file__).parent.parent / "encoder" / "golden" / "patchalign3d_small.pt"
CONTENT = CHECKPOINT.read_bytes()
# The small instance has heads of 16 channels, not 64, and is smaller than the hub's chunks of a download.
PROGRAM = """
import resource, sys
from huggingface_hub import constants
from part_perception.cli.main import main
from part_perception.encoder import importing
importing._HEAD_WIDTH, constants.DOWNLOAD_CHUNK_SIZE = 16, 100_000
largest_file, *words = sys.argv[1:]
resource.setrlimit(resource.RLIMIT_FSIZE, (int(largest_file),) * 2)
sys.exit(main(["models", *words]))
"""


@pytest.fixture
def fetch(tmp_path):
    """Run the command in its own process with its own folders, optionally with a limit on the size of files."""

    def run(address: str, largest_file: int = 1 << 30, words=("fetch",)) -> subprocess.CompletedProcess:
        env = os.environ | {
            "HF_ENDPOINT": address,
            "HF_HOME": str(tmp_path / "hub"),
            "XDG_DATA_HOME": str(tmp_path / "data"),
            "HF_HUB_DISABLE_PROGRESS_BARS": "1",
            "HF_HUB_DISABLE_TELEMETRY": "1",
        }
        program = [sys.executable, "-c", PROGRAM, str(largest_file), *words, "patchalign3d"]
        return subprocess.run(program, env=env, capture_output=True, text=True, timeout=110)

    return run


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data" / "part_perception" / "models" / "patchalign3d"


def test_a_checkpoint_is_fetched_once_and_serves_offline(fetch, folder):
    with Hub(CONTENT) as hub:
        done = fetch(hub.address)
    assert done.returncode == 0, done.stderr
    manifest = load_manifest(folder)
    assert manifest.about["revision"] == COMMIT
    assert manifest.about["checkpoint_sha256"] == file_hash(CHECKPOINT)
    assert load_weights(folder, manifest)["norm.weight"].shape == (48,)
    assert hub.ranges == [None]


def test_a_broken_download_is_resumed(fetch, folder):
    with Hub(CONTENT, cuts=(700_000,)) as hub:
        done = fetch(hub.address)
    assert done.returncode == 0, done.stderr
    assert hub.ranges == [None, "bytes=700000-"]
    assert load_manifest(folder).about["checkpoint_sha256"] == file_hash(CHECKPOINT)


def refusal(done: subprocess.CompletedProcess, folder: Path) -> str:
    """The last line of output; the exit code is 2 and nothing is left behind."""
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert not folder.exists()
    return done.stderr.splitlines()[-1]


def test_a_truncated_file_is_refused(fetch, folder):
    with Hub(CONTENT[:-1000], named=CONTENT) as hub:
        said = refusal(fetch(hub.address), folder)
    assert "cannot be fetched from the Hugging Face hub (Consistency check" in said
    assert hub.ranges[0] is None, "it was asked for from its beginning"


def test_a_file_with_another_hash_is_refused_and_fetched_again(fetch, folder):
    spoilt = CONTENT[:500_000] + b"\x00" * 64 + CONTENT[500_064:]
    with Hub(spoilt, named=CONTENT) as hub:
        assert "its SHA-256 differs; fetch it again" in refusal(fetch(hub.address), folder)
        hub.content = CONTENT
        assert fetch(hub.address).returncode == 0
    assert load_manifest(folder).about["checkpoint_sha256"] == file_hash(CHECKPOINT)


def test_a_full_disk_during_the_download_is_reported(fetch, folder):
    with Hub(CONTENT) as hub:
        assert "File too large" in refusal(fetch(hub.address, 1_000_000), folder)


def test_a_full_disk_during_the_import_is_reported_and_leaves_nothing(fetch, folder):
    """A fetched checkpoint is imported like a file; here our own model is what does not fit."""
    done = fetch("http://127.0.0.1:9", 100_000, ("import", CHECKPOINT))
    assert "cannot be written to" in refusal(done, folder)


def test_an_unreachable_hub_is_reported(fetch, folder):
    with Hub(CONTENT) as hub:
        address = hub.address
    assert "then `part-perception models import patchalign3d.pt patchalign3d`" in refusal(
        fetch(address), folder
    )
