"""The live scene: turns a raw depth cloud into objects that can be asked for their parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from part_perception.scene.config import SceneConfig

if TYPE_CHECKING:
    from part_perception.scene.frame import Frame
    from part_perception.scene.objects import SceneObject
    from part_perception.scene.perception import ScenePerception

__all__ = ["Frame", "SceneConfig", "SceneObject", "ScenePerception"]

HOMES = {"Frame": "frame", "SceneObject": "objects", "ScenePerception": "perception"}


def __getattr__(name: str):
    # The compiled loops are loaded on first use, so that importing the package stays fast.
    if name in HOMES:
        from importlib import import_module

        return getattr(import_module(f"part_perception.scene.{HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
