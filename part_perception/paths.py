"""Paths of the files that ship with the package, in a checkout and in an installation alike."""

from pathlib import Path

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
