"""Panel: the widgets beside the scene, and what each does to the session."""

from __future__ import annotations

import io
from html import escape
from typing import Any

import numpy as np
import viser

from part_perception.pictures.palette import vivid
from part_perception.view.session import ADD, LOOK, TAKE_AWAY, Session, pose_text

MAX_LEVEL = 19
NONE = "–"
CLICK_HINT = "click a point of an object"


class Panel:
    """All widgets of one server. `refresh` shows the session and sets only what has changed."""

    def __init__(self, server: viser.ViserServer, session: Session):
        self._gui, self._session = server.gui, session
        self._set: dict[str, str] = {}
        self._offered: dict[str, tuple[str, ...]] = {}
        self.playing = False
        self._wanted: int | None = None
        self._status = self._gui.add_html("")
        self._make_asking()
        self._make_moments()
        self._make_pointing()
        self._make_grasps()
        snapshot = self._gui.add_button("Snapshot")
        snapshot.on_click(save_snapshot)

    # --- widgets ----------------------------------------------------------------------------------------------
    def _make_asking(self) -> None:
        gui, session = self._gui, self._session
        with gui.add_folder("Ask"):
            with gui.add_form(None) as form:
                self._asked = text = gui.add_text("ask", "", hint="a part, such as handle; then Enter")
            self._history = gui.add_dropdown("again", (NONE,))
            self._forget = gui.add_dropdown("stop", (NONE,))
            confidence = gui.add_slider("sure from", 0.0, 1.0, 0.01, session.min_confidence)
            self._answers = gui.add_html("")

        @form.on_submit
        def _(_) -> None:
            if text.value.strip():
                asked = text.value
                put(text, "")
                session.ask(asked)

        self._history.on_update(lambda _: self._chosen(self._history, session.ask))
        self._forget.on_update(lambda _: self._chosen(self._forget, session.forget))
        confidence.on_update(lambda _: session.show_from(confidence.value))

    def _chosen(self, dropdown, act) -> None:
        """An entry chosen by a person; resetting it does not count."""
        if dropdown.value != NONE:
            chosen = dropdown.value
            put(dropdown, NONE)
            act(chosen)

    def _make_moments(self) -> None:
        gui, session = self._gui, self._session
        count = len(session.source.names)
        if count > 1:
            with gui.add_folder("Time"):
                self._slider = gui.add_slider("moment", 0, count - 1, 1, session.index)
                play = gui.add_checkbox("play", False)
            self._slider.on_update(self._slid)
            play.on_update(lambda _: setattr(self, "playing", play.value))
        elif not count:
            hold = gui.add_checkbox("hold still", False)
            hold.on_update(lambda _: session.hold(hold.value))

    def _slid(self, event: viser.GuiEvent) -> None:
        if event.client is not None:  # else it follows the session
            self._move_to(self._slider.value)

    def _move_to(self, index: int) -> None:
        """Go to the moment chosen last: those that were passed over while another was read are skipped."""
        self._wanted = index
        with self._session.lock:
            wanted, self._wanted = self._wanted, None
            if wanted is not None and wanted != self._session.index:
                self._session.show(wanted)

    def _make_pointing(self) -> None:
        gui, session = self._gui, self._session
        with gui.add_folder("Point"):
            self._mode = gui.add_dropdown("a click", (LOOK, ADD, TAKE_AWAY))
            self._names = gui.add_html("")
            self._level = gui.add_slider("take apart", 0, MAX_LEVEL, 1, 0, hint="number of parts; 0 = whole")
            undo = gui.add_button("Undo", hint="take back the last click")
            clear = gui.add_button("Clear")
        with gui.add_folder("Teach", expand_by_default=False):
            self._word = gui.add_text("name", "")
            keep = gui.add_button("Keep as example")
            teach = gui.add_button("Teach")
            folder = gui.add_text("folder", ".", hint="on the computer that runs the view")
            save = gui.add_button("Save examples")
        self._level.on_update(lambda _: self._cut_to(self._level.value))
        undo.on_click(lambda _: session.undo())
        clear.on_click(lambda _: session.clear())
        keep.on_click(lambda _: session.keep_example(self.word))
        teach.on_click(lambda _: session.teach(self.word))
        save.on_click(lambda _: session.save_examples(folder.value))

    def _cut_to(self, level: int) -> None:
        if level != self._session.level:
            self._session.take_apart(level)

    @property
    def mode(self) -> str:
        """The current meaning of a click."""
        return self._mode.value

    @property
    def typed(self) -> str:
        """The text typed so far."""
        return self._asked.value

    @property
    def word(self) -> str:
        """The name typed for the marked region."""
        return self._word.value

    def _make_grasps(self) -> None:
        with self._gui.add_folder("Grasps", expand_by_default=False):
            self._grasp = self._gui.add_dropdown("of", (NONE,))
            self._pose = self._gui.add_html("")

        @self._grasp.on_update
        def _(_) -> None:
            options = self._offered.get("grasps", ())
            if self._grasp.value in options:
                self._session.pick_grasp(options.index(self._grasp.value))

    # --- showing ----------------------------------------------------------------------------------------------
    def refresh(self, rate: float) -> None:
        """Show the session's state; the caller holds its lock."""
        session = self._session
        self._html(self._status, "status", status_html(session, rate))
        self._html(self._answers, "answers", answers_html(session))
        self._html(self._names, "names", names_html(session))
        self._options(self._history, "history", (NONE, *session.history))
        self._options(self._forget, "forget", (NONE, *session.queries))
        titles = [
            f"{n} {part.query} (object {part.object_id})" for n, (part, _) in enumerate(session.grasps, 1)
        ]
        self._options(self._grasp, "grasps", tuple(titles) or (NONE,))
        self._html(self._pose, "pose", pose_html(session))
        if self._level.value != session.level:
            put(self._level, session.level)
        waits = self._wanted is not None  # the slider is ahead of the session
        if len(session.source.names) > 1 and not waits and self._slider.value != session.index:
            put(self._slider, session.index)

    def _html(self, widget, name: str, content: str) -> None:
        if self._set.get(name) != content:
            self._set[name] = widget.content = content

    def _options(self, dropdown, name: str, options: tuple[str, ...]) -> None:
        if self._offered.get(name) != options:
            self._offered[name] = dropdown.options = options


