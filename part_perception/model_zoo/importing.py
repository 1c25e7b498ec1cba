"""Importing and fetching: turn published checkpoints into models in the user's folder."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from part_perception.encoder.importing import PUBLISHED_TEXT, import_checkpoint
from part_perception.encoder.manifest import Manifest
from part_perception.encoder.store import save_model
from part_perception.errors import InputError
from part_perception.language import text_encoder
from part_perception.language.minilm import MiniLM
from part_perception.model_folders import own_models_dir
from part_perception.storage import file_hash
from part_perception.training.progress import Say

PUBLISHED = "patchalign3d"
CALIBRATION_VIEWS = 300
REPOSITORY, FILE = "patchalign3d/patchalign3d-encoder", "patchalign3d.pt"


def import_model(
    file: Path,
    name: str,
    heads: int | None = None,
    about: dict[str, str] | None = None,
    text: str = PUBLISHED_TEXT,
) -> tuple[Path, Manifest]:
    """Import a checkpoint as a model in the user's folder; `text` is its text encoder."""
    text_encoder(text)
    if not re.fullmatch(r"\w[\w.-]*", name):
        raise InputError(f"{name!r} is not a valid name for a model: use letters, digits and _ . - only")
    folder = own_models_dir() / name
    if folder.exists():
        raise InputError(f"a model {name} already exists: remove {folder}, or choose another name")
    told = {"checkpoint_sha256": file_hash(file) if file.is_file() else ""} | (about or {})
    manifest, weights = import_checkpoint(file, name, heads, told, text)
    if text == "minilm" and manifest.encoder.language != MiniLM.dim:
        raise InputError(
            f"the features of {file} are {manifest.encoder.language} wide, and minilm's vectors {MiniLM.dim}: give the "
            f"text encoder that it was trained with by --text"
        )
    try:
        return folder, save_model(folder, manifest, weights)
    except BaseException as error:
        # An incomplete model would block the next attempt.
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError):
            raise InputError(
                f"the model {name} cannot be written to {folder}: {error.strerror or error}"
            ) from error
        raise


def calibrate_imported(folder: Path, say: Say) -> str:
    """Add words and calibrate an imported model if its text encoder is available; return a sentence."""
    from part_perception.training.calibration.calibrate import calibrate

    try:
        figures = calibrate(folder, CALIBRATION_VIEWS, say=say)
    except InputError as error:
        return (
            f"its confidence is not calibrated, so it finds no word yet ({error}); where its text encoder is "
            f"available, run: part-perception train calibrate {folder.name}"
        )
    return (
        f"its confidence is calibrated on {CALIBRATION_VIEWS} generated views: it finds "
        f"{figures['found_when_present']:.0%} of the parts that are there and {figures['found_when_absent']:.0%} of "
        f"those that are not"
    )


def fetch_published() -> tuple[Path, Manifest]:
    """Fetch the published PatchAlign3D checkpoint from the Hugging Face hub once; afterwards work offline."""
    try:
        from huggingface_hub import HfApi, hf_hub_download
    except ImportError as error:
        raise InputError("fetching needs a package: pip install huggingface_hub") from error
    try:
        told = HfApi().model_info(REPOSITORY, files_metadata=True)
        file = Path(hf_hub_download(REPOSITORY, FILE, revision=told.sha))
        wanted = next(f.lfs.sha256 for f in told.siblings or () if f.rfilename == FILE and f.lfs)
    except Exception as error:  # the hub raises many kinds of errors
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise InputError(
            f"{REPOSITORY} cannot be fetched from the Hugging Face hub ({reason}): fetch {FILE} where there is a "
            f"network, then `part-perception models import {FILE} {PUBLISHED}`"
        ) from error
    if file_hash(file) != wanted:
        file.resolve().unlink()
        raise InputError(
            f"the downloaded {FILE} is not the file on the hub: its SHA-256 differs; fetch it again"
        )
    return import_model(file, PUBLISHED, about={"source": f"{REPOSITORY}/{FILE}", "revision": told.sha or ""})
