"""Addresses: list recordings in buckets (s3://, gs://, anything fsspec supports) and copy them to read."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from part_perception.errors import InputError

ENDINGS = (".mcap", ".db3")
METADATA = "metadata.yaml"
HERE = "file://"
# every store uses a different name
_CHANGED = ("LastModified", "last_modified", "updated", "mtime", "created")


class UnreachableError(InputError):
    """An address does not answer; the recording is not to blame and is left for another try."""


def is_address(text: str) -> bool:
    """Return whether a text is an address rather than a path."""
    return "://" in text


def listed(text: str) -> list[tuple[str, int, int]]:
    """List every recording at an address or pattern: its own address, bytes, and change time (ns)."""
    system, place = _system_of(text)
    try:
        files = _files(system, place)
    except Exception as error:  # every store has errors of its own
        raise UnreachableError(f"{text} cannot be listed: {_sentence(error)}") from None
    return [
        (
            system.unstrip_protocol(name),
            sum(int(info.get("size") or 0) for info in parts),
            max(map(_changed, parts)),
        )
        for name, parts in _recordings_of(files).items()
    ]


def _system_of(text: str) -> tuple[Any, str]:
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise InputError(f"{text} needs fsspec: pip install 'part_perception[fleet]'") from None
    try:
        return url_to_fs(text)
    except (ImportError, ValueError) as error:  # a package is missing, or the protocol is unknown
        raise InputError(f"{text} cannot be opened: {_sentence(error)}") from None


def _files(system, place: str) -> dict[str, dict]:
    """Return the name and details of every file that an address or pattern matches."""
    names = system.glob(place) if any(sign in place for sign in "*?[") else [place]
    files: dict[str, dict] = {}
    for name in names:
        if name.endswith(ENDINGS):
            if system.exists(name):
                files[name] = system.info(name)
        else:
            files |= system.find(name, detail=True)
    return files


def _recordings_of(files: dict[str, dict]) -> dict[str, list[dict]]:
    """Return the bags and single-file recordings among files, each with the details of its files."""
    bags = {str(PurePosixPath(name).parent) for name in files if PurePosixPath(name).name == METADATA}
    found: dict[str, list[dict]] = {}
    for name, info in files.items():
        parent = str(PurePosixPath(name).parent)
        if parent in bags:
            found.setdefault(parent, []).append(info)
        elif name.endswith(ENDINGS):
            found[name] = [info]
    return found


def _changed(info: dict) -> int:
    when = next((info[name] for name in _CHANGED if info.get(name)), 0.0)
    if isinstance(when, str):
        when = datetime.fromisoformat(when.replace("Z", "+00:00"))
    return round((when.timestamp() if isinstance(when, datetime) else float(when)) * 1e9)


def _sentence(error: Exception) -> str:
    lines: Sequence[str] = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


@contextmanager
def on_this_machine(source: str) -> Iterator[Path]:
    """Yield a recording as a local path; one at an address is copied below TMPDIR and removed afterwards."""
    if not is_address(source) or source.startswith(HERE):
        yield Path(source.removeprefix(HERE))
        return
    with tempfile.TemporaryDirectory(prefix="part_perception_copy_") as folder:
        yield _copied(source, Path(folder))


def _copied(source: str, folder: Path) -> Path:
    system, place = _system_of(source)
    copy = folder / PurePosixPath(place).name
    try:
        if place.endswith(ENDINGS):
            system.get_file(place, str(copy))
            return copy
        copy.mkdir()
        for name in system.find(place, maxdepth=1):
            system.get_file(name, str(copy / PurePosixPath(name).name))
    except FileNotFoundError:
        raise InputError(f"{source} no longer exists") from None
    except Exception as error:  # every store has errors of its own
        if isinstance(error, OSError) and error.filename and Path(str(error.filename)).is_relative_to(folder):
            raise  # the disk here, not the store
        raise UnreachableError(f"{source} cannot be copied: {_sentence(error)}; try again") from None
    return copy
