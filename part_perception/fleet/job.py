"""Job: what is asked of every recording, by which model, and what is written."""

from __future__ import annotations

import json
from dataclasses import dataclass

from part_perception.config import Config
from part_perception.model_folders import find_model
from part_perception.settings import settings
from part_perception.storage import file_hash

FORMATS = ("mcap", "parquet")
_OF_A_MODEL = ("manifest.json", "weights.safetensors", "model.onnx")


@dataclass(frozen=True)
class Job:
    """The same for all recordings of a folder of labels. `topic`: None where each has one cloud only."""

    config: Config
    topic: str | None = None
    formats: tuple[str, ...] = FORMATS


def described(job: Job) -> dict:
    """A job as JSON: every setting, and which model."""
    model = find_model(job.config.model.path or None)
    hashes = {name: file_hash(model / name) for name in _OF_A_MODEL if (model / name).is_file()}
    parameters = {name: s.value for name, s in settings(job.config).items()}
    told = {"parameters": parameters, "topic": job.topic, "formats": job.formats, "model": hashes}
    return json.loads(json.dumps(told))
