"""Config: everything that a run depends on besides code and data, kept as JSON in the run's folder."""

from __future__ import annotations

import json
import subprocess
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path

from part_perception import __version__
from part_perception.encoder.manifest import EncoderConfig
from part_perception.encoder.patches import PatchSpec
from part_perception.errors import InputError
from part_perception.training.learner import Weights
from part_perception.training.objectives import KINDS

FILE = "config.json"
OURS = "ours"
_FIXED = ("seed", "recipe", "text")
OUR_ENCODER = EncoderConfig(depth=9, motion=KINDS + 6)  # the kind of joint, its axis, and the offset to it
_INSIDE = {"encoder": EncoderConfig, "patches": PatchSpec, "weights": Weights}


@dataclass(frozen=True)
class TrainConfig:
    """Settings of a run: `batch` views per step on each device, `heard` samples of each for the losses.

    `start` is an earlier run that provides the initial weights; `data` are folders of the user's own shapes
    and `share` is their share. `recipe` is ours or a stage of the published one, `text` the text encoder of
    the names.
    """

    steps: int = 7500
    batch: int = 32
    heard: int = 256
    rate: float = 1e-3
    decay: float = 0.05
    warmup: int = 300
    average: float = 0.999
    seed: int = 0
    workers: int = 1
    save_every: int = 200
    validate: int = 500
    validation_views: int = 128
    start: str = ""
    data: tuple[str, ...] = ()
    share: float = 0.5
    recipe: str = OURS
    text: str = "minilm"
    encoder: EncoderConfig = OUR_ENCODER
    patches: PatchSpec = field(default_factory=PatchSpec)
    weights: Weights = field(default_factory=Weights)


def save_config(folder: Path, config: TrainConfig) -> None:
    """Write the config with the current code version."""
    (folder / FILE).write_text(json.dumps({"code": code_version(), **asdict(config)}, indent=1) + "\n")


def load_config(folder: Path) -> TrainConfig:
    """Read a run's config; missing or unknown fields mean that another version wrote it."""
    try:
        raw = json.loads((folder / FILE).read_text())
        known = {f.name for f in fields(TrainConfig)}
        values = {k: _INSIDE[k](**_tuples(v)) if k in _INSIDE else v for k, v in raw.items() if k in known}
        return TrainConfig(**_tuples(values))
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise InputError(f"{folder / FILE} cannot be used: {error}") from error


def going_on(folder: Path, **given) -> TrainConfig:
    """Return the config of an existing run with the given changes; some fields cannot change."""
    config = load_config(folder)
    for name in _FIXED:
        was = getattr(config, name)
        if given.get(name, was) != was:
            raise InputError(f"the run in {folder} has the {name} {was}: start another run in a new folder")
    return replace(config, **given)


def code_version() -> str:
    """Return the version, and the commit if the code is in a git checkout."""
    here = Path(__file__).resolve().parent
    try:
        commit = subprocess.run(
            ["git", "-C", str(here), "describe", "--always", "--dirty"],
            capture_output=True, text=True, timeout=10, check=True,
        ).stdout.strip()  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return __version__
    return f"{__version__} {commit}"


def _tuples(values: dict) -> dict:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
