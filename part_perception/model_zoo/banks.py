"""Banks: the words of a model, made on a workstation so that a robot needs no large text model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from part_perception.errors import InputError
from part_perception.language import TextBank, build_bank, shipped_bank_path, text_encoder

Progress = Callable[[int, int], None]


def make_bank(
    encoder: str, words: Path | None, out: Path | None, progress: Progress = lambda done, total: None
) -> tuple[Path, TextBank]:
    """A bank with the words of a file, one a line, beside those it has. Without a file: the shipped bank again."""
    if words is None:
        from part_perception.model_zoo.vocabulary import build_shipped_bank

        if encoder != "minilm":
            raise InputError(f"a bank of {encoder} needs --words FILE, with a word or phrase on each line")
        out = out or shipped_bank_path()
        return out, build_shipped_bank(out, progress)
    if out is None:
        raise InputError("say with --out where the bank is to be written")
    keep = TextBank.load(out) if out.is_file() else None
    return out, build_bank(read_words(words), text_encoder(encoder), out, keep=keep, progress=progress)


def read_words(path: Path) -> list[str]:
    """The lines of a text file that say something."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the words {path} cannot be read: {error}") from error
    found = [line.strip() for line in lines if line.strip()]
    if not found:
        raise InputError(f"{path} holds no words")
    return found
