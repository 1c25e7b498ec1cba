"""Model folders: where models are looked for, what each one is, and its text side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from part_perception.encoder.manifest import Manifest
from part_perception.encoder.runtimes.registry import candidates, choose_runtime
from part_perception.encoder.store import MANIFEST, load_manifest, verified
from part_perception.errors import InputError
from part_perception.language import Language, TextBank, build_bank, text_encoder
from part_perception.language.english import clean_all
from part_perception.storage import data_dir, models_dir, path_of

DEFAULT_MODEL = "part_perception_small"
BANK = "text_bank.safetensors"
_WORDS_AT_ONCE = 256  # a large text model takes seconds per word: finished words are kept


def own_models_dir() -> Path:
    """The folder of fetched and imported models: part_perception/models in the user's data folder."""
    return data_dir() / "models"


def model_folders() -> list[Path]:
    """All available models: the shipped ones, then the user's own."""
    places = (models_dir(), own_models_dir())
    return [found.parent for place in places for found in sorted(place.glob(f"*/{MANIFEST}"))]


def find_model(model: str | Path | None = None) -> Path:
    """The folder of a model, by name or path; by default, of the shipped model."""
    name = str(DEFAULT_MODEL if model in (None, "") else path_of(model))
    if model and Path(name).is_dir():
        return Path(name)
    for folder in (models_dir() / name, own_models_dir() / name):
        if folder.is_dir():
            return folder
    here = ", ".join(f.name for f in model_folders()) or "none"
    raise InputError(f"there is no model {name!r}; models here: {here}")


def language_of(folder: Path, manifest: Manifest) -> Language:
    """The text side of a model: the shipped words and MiniLM, or the bank beside it."""
    if manifest.text_encoder == "minilm":
        return Language.shipped()
    bank = folder / BANK
    if not bank.is_file():
        raise InputError(
            f"the model {manifest.name} has no words yet: make {bank} with "
            f"`part-perception models bank --encoder {manifest.text_encoder} --words FILE --out {bank}`"
        )
    return Language(_bank_of(bank, manifest), templates=manifest.templates)


def _bank_of(file: Path, manifest: Manifest) -> TextBank:
    """The bank beside a model, which must match its text encoder."""
    words = TextBank.load(file)
    if words.encoder != manifest.text_encoder or words.dim != manifest.encoder.language:
        raise InputError(
            f"the bank {file} was made with {words.encoder} ({words.dim} wide); the model {manifest.name} needs "
            f"{manifest.text_encoder} ({manifest.encoder.language} wide)"
        )
    return words


def give_words(
    folder: Path,
    manifest: Manifest,
    words: Sequence[str],
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """Add words that the bank beside a model lacks, from its text encoder. MiniLM needs no bank."""
    if manifest.text_encoder == "minilm":
        return
    file = folder / BANK
    bank = _bank_of(file, manifest) if file.is_file() else None
    missing = [word for word in dict.fromkeys(clean_all(words)) if bank is None or word not in bank.index]
    if not missing:
        return
    encoder = text_encoder(manifest.text_encoder)
    try:
        wide = encoder.dim
    except InputError as error:
        more = f" and {len(missing) - 1} other words" if len(missing) > 1 else ""
        raise InputError(
            f"the model {manifest.name} has no vectors for {missing[0]!r}{more}: {error}"
        ) from error
    if wide != manifest.encoder.language:
        raise InputError(
            f"the model {manifest.name} has features {manifest.encoder.language} wide and {encoder.name} words "
            f"{wide} wide: import it again with the --text that it was trained with"
        )
    for first in range(0, len(missing), _WORDS_AT_ONCE):
        chunk = missing[first : first + _WORDS_AT_ONCE]
        bank = build_bank(chunk, encoder, file, manifest.templates, bank)
        progress(first + len(chunk), len(missing))


def model_facts(folder: Path) -> dict[str, Any]:
    """A model in one line: name, size, licence, text side, and whether the files match the manifest."""
    manifest = load_manifest(folder)
    state = "good"
    for name in manifest.files:
        try:
            verified(folder, manifest, name)
        except InputError as error:
            state = str(error)
    size = sum(f.stat().st_size for f in folder.iterdir() if f.is_file())
    return {
        "name": manifest.name, "folder": str(folder), "megabytes": round(size / 1e6, 2), "state": state,
        "licence": manifest.licence, "text_encoder": manifest.text_encoder,
        "calibrated": manifest.confidence.calibrated,
    }  # fmt: skip


def model_details(folder: Path) -> dict[str, Any]:
    """Everything about a model, with the runtime that would be used here and why."""
    manifest = load_manifest(folder)
    facts = model_facts(folder)
    chosen = choose_runtime(folder, manifest)
    running = {"runtime": chosen.name, "why": chosen.why, "candidates": candidates(manifest)}
    return facts | running | asdict(manifest)
