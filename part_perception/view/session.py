"""Session: the queries, the shown moment, choices and marks: the state of the view, without a browser.

All connected browsers share one session, like people at one screen.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Protocol

import numpy as np

from part_perception.errors import InputError
from part_perception.geometry.poses import quaternion_of
from part_perception.language.english import clean
from part_perception.parts.teaching import MAX_EXAMPLES
from part_perception.segmenter import PartSegmenter
from part_perception.types import Grasp, Part
from part_perception.view.examples import Example, ExampleFiles, counted
from part_perception.view.pointing import Marked, marked, names_of, pointed_at
from part_perception.view.shown import Shown, ShownObject

MAX_HISTORY = 50
MAX_QUERIES = 16
MAX_UNDONE = 16  # clicks; each may hold an object of its own
NEAR = 0.05  # of an object's size: the largest distance of another click from it
LOOK, ADD, TAKE_AWAY = "what is this?", "add to the part", "take away"


class Source(Protocol):
    """The source of moments: files or a running node."""

    @property
    def names(self) -> Sequence[str]:
        """The names of moments to choose from; empty if they arrive by themselves."""

    def look(self, index: int, queries: Sequence[str]) -> Shown:
        """The chosen moment with its answers."""

    def closer(self) -> Shown:
        """The present moment with all its points, where moments arrive thinned."""

    def ask(self, queries: Sequence[str]) -> None:
        """Use these queries from now on, or refuse them."""

    def teach(self, word: str, examples: Sequence[Example]) -> None:
        """Learn a word."""

    def segmenter(self) -> PartSegmenter:
        """This process's model, which answers clicks."""


def step(method):
    """One step of the session at a time: an error becomes the remark, and viewers are notified."""

    @wraps(method)
    def run(self: Session, *given):
        with self.lock:
            self.remark = ""
            try:
                method(self, *given)
            except InputError as error:
                self.remark = str(error)
        self.changed()

    return run


