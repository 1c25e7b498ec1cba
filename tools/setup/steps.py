"""A step of set-up: named, timed, and skipped while the stamp it left still matches what it depends on."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from checks import SetupError

NO_NETWORK = (
    "NewConnectionError", "NameResolutionError", "Temporary failure in name resolution", "Connection refused",
    "Network is unreachable", "ConnectTimeoutError", "ProxyError", "Max retries exceeded", "Read timed out",
)  # fmt: skip


def fingerprint(*parts: Path | str) -> str:
    """One hash of texts, files and whole folders (of sources: they are small)."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, str):
            digest.update(part.encode() + b"\0")
            continue
        for file in sorted(part.rglob("*")) if part.is_dir() else [part]:
            if file.is_file():
                digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


class Steps:
    """Runs steps into one environment folder, one line each, in order or side by side."""

    def __init__(self, venv: Path, total: int):
        self.venv, self.total, self.count = venv, total, 0
        self.running: dict[str, float] = {}
        self.stopped = False
        self._lock = threading.Lock()

    @property
    def log(self) -> Path:
        return self.venv / "setup.log"

    def run(self, name: str, key: str, action: Callable[[], object]) -> None:
        """Do one step, unless it was done for this key; a step that fails leaves no stamp."""
        stamp = self.venv / "stamps" / name.replace(" ", "_")
        if stamp.is_file() and stamp.read_text() == key:
            self._end(name, "ready")
            return
        start = self.running[name] = time.monotonic()
        stamp.unlink(missing_ok=True)
        action()
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(key)
        self._end(name, f"done in {time.monotonic() - start:.0f} s")

    def side_by_side(self, *chains: Callable[[], object]) -> None:
        """Run chains of steps at once: most steps keep one core busy, and none has two. One failure stops all."""
        with ThreadPoolExecutor(len(chains)) as pool:
            futures = [pool.submit(chain) for chain in chains]
            try:
                for future in as_completed(futures):
                    future.result()
            except BaseException:
                self.stopped = True
                raise

    def call(self, *command: Path | str, env: dict[str, str] | None = None) -> None:
        """Run a command with its output in the log; say in one sentence why it failed."""
        with tempfile.TemporaryFile() as written:
            running = subprocess.Popen(list(map(str, command)), stdout=written, stderr=written, env=env)
            while self._goes_on(running):
                self._tell_who_waits(
                    os.pread(written.fileno(), 2000, max(os.fstat(written.fileno()).st_size - 2000, 0))
                )
            written.seek(0)
            output = written.read()
        with self._lock, self.log.open("ab") as log:
            log.write(output)
        if running.returncode == 0:
            return
        text = output.decode(errors="replace")
        if any(sign in text for sign in NO_NETWORK):
            raise SetupError(
                "the Python package index cannot be reached; connect to the network, "
                "or set PIP_INDEX_URL to a mirror, and run `make setup` again."
            )
        lines = [line.strip() for line in text.splitlines() if line.strip()] or ["it printed nothing"]
        errors = [line for line in lines if line.lower().startswith(("error:", "cmake error"))]
        reason = errors[0] if errors else lines[-1]
        raise SetupError(f"`{Path(command[0]).name}` failed: {reason} (all of it: {self.log})")

    def _goes_on(self, running: subprocess.Popen) -> bool:
        """Wait a second for a command; whether it goes on after that."""
        try:
            running.wait(1.0)
        except subprocess.TimeoutExpired:
            if self.stopped:
                running.kill()
            return True
        except BaseException:  # Ctrl-C: it must not work on behind our back
            running.kill()
            raise
        return False

    def _end(self, name: str, how: str) -> None:
        """The line of a step that ended."""
        with self._lock:
            self.running.pop(name, None)
            self.count += 1
            clear = "\r\x1b[K" if sys.stdout.isatty() else ""
            print(f"{clear}[{self.count}/{self.total}] {name}: {how}", flush=True)

    def _tell_who_waits(self, output: bytes) -> None:
        """Which steps run, for how long, and what the latest is at, such as a download; at a terminal only."""
        if sys.stdout.isatty():
            lines = output.decode(errors="replace").split("\n")
            at = next((line.strip() for line in reversed(lines) if line.strip()), "")
            now = time.monotonic()
            with self._lock:
                steps = ", ".join(f"{name} {now - start:.0f} s" for name, start in self.running.items())
                print(f"\r\x1b[K[{self.count + 1}/{self.total}] {steps}: {at[:60]}", end="", flush=True)
