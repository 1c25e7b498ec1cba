"""Still: moments that lie still until the next one is chosen, looked at by a perception of this process."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from part_perception.encoder.facing import viewpoint_of
from part_perception.grasping.gripper import Gripper
from part_perception.scene.config import SceneConfig
from part_perception.scene.frame import Frame
from part_perception.scene.perception import ScenePerception
from part_perception.segmenter import PartSegmenter
from part_perception.view.moments import Cloud, Moment
from part_perception.view.session import Example
from part_perception.view.shown import Shown, shown


class StillSource:
    """Moments and the perception that looks at them; the frame is kept while other words are asked of it."""

    def __init__(
        self,
        moments: Sequence[Moment],
        segmenter: PartSegmenter,
        config: SceneConfig | None = None,
        gripper: Gripper | None = None,
    ):
        self.moments, self._segmenter = moments, segmenter
        config = config or SceneConfig()
        alone = replace(config, whole_cloud=True, min_range=0.0, max_range=100.0)
        self._scenes = ScenePerception(segmenter, config, gripper)
        self._alone = ScenePerception(segmenter, alone, gripper)
        self._index, self._milliseconds = -1, 0.0
        self._frame: Frame
        self._colours: np.ndarray | None = None

    def segmenter(self) -> PartSegmenter:
        """What answers clicks."""
        return self._segmenter

    @property
    def names(self) -> Sequence[str]:
        """Of the moments, for the slider."""
        return [moment.name for moment in self.moments]

    def look(self, index: int, queries: Sequence[str]) -> Shown:
        """A moment, with what the queries find in it."""
        moment = self.moments[index]
        start = time.perf_counter()
        if index != self._index:
            cloud = moment.read()
            start = time.perf_counter()  # of the camera's time, reading a file is no part
            self._frame, self._colours, self._index = self._process(moment, cloud), cloud.colours, index
            self._milliseconds = 1e3 * (time.perf_counter() - start)
            start = time.perf_counter()
        parts = self._frame.ask(list(queries)) if queries else []
        asked = 1e3 * (time.perf_counter() - start)
        return shown(moment.name, self._frame, self._colours, parts, self._milliseconds + asked)

    def _process(self, moment: Moment, cloud: Cloud) -> Frame:
        perception = self._alone if cloud.whole else self._scenes
        if not moment.follows:
            perception.forget()
        viewpoint: np.ndarray | None = np.zeros(3)
        if cloud.whole:
            finite = np.isfinite(cloud.points).all(axis=1)
            viewpoint = viewpoint_of(cloud.points[finite]) if finite.any() else None
        return perception.process(cloud.points, moment.stamp, cloud.up, viewpoint=viewpoint)

    def ask(self, queries: Sequence[str]) -> None:
        """Refuse what cannot be asked; the next look answers the rest."""
        for query in queries:
            self._segmenter.read(query)

    def teach(self, word: str, examples: Sequence[Example]) -> None:
        """Learn a word; it is known at once."""
        self._segmenter.teach(word, [(example.upright, example.mask) for example in examples])
