"""Engine cache: builds an engine once for each model, precision, runtime and device, and keeps it."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import logging
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

from part_perception.storage import cache_dir, write_atomic

T = TypeVar("T")
_SAY_EVERY = 5.0
_log = logging.getLogger("part_perception")


@dataclass(frozen=True)
class EngineKey:
    """Everything an engine depends on. Two keys that differ anywhere never share a file."""

    graph: str  # SHA-256 of the ONNX file
    runtime: str
    device: str
    capability: str
    precision: str
    shapes: str

    @property
    def name(self) -> str:
        text = json.dumps(asdict(self), sort_keys=True)
        return f"{self.precision}-{hashlib.sha256(text.encode()).hexdigest()[:24]}"


class EngineCache:
    """Engines in the user's cache, each with a readable side file."""

    def __init__(self, folder: Path | None = None):
        self.folder = folder or cache_dir() / "engines"

    def fetch(self, key: EngineKey, build: Callable[[], bytes], use: Callable[[bytes], T]) -> T:
        """Call `use` with the stored engine; if it is missing or fails, with a new one, which is then stored.

        `use` raises if an engine is unusable. Callers wait while another one builds.
        """
        with self._locked(key):
            stored = self._read(key)
            if stored is not None:
                try:
                    return use(stored)
                except Exception as error:  # libraries raise any kind of error: a failing engine is rebuilt
                    _log.warning("the stored engine %s does not fit and is rebuilt: %s", key.name, error)
            with announced(f"building {key.precision} engine for {key.device} (once; this takes minutes)"):
                engine = build()
            result = use(engine)
            self._write(key, engine)
            return result

    def paths(self, key: EngineKey) -> tuple[Path, Path]:
        """The engine and its side file."""
        return self.folder / f"{key.name}.engine", self.folder / f"{key.name}.json"

    def _read(self, key: EngineKey) -> bytes | None:
        """The stored engine, if it is complete and its side file matches this key."""
        path, side = self.paths(key)
        try:
            note = json.loads(side.read_text())
            engine = path.read_bytes()
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            _log.warning("the stored engine %s cannot be read and is rebuilt: %s", path, error)
            return None
        if not isinstance(note, dict) or note.get("key") != asdict(key):
            _log.warning("the stored engine %s was built for something else and is rebuilt", path)
            return None
        if note.get("sha256") != hashlib.sha256(engine).hexdigest():
            _log.warning("the stored engine %s is damaged and is rebuilt", path)
            return None
        return engine

    def _write(self, key: EngineKey, engine: bytes) -> None:
        path, side = self.paths(key)
        note = {"key": asdict(key), "sha256": hashlib.sha256(engine).hexdigest(), "bytes": len(engine)}
        try:
            write_atomic(path, engine)
            write_atomic(side, json.dumps(note, indent=1).encode())
        except OSError as error:
            _log.warning(
                "the engine cannot be stored in %s (%s): it is rebuilt at every start",
                self.folder,
                error,
            )

    @contextlib.contextmanager
    def _locked(self, key: EngineKey) -> Iterator[None]:
        """Hold this key's lock among all processes; continue without one if it cannot be made."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.folder / f"{key.name}.lock", os.O_CREAT | os.O_RDWR, 0o644)
        except OSError as error:
            _log.warning("no lock can be made in %s: %s", self.folder, error)
            yield
            return
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                with announced("waiting for another process that builds the same engine"):
                    fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


@contextlib.contextmanager
def announced(what: str, every: float = _SAY_EVERY) -> Iterator[None]:
    """Report every few seconds that the work is still going on."""
    done = threading.Event()

    def say() -> None:
        seconds = 0.0
        _log.info("%s", what)
        while not done.wait(every):
            seconds += every
            _log.info("%s: %.0f s so far", what, seconds)

    speaker = threading.Thread(target=say, daemon=True)
    speaker.start()
    try:
        yield
    finally:
        done.set()
        speaker.join()
