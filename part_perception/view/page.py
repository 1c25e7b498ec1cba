"""Page: the web server with scene and panel. One thread draws changes, and only changes are sent."""

from __future__ import annotations

import socket
import threading
import time
from collections import deque
from dataclasses import dataclass

import numpy as np
import viser

from part_perception.errors import InputError
from part_perception.geometry.poses import quaternion_of
from part_perception.pictures.camera import looking
from part_perception.view.painting import Label, Picture, paint
from part_perception.view.panel import Panel
from part_perception.view.session import Session
from part_perception.view.shown import Shown

POINT, OVER = 0.0035, 0.005  # the size of a drawn point, relative to the view
LIFT = 0.003  # of that size: marks are drawn nearer to the eye than the points that they cover
LINE_PIXELS = 2.5
FAR_FROM_MIDDLE = 0.05  # metres from which the middle of a cloud is moved
STILL = 0.002  # metres that a label may be beside its place
FEW = 1000  # points that show where a cloud is
UNLIKE = 2.5  # times as large
UPRIGHT = 0.9  # the cosine between two up directions
FRUSTUM = 0.06
FOV = 0.8


@dataclass(frozen=True)
class Extent:
    """Where the points of a moment are: their middle, the length of their diagonal, and the up direction."""

    name: str
    middle: np.ndarray
    size: float
    up: np.ndarray

    @classmethod
    def of(cls, shown: Shown, points: np.ndarray) -> Extent:
        low, high = np.percentile(points[:: 1 + len(points) // FEW], (2, 98), axis=0)
        return cls(
            shown.name, (low + high) / 2, float(np.linalg.norm(high - low)), np.asarray(shown.up, float)
        )

    def like(self, other: Extent) -> bool:
        """Whether an eye that sees the other sees this one as well."""
        near = np.linalg.norm(self.middle - other.middle) < max(self.size, other.size)
        alike = max(self.size, other.size) < UNLIKE * min(self.size, other.size)
        return bool(near and alike and self.up @ other.up > UPRIGHT)


class Drawing:
    """The scene of one server."""

    def __init__(self, server: viser.ViserServer):
        self._scene, self._server = server.scene, server
        self._clouds: dict[str, viser.PointCloudHandle] = {}
        self._drawn_lines: viser.LineSegmentsHandle | None = None
        self._labels: list[viser.LabelHandle] = []
        self._seen_from: np.ndarray | None = None
        self._looked_at: Extent | None = None
        self._size, self._eye = 1.0, np.zeros(3)

    def draw(self, shown: Shown | None, picture: Picture, chosen: bool) -> None:
        """Bring the scene up to date; `chosen`: the moment was chosen among others, which may be unlike it."""
        with self._server.atomic():
            if shown is not None and len(picture.points):
                self._look_at(shown, picture.points, chosen)
                self._camera(shown)
            self._cloud("/cloud", picture.points, picture.colours, POINT * self._size)
            self._cloud("/over", self._lifted(picture.over), picture.over_colours, OVER * self._size)
            self._lines(picture.lines, picture.line_colours)
            self._label(picture.labels)

    def _look_at(self, shown: Shown, points: np.ndarray, chosen: bool) -> None:
        """Set the up direction and the eye's position for the first picture, and for one of something else."""
        if self._looked_at is not None and (not chosen or shown.name == self._looked_at.name):
            return
        extent = Extent.of(shown, points)
        known, self._looked_at = self._looked_at, extent
        if known is not None and extent.like(known):
            return
        self._clouds.clear()  # they are made anew, with points of another size
        self._seen_from = None
        on_objects = [shown.points[thing.indices] for thing in shown.objects]
        low, high = np.percentile(np.concatenate(on_objects) if on_objects else points, (2, 98), axis=0)
        middle, size = (low + high) / 2, float(np.linalg.norm(high - low))
        seen_from = shown.camera if shown.camera is not None else middle + size * np.array((1.0, -1.0, 0.6))
        self._size = max(size, 0.05)
        away = (seen_from - middle) / max(float(np.linalg.norm(seen_from - middle)), 1e-9)
        eye = middle + max(1.2 * size, 0.05) * (away + 0.3 * shown.up)  # above the camera, which is drawn
        self._scene.set_up_direction(np.asarray(shown.up, float))
        self._eye = eye
        camera = self._server.initial_camera
        camera.position, camera.look_at = eye, middle
        camera.up, camera.near = np.asarray(shown.up, float), 0.01
        for client in self._server.get_clients().values():
            client.camera.up_direction = np.asarray(shown.up, float)
            client.camera.position, client.camera.look_at = eye, middle

    def _camera(self, shown: Shown) -> None:
        """Draw the depth camera, looking at the middle of the cloud."""
        if shown.camera is None:
            self._remove("/camera")
            return
        if self._seen_from is not None and np.array_equal(self._seen_from, shown.camera):
            return
        self._seen_from = shown.camera
        forward = np.median(shown.points[shown.there], axis=0) - shown.camera
        x, y, z, w = quaternion_of(looking(forward, shown.up).T)
        self._scene.add_camera_frustum(
            "/camera",
            FOV,
            4 / 3,
            scale=FRUSTUM,
            thickness=1.5,
            thickness_units="screen",
            color=(90, 96, 110),
            wxyz=np.array((w, x, y, z)),
            position=shown.camera,
        )

    def _lifted(self, points: np.ndarray) -> np.ndarray:
        """Move marks towards the eye: at their own place, they might be hidden by the points that they mark."""
        away = self._eye - points
        distance = np.linalg.norm(away, axis=1, keepdims=True)
        return (points + LIFT * self._size * away / np.maximum(distance, 1e-9)).astype(np.float32)

    def _cloud(self, name: str, points: np.ndarray, colours: np.ndarray, size: float) -> None:
        """Points in half precision about their middle: to a quarter of a millimetre at half a metre."""
        known = self._clouds.pop(name, None)
        if not len(points):
            self._remove(name)
            return
        middle = points.mean(axis=0)
        if known is not None and len(known.points) == len(points):
            if np.abs(middle - known.position).max() > FAR_FROM_MIDDLE:
                known.position = middle
            known.points, known.colors = points - known.position.astype(np.float32), colours
        else:
            known = self._scene.add_point_cloud(
                name,
                points - middle,
                colours,
                point_size=size,
                point_shape="circle",
                point_shading="flat",
                position=middle,
            )
        self._clouds[name] = known

    def _lines(self, lines: np.ndarray, colours: np.ndarray) -> None:
        known, self._drawn_lines = self._drawn_lines, None
        if not len(lines):
            self._remove("/lines")
        elif known is not None and len(known.points) == len(lines):
            known.points, known.colors = lines, colours
            self._drawn_lines = known
        else:
            self._drawn_lines = self._scene.add_line_segments(
                "/lines", lines, colours, thickness=LINE_PIXELS, thickness_units="screen"
            )

    def _label(self, labels: tuple[Label, ...]) -> None:
        """A label that moves by less than is seen stays where it is."""
        for number in range(len(labels), len(self._labels)):
            self._remove(f"/labels/{number}")
        del self._labels[len(labels) :]
        for number, label in enumerate(labels):
            known = self._labels[number] if number < len(self._labels) else None
            if known is None:
                name = f"/labels/{number}"
                made = self._scene.add_label(name, label.text, position=label.place, anchor=label.anchor)
                self._labels.append(made)
                continue
            known.text, known.anchor = label.text, label.anchor
            if np.abs(known.position - label.place).max() > STILL:
                known.position = label.place

    def _remove(self, name: str) -> None:
        self._scene.remove_by_name(name)


HOST, PORT = "127.0.0.1", 8080
MIN_PERIOD = 0.1  # seconds between two drawings
PLAY_PERIOD = 0.2
RATE_OVER = 2.0  # seconds


class Page:
    """Shows a session in all browsers that connect; it continues when they leave."""

    def __init__(self, session: Session, host: str = HOST, port: int = PORT):
        refuse_taken(host, port)
        self._session = session
        self._server = viser.ViserServer(host=host, port=port, label="part_perception", verbose=False)
        self._server.gui.configure_theme(show_logo=False, show_share_button=False)
        self._drawing, self.panel = Drawing(self._server), Panel(self._server, session)
        self._due, self._ended = threading.Event(), threading.Event()
        self._times: deque[float] = deque(maxlen=round(RATE_OVER / MIN_PERIOD) + 1)
        self._stamp = float("nan")
        session.changed = self._due.set
        self._server.on_client_connect(lambda _: self._due.set())

        @self._server.scene.on_click()
        def _(event) -> None:
            session.click(event.ray_origin, event.ray_direction, self.panel.mode)

        self._threads = [threading.Thread(target=run, daemon=True) for run in (self._draw_all, self._play)]
        for thread in self._threads:
            thread.start()
        self._due.set()

    @property
    def address(self) -> str:
        """The address for a browser."""
        host = self._server.get_host()
        return f"http://{'localhost' if host in ('127.0.0.1', '0.0.0.0') else host}:{self._server.get_port()}"

    def watched(self) -> bool:
        """Whether any browser is connected."""
        return bool(self._server.get_clients())

    def _draw_all(self) -> None:
        while not self._ended.is_set():
            self._due.wait()
            if self._ended.is_set():
                return
            self._due.clear()
            if self.watched():  # otherwise the next browser will need it
                self._draw()
            self._ended.wait(MIN_PERIOD)

    def _draw(self) -> None:
        with self._session.lock:
            shown, picture = self._session.shown, paint(self._session)
            if shown is not None and shown.stamp != self._stamp:
                self._stamp = shown.stamp
                self._times.append(time.monotonic())
            self.panel.refresh(self.rate)
        self._drawing.draw(shown, picture, bool(self._session.source.names))

    @property
    def rate(self) -> float:
        """The frames drawn per second, lately; 0 while nothing moves."""
        since = time.monotonic() - RATE_OVER
        lately = [drawn for drawn in self._times if drawn > since]
        return (len(lately) - 1) / (lately[-1] - lately[0]) if len(lately) > 1 else 0.0

    def _play(self) -> None:
        """Play a recording while `play` is set."""
        session = self._session
        while not self._ended.wait(PLAY_PERIOD):
            count = len(session.source.names)
            if self.panel.playing and count > 1:
                session.show((session.index + 1) % count)

    def close(self) -> None:
        """End the server and its threads."""
        self._ended.set()
        self._due.set()
        for thread in self._threads:
            thread.join(5.0)
        self._server.stop()


def refuse_taken(host: str, port: int) -> None:
    """Refuse a port in use: viser would silently take another, and the shown address would be wrong."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise InputError(
                f"port {port} of {host} cannot be used ({error.strerror}); choose another with --port"
            ) from None