class Session:
    """The state of one view of one source. `changed` is called after every step, outside the lock."""

    def __init__(
        self, source: Source, queries: Sequence[str] = (), changed: Callable[[], None] = lambda: None
    ):
        self.source, self.changed = source, changed
        self.lock = threading.RLock()
        self.queries: list[str] = list(queries)
        self.history: list[str] = list(queries)
        self.index, self.min_confidence, self.held = 0, 0.0, False
        self.shown: Shown | None = None
        self.marked: Marked | None = None
        self._earlier: list[Marked | None] = []  # what was marked before each click
        self.level = 0
        self.taken_apart: list[tuple[np.ndarray, np.ndarray]] = []
        self.examples: list[Example] = []
        self._files = ExampleFiles()
        self.grasp_number = 0
        self.remark = ""
        self._followed = list(queries)

    # --- moments ----------------------------------------------------------------------------------------------
    @step
    def show(self, index: int) -> None:
        """Go to another moment."""
        self.index = int(np.clip(index, 0, max(len(self.source.names) - 1, 0)))
        self._forget_marks()
        self._look()

    def take(self, shown: Shown) -> None:
        """Show a moment that arrived by itself, unless the picture is paused."""
        with self.lock:
            if not self.held:
                self.shown = shown
        self.changed()

    def follow(self, queries: list[str]) -> None:
        """The source's queries have been changed by somebody else."""
        with self.lock:
            if queries != self._followed:
                self._followed = queries
                self._use(queries)

    @step
    def hold(self, held: bool) -> None:
        if held:
            self._look_closer()
        self.held = held

    def _look(self) -> None:
        if self.source.names:
            self.shown = None  # if it fails, nothing of another moment remains
            self.shown = self.source.look(self.index, self.queries)

    def _look_closer(self) -> None:
        """Show all points of the moment: what is clicked, marked and taught needs them."""
        if self.shown is not None and self.shown.thinned:
            self.shown = self.source.closer()

    # --- asking -----------------------------------------------------------------------------------------------
    @step
    def ask(self, text: str) -> None:
        """Add a query for every moment."""
        query = clean(text)
        if query in self.queries:
            return
        if len(self.queries) >= MAX_QUERIES:
            raise InputError(f"{MAX_QUERIES} words are already asked; remove one first")
        self._ask([*self.queries, query])

    @step
    def forget(self, text: str) -> None:
        """Remove a query."""
        self._ask([query for query in self.queries if query != text])

    @step
    def ask_only(self, queries: Sequence[str]) -> None:
        """Replace all queries."""
        self._ask([clean(query) for query in queries][:MAX_QUERIES])

    def _ask(self, queries: list[str]) -> None:
        self.source.ask(queries)
        self._use(queries)
        self.grasp_number = 0
        self._look()

    def _use(self, queries: list[str]) -> None:
        """Replace the queries; new ones can be asked again later."""
        for query in queries:
            if query not in self.queries:
                self.history = [query, *(q for q in self.history if q != query)][:MAX_HISTORY]
        self.queries = queries

    @step
    def show_from(self, confidence: float) -> None:
        """Hide parts with less confidence."""
        self.min_confidence = float(confidence)

    @property
    def parts(self) -> list[Part]:
        """The shown parts, best first within each query."""
        parts = self.shown.parts if self.shown else ()
        return [part for part in parts if part.found and part.confidence >= self.min_confidence]

    # --- pointing ---------------------------------------------------------------------------------------------
    @step
    def click(self, origin, direction, mode: str = LOOK) -> None:
        """Handle a click in the picture, given as a ray from the eye."""
        if self.shown is None:
            raise InputError("there is nothing to click on yet")
        self._look_closer()
        row = pointed_at(self.shown.points, origin, direction)
        if row is None:
            raise InputError("there is no point under the cursor")
        place, chosen = self.shown.points[row], self.marked
        if mode == LOOK or chosen is None:
            chosen = self._encoded(self.shown, self.shown.object_at(row))
        elif np.linalg.norm(chosen.points - place, axis=1).min() > NEAR * np.ptp(chosen.points, axis=0).max():
            raise InputError("that is not on the object being marked")
        chosen = chosen.clicked(place, mode == TAKE_AWAY)
        chosen.names = names_of(self.source.segmenter(), chosen)
        self._earlier = [*self._earlier, self.marked][-MAX_UNDONE:]
        self.marked = chosen

    @step
    def undo(self) -> None:
        """Take back the last click."""
        if not self._earlier:
            raise InputError("there is no click to undo")
        self.marked = self._earlier.pop()

    def _encoded(self, shown: Shown, thing: ShownObject | None) -> Marked:
        if thing is None:
            raise InputError("that is not on an object")
        return marked(self.source.segmenter(), shown, thing)

    @step
    def clear(self) -> None:
        """Forget clicks and decompositions."""
        self._forget_marks()

    def _forget_marks(self) -> None:
        self.marked, self._earlier, self.taken_apart, self.level = None, [], [], 0

    @step
    def take_apart(self, parts: int) -> None:
        """Cut the clicked object, or all objects, into so many parts without words; 0 shows them whole."""
        self.level, self.taken_apart = int(parts), []
        if not self.level or self.shown is None:
            return
        chosen = (
            [self.marked]
            if self.marked
            else [self._encoded(self.shown, thing) for thing in self.shown.objects]
        )
        for one in chosen:
            labels = one.tree.cut(min(self.level, one.tree.leaves))
            self.taken_apart.append((one.points, labels))

    # --- teaching ---------------------------------------------------------------------------------------------
    @step
    def keep_example(self, word: str) -> None:
        """Name the marked region, as an example for teaching and saving."""
        self._keep(clean(word))

    def _keep(self, name: str) -> None:
        if self.marked is None or not self.marked.mask.any():
            raise InputError("click on a part first: the marked region becomes the example")
        self.examples.append(Example(name, self.marked, self.marked.mask))
        self.remark = f'{counted(len(self._of(name)))} of "{name}" kept'

    @step
    def teach(self, word: str) -> None:
        """Teach a word from its examples, including the marked region, and ask it."""
        name = clean(word)
        if not self._of(name):
            self._keep(name)
        examples = self._of(name)[-MAX_EXAMPLES:]
        self.source.teach(name, examples)
        self._ask(list(dict.fromkeys([*self.queries, name])))
        self.remark = f'"{name}" was learned from {counted(len(examples))}'

    def _of(self, name: str) -> list[Example]:
        return [example for example in self.examples if example.word == name]

    @step
    def save_examples(self, folder: str | Path) -> None:
        """Save all examples as labelled-shape files, one for each."""
        if not self.examples:
            raise InputError("there is no example to save yet")
        folder = Path(folder).expanduser()
        if not folder.is_dir():
            raise InputError(f"there is no folder {folder}")
        for number, example in enumerate(self.examples):
            self._files.save(number, example, folder)
        self.remark = f"{counted(len(self.examples))} saved in {folder}"

    # --- grasps -----------------------------------------------------------------------------------------------
    @property
    def grasps(self) -> list[tuple[Part, Grasp]]:
        """The best grasp of every shown part."""
        return [(part, part.grasp) for part in self.parts if part.grasp is not None]

    @step
    def pick_grasp(self, number: int) -> None:
        self.grasp_number = int(number)

    @property
    def grasp(self) -> Grasp | None:
        """The picked grasp."""
        grasps = self.grasps
        return grasps[min(self.grasp_number, len(grasps) - 1)][1] if grasps else None


def pose_text(grasp: Grasp, origin: np.ndarray) -> str:
    """A grasp's pose for pasting: position x y z in the file's metres, then the quaternion x y z w."""
    numbers = [*(grasp.position + origin), *quaternion_of(grasp.rotation)]
    return " ".join(f"{number:.4f}" for number in numbers)
