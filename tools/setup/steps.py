"""A step of set-up: named, timed, and skipped while the stamp it left still matches what it depends on."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
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
    """Runs steps in order, one line each, into one environment folder."""

    def __init__(self, venv: Path, total: int):
        self.venv, self.total, self.count = venv, total, 0
        self.name, self.start = "", 0.0

    @property
    def log(self) -> Path:
        return self.venv / "setup.log"

    def run(self, name: str, key: str, action) -> None:
        """Do one step, unless it was done for this key; a step that fails leaves no stamp."""
        self.count += 1
        stamp = self.venv / "stamps" / name.replace(" ", "_")
        print(f"[{self.count}/{self.total}] {name}: ", end="", flush=True)
        if stamp.is_file() and stamp.read_text() == key:
            print("ready", flush=True)
            return
        self.name, self.start = name, time.monotonic()
        stamp.unlink(missing_ok=True)
        action()
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(key)
        begin = f"\r\x1b[K[{self.count}/{self.total}] {name}: " if sys.stdout.isatty() else ""
        print(f"{begin}done in {time.monotonic() - self.start:.0f} s", flush=True)

    def call(self, *command: Path | str, env: dict[str, str] | None = None) -> None:
        """Run a command with its output in the log; say in one sentence why it failed."""
        with self.log.open("ab") as log:
            begin = log.tell()
            running = subprocess.Popen(list(map(str, command)), stdout=log, stderr=log, env=env)
            while self._goes_on(running):
                self._tell_who_waits()
            if running.returncode == 0:
                return
        output = self.log.read_bytes()[begin:].decode(errors="replace")
        if any(sign in output for sign in NO_NETWORK):
            raise SetupError(
                "the Python package index cannot be reached; connect to the network, "
                "or set PIP_INDEX_URL to a mirror, and run `make setup` again."
            )
        lines = [line.strip() for line in output.splitlines() if line.strip()] or ["it printed nothing"]
        errors = [line for line in lines if line.lower().startswith(("error:", "cmake error"))]
        reason = errors[0] if errors else lines[-1]
        raise SetupError(f"`{Path(command[0]).name}` failed: {reason} (all of it: {self.log})")

    @staticmethod
    def _goes_on(running: subprocess.Popen) -> bool:
        """Wait a second for a command; whether it goes on after that."""
        try:
            running.wait(1.0)
        except subprocess.TimeoutExpired:
            return True
        except BaseException:  # Ctrl-C: it must not work on behind our back
            running.kill()
            raise
        return False

    def _tell_who_waits(self) -> None:
        """How long the step has taken and what it is at, such as a download with its size; at a terminal only."""
        if sys.stdout.isatty():
            lines = self.log.read_bytes()[-2000:].decode(errors="replace").split("\n")
            at = next((line.strip() for line in reversed(lines) if line.strip()), "")
            seconds = time.monotonic() - self.start
            print(
                f"\r\x1b[K[{self.count}/{self.total}] {self.name}: {seconds:.0f} s, {at[:70]}",
                end="",
                flush=True,
            )
