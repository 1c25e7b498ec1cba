"""The cost of the view: a share of a core that a robot can spare, and nothing while nothing changes."""

from __future__ import annotations

import socket
import time
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("viser", reason="the view needs viser")

from part_perception.view.page import Page  # noqa: E402

FRAMES, RATE = 20, 10.0
SHARE = 0.15  # of a core of an ordinary machine


@pytest.fixture
def page(session):
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        port = any_port.getsockname()[1]
    one = Page(session, port=port)
    yield one
    one.close()


@pytest.mark.timed
def test_a_frame_of_300_000_points_is_drawn_within_its_share_of_a_core(page, session, slowness):
    session.ask("handle")
    still = session.shown
    noise = np.random.default_rng(0).normal(0, 1e-3, (FRAMES, 3)).astype(np.float32)
    frames = [replace(still, points=still.points + shift, stamp=float(k)) for k, shift in enumerate(noise)]
    page._draw()
    start = time.process_time()
    for session.shown in frames:
        page._draw()
    assert (time.process_time() - start) / FRAMES < SHARE / RATE * slowness


def test_unchanged_content_is_not_sent_again(page, session):
    session.ask("handle")
    sent = []
    page._draw()
    page._server.scene._queue_scene_message = sent.append
    page._draw()
    assert sent == []
    session.shown = replace(session.shown, points=session.shown.points + np.float32(0.001))
    page._draw()
    names = {message.name for message in sent}
    assert names == {"/cloud"}, "labels, boxes and colours stay where they are"