def put(widget: Any, value) -> None:
    """Set the value of a widget in all browsers."""
    widget.value = value


def status_html(session: Session, rate: float) -> str:
    """The status line: the moment, its time, the frame rate, and the session's remark."""
    shown, lines = session.shown, []
    if shown is None:
        lines.append("nothing to see yet")
    else:
        count = len(shown.objects)
        lines.append(escape(shown.name))
        moving = f" · {rate:.1f} frames/s" if rate else ""
        lines.append(f"{count} object{'s' * (count != 1)} · {shown.milliseconds:.0f} ms{moving}")
        lines += [escape(shown.remark)] * bool(shown.remark)
    said = f'<div style="color:#b00020">{escape(session.remark)}</div>' if session.remark else ""
    return _box("<br>".join(lines) + said)


def answers_html(session: Session) -> str:
    """One line for each query: its colour, whether it was found, and the confidence."""
    lines = []
    for number, query in enumerate(session.queries):
        parts = [part for part in session.shown.parts if part.query == query] if session.shown else []
        sure = max((part.confidence for part in parts), default=0.0)
        count = sum(part.found and part.confidence >= session.min_confidence for part in parts)
        said = f"{sure:.2f}" + (f" × {count}" if count > 1 else "") if count else f"not found ({sure:.2f})"
        said = next((part.remark for part in parts if not part.understood), said)
        red, green, blue = vivid(number)
        dot = f'<span style="color:rgb({red},{green},{blue})">●</span>' if count else "○"
        lines.append(f"{dot} <b>{escape(query)}</b> {escape(said)}")
    return _box("<br>".join(lines) or "ask for a part: handle, lid, wheel …")


def names_html(session: Session) -> str:
    """The best names of the clicked region."""
    chosen = session.marked
    if chosen is None:
        return _box(CLICK_HINT)
    names = [f"<b>{escape(name)}</b> {confidence:.2f}" for name, confidence in chosen.names]
    return _box(
        f"object {chosen.object_id}, {int(chosen.mask.sum())} points: " + (", ".join(names) or "no name fits")
    )


def pose_html(session: Session) -> str:
    """The picked grasp's pose, and a button that copies it."""
    grasp, shown = session.grasp, session.shown
    if grasp is None or shown is None:
        return _box("no grasp: nothing found, or nothing that the gripper can hold")
    text = pose_text(grasp, shown.origin)
    copy = f"navigator.clipboard.writeText('{text}')"
    return _box(
        f"opening {1e3 * grasp.width:.0f} mm, quality {grasp.quality:.2f}<br>x y z, quaternion x y z w:<br>"
        f'<code>{text}</code> <button onclick="{copy}">copy</button>'
    )


def _box(content: str) -> str:
    return f'<div style="padding:0.2em 0.8em;font-size:0.85em;line-height:1.5">{content}</div>'


def save_snapshot(event) -> None:
    """Download the picture in the requesting browser, from its point of view."""
    from PIL import Image

    camera = event.client.camera
    height, width = camera.image_height, camera.image_width
    picture = event.client.get_render(height, width, transport_format="png", timeout=10.0)
    white = np.full((*picture.shape[:2], 3), 255.0)
    alpha = picture[..., 3:] / 255.0
    stream = io.BytesIO()
    Image.fromarray((picture[..., :3] * alpha + white * (1 - alpha)).astype(np.uint8)).save(stream, "PNG")
    event.client.send_file_download("view.png", stream.getvalue(), save_immediately=True)
