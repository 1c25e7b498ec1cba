"""Storage: files that ship with the package, the user's cache folder, atomic writes, bounded reads, and hashes."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import stat
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from part_perception.errors import InputError

if TYPE_CHECKING:
    import numpy as np

_PACKAGE = Path(__file__).resolve().parent


def _shipped(folder: str) -> Path:
    """A top-level folder of the repository; an installation carries a copy inside the package."""
    installed = _PACKAGE / f"_{folder}"
    return installed if installed.is_dir() else _PACKAGE.parent / folder


def models_dir() -> Path:
    """The shipped models: weights, text bank and model card."""
    return _shipped("models")


def launch_dir() -> Path:
    """The launch files, with `config/` and `rviz/`."""
    return _shipped("launch")


MAX_FILE = 1 << 30  # bytes: a larger file is refused without being read
DRAFT = ".draft"
_YOUNG = 10.0  # seconds: the writer may not have locked a draft this young yet
_KINDS = {
    stat.S_IFDIR: "directory",
    stat.S_IFIFO: "pipe",
    stat.S_IFCHR: "device",
    stat.S_IFBLK: "device",
    stat.S_IFSOCK: "socket",
}


def home() -> Path:
    """The user's home; if the system knows none, a place where nothing can be stored."""
    try:
        return Path.home()
    except RuntimeError:
        return Path("/nonexistent")


def cache_dir() -> Path:
    """The folder for vectors, graphs and engines: $PART_PERCEPTION_CACHE, or one in the user's cache."""
    if own := os.environ.get("PART_PERCEPTION_CACHE"):
        return Path(own)
    return Path(os.environ.get("XDG_CACHE_HOME") or home() / ".cache") / "part_perception"


def data_dir() -> Path:
    """The folder for the user's own models and taught words, in the user's data folder."""
    return Path(os.environ.get("XDG_DATA_HOME") or home() / ".local" / "share") / "part_perception"


def path_of(path: str | Path) -> Path:
    """The path of a file or folder, which may not exist yet; an InputError if there can be none of that name."""
    try:
        path = Path(path)
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            os.lstat(path)
    except TypeError:
        raise InputError(f"a path must be a text or a Path, not {type(path).__name__}") from None
    except (OSError, ValueError) as error:  # a name with a null byte is a ValueError
        said = getattr(error, "strerror", None) or error
        raise InputError(f"{str(path)[:100]!r} cannot be the path of a file: {said}") from None
    return path


# --- reading --------------------------------------------------------------------------------------------------
def read_file(path: Path, limit: int = MAX_FILE) -> bytes:
    """The content of a regular file of at most `limit` bytes. An InputError says why it cannot be read."""
    try:
        require_regular(path)
        # Do not wait for the other end of a pipe that has meanwhile replaced the file.
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            state = os.fstat(file.fileno())
            _require_regular(path, state.st_mode)
            if state.st_size > limit:
                raise InputError(f"{path} has {state.st_size} bytes; the maximum is {limit}")
            return file.read(limit)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from None
    except MemoryError:
        raise InputError(f"{path} needs more memory than is available") from None


def require_regular(path: Path) -> None:
    """Raise an InputError unless it is a regular file, or a link to one: others may block, or never end."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        raise InputError(f"{path} does not exist") from None
    except (OSError, ValueError) as error:  # a name with a null byte is a ValueError
        raise InputError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    _require_regular(path, mode)


def _require_regular(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise InputError(f"{path} is a {_KINDS.get(stat.S_IFMT(mode), 'special file')}, not a data file")


# --- writing --------------------------------------------------------------------------------------------------
@contextlib.contextmanager
def replacing(path: Path, durable: bool = True) -> Iterator[Path]:
    """A draft to write to; on success it replaces the file, so that readers see the old one or the new one.

    A link is replaced, not followed; anything else that is not a file is refused. durable: also after a power
    cut.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if os.path.lexists(path) and not (path.is_symlink() or path.is_file()):
        raise OSError(None, "it already exists and is not a file")
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=DRAFT + path.suffix)
    try:
        with contextlib.suppress(OSError):  # a file system without locks: its drafts stay
            fcntl.flock(handle, fcntl.LOCK_EX)  # held as long as the writer lives
        yield Path(name)
        os.chmod(name, 0o644)
        if durable:
            _sync(name)
        os.replace(name, path)
        if durable:
            _sync(path.parent)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
    finally:
        os.close(handle)


def write_atomic(path: Path, content: bytes, durable: bool = True) -> None:
    """Write a file atomically."""
    with replacing(path, durable) as draft:
        draft.write_bytes(content)


def clear_drafts(path: Path) -> int:
    """Remove drafts of a file whose writers were killed; returns their number."""
    cleared = 0
    for draft in path.parent.glob(f".{_escaped(path.name)}.*{DRAFT}{_escaped(path.suffix)}"):
        with contextlib.suppress(OSError), open(draft, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if time.time() - os.fstat(file.fileno()).st_mtime > _YOUNG:
                draft.unlink()
                cleared += 1
    return cleared


def _escaped(name: str) -> str:
    """A pattern that only this name matches."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in name)


def _sync(path: str | Path) -> None:
    """Wait until the disk has stored a file, or the names in a folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# --- hashes ---------------------------------------------------------------------------------------------------
def file_hash(path: Path) -> str:
    """SHA-256 of a file, read in chunks."""
    digest = hashlib.sha256()
    with open(path, "rb") as content:
        while piece := content.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def checksum(about: Mapping[str, Any], tensors: Mapping[str, np.ndarray]) -> str:
    """SHA-256 of a description and of the tensors that it describes: the whole content of a file of tensors."""
    digest = hashlib.sha256(json.dumps(about, sort_keys=True).encode())
    for name in sorted(tensors):
        values = tensors[name]
        digest.update(f"{name} {values.dtype.str} {values.shape}".encode())
        digest.update(values.tobytes())
    return digest.hexdigest()
