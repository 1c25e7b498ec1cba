"""Recalibrate: what `part-perception train calibrate` does, from a model's folder to its new manifest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from part_perception.encoder.store import MANIFEST, load_manifest
from part_perception.model_folders import give_words
from part_perception.parts.motion_names import FILE as MOTION_NAMES
from part_perception.segmenter import PartSegmenter
from part_perception.shapes.kinds import KINDS
from part_perception.shapes.names import collect_names
from part_perception.storage import cache_dir, file_hash
from part_perception.training import vocabulary
from part_perception.training.calibration.figures import held_out_figures
from part_perception.training.calibration.fitting import ask_in_processes, fit, words_asked
from part_perception.training.calibration.motion import fit_motion, votes
from part_perception.training.calibration.motion_names import count_kinds, counted
from part_perception.training.progress import Say, counting

_ANY_WORD = "handle"


def calibrate(
    folder: Path,
    views: int = 1500,
    processes: int = 2,
    absent_rate: float = 0.02,
    names: Path | None = None,
    say: Say = print,
) -> dict:
    """Fit masks and confidence of a model on fresh views, and write them into its manifest.

    The figures are of rules that were fitted without the kinds that they answer, as new objects are answered.
    """
    manifest = load_manifest(folder)
    if manifest.text_encoder != "minilm":
        say(f"words of {manifest.text_encoder}, whose weights are fetched once if they are not here")
        give_words(folder, manifest, [_ANY_WORD])  # before all that takes long
    path = names or cache_dir() / vocabulary.FILE
    table = vocabulary.names_for(path, collect_names(), counting(say, "names"))
    numbers = [i * max(len(KINDS) // views, 1) for i in range(views)]  # spread evenly over the kinds
    if manifest.text_encoder != table.encoder:
        give_words(folder, manifest, words_asked(table, numbers), counting(say, "words"))
    asked = ask_in_processes(folder, path, numbers, processes, counting(say, "views"))
    rule = fit(asked, manifest.confidence, absent_rate)
    about = manifest.about | {"calibration": f"{views} fresh views of generated objects"}
    motion = manifest.motion_rule
    if manifest.encoder.motion:
        of_kinds = count_kinds(progress=counting(say, "kinds"))
        counted(of_kinds).save(folder / MOTION_NAMES)
        manifest = replace(manifest, files=manifest.files | {MOTION_NAMES: file_hash(folder / MOTION_NAMES)})
        manifest.save(folder / MANIFEST)
        motion = fit_motion(votes(PartSegmenter.load(folder), of_kinds, numbers, counting(say, "motions")))
    replace(manifest, confidence=rule, motion_rule=motion, about=about).save(folder / MANIFEST)
    return held_out_figures(asked, manifest.confidence, absent_rate) | {"found_at": rule.found_at}
