"""Page: the web server with scene and panel; one thread draws what has changed."""

from __future__ import annotations

import socket
import threading
import time
from collections import deque

import viser

from part_perception.errors import InputError
from part_perception.view.drawing import Drawing
from part_perception.view.painting import paint
from part_perception.view.panel import Panel
from part_perception.view.session import Session

HOST, PORT = "127.0.0.1", 8080
MIN_PERIOD = 0.1  # seconds between two drawings
PLAY_PERIOD = 0.2
RATE_OVER = 2.0  # seconds


class Page:
    """A session in the browsers that come to it; it goes on when they leave."""

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
        """What to type into a browser."""
        host = self._server.get_host()
        return f"http://{'localhost' if host in ('127.0.0.1', '0.0.0.0') else host}:{self._server.get_port()}"

    def watched(self) -> bool:
        """Whether any browser looks on."""
        return bool(self._server.get_clients())

    def _draw_all(self) -> None:
        while not self._ended.is_set():
            self._due.wait()
            if self._ended.is_set():
                return
            self._due.clear()
            if self.watched():  # else: the next one to come will want it
                self._draw()
            self._ended.wait(MIN_PERIOD)

    def _draw(self) -> None:
        with self._session.lock:
            shown, picture = self._session.shown, paint(self._session)
            if shown is not None and shown.stamp != self._stamp:
                self._stamp = shown.stamp
                self._times.append(time.monotonic())
            self.panel.refresh(self.rate)
        self._drawing.draw(shown, picture)

    @property
    def rate(self) -> float:
        """Frames a second that were drawn lately; 0 while nothing moves."""
        since = time.monotonic() - RATE_OVER
        lately = [drawn for drawn in self._times if drawn > since]
        return (len(lately) - 1) / (lately[-1] - lately[0]) if len(lately) > 1 else 0.0

    def _play(self) -> None:
        """Go through a recording while `play` is set."""
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
    """A port that another program has is refused: the address that was told to others would be wrong."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise InputError(
                f"port {port} of {host} cannot be used ({error.strerror}); choose another with --port"
            ) from None
