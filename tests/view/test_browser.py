"""The view in a real browser: a word is typed, its colour is seen, a point is clicked, a word is taught."""

from __future__ import annotations

import socket

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("viser", reason="the view needs viser")
pytest.importorskip("selenium", reason="this test drives a browser by selenium")

from browser import (  # noqa: E402
    CHROMIUM,
    DRIVER,
    ask,
    click_on,
    field,
    free_port,
    pixels,
    press,
    start_browser,
    text_of,
    wait,
)
from selenium.webdriver.common.by import By  # noqa: E402

from part_perception.cli.main import main  # noqa: E402
from part_perception.errors import InputError  # noqa: E402
from part_perception.pictures.palette import vivid  # noqa: E402
from part_perception.view.moments import StillSource, moments_of  # noqa: E402
from part_perception.view.page import Page  # noqa: E402
from part_perception.view.painting import MARKED  # noqa: E402
from part_perception.view.session import Session  # noqa: E402

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="there is no Chromium with its driver"),
]


@pytest.fixture
def page(session):
    one = Page(session, port=free_port())
    yield one
    one.close()


@pytest.fixture
def open_browser(tmp_path):
    """Opens browsers, which download to the test's folder, and ends them."""
    opened = []

    def start(address: str):
        opened.append(start_browser(address, downloads=tmp_path))
        return opened[-1]

    yield start
    for browser in opened:
        browser.quit()


def test_ask_click_and_teach_in_a_browser(page, session, open_browser, tmp_path):
    browser = open_browser(page.address)
    wait("the scene", lambda: "3 objects" in text_of(browser))
    assert len(pixels(browser, vivid(0))) == 0
    ask(page, browser, "handle")
    wait("the answer in the page", lambda: "handle 0." in text_of(browser))
    wait("the colour of handles in the canvas", lambda: len(pixels(browser, vivid(0))) > 100)

    # a click on a handle, taken back, and again
    click_on(browser, vivid(0))
    wait("the first click", lambda: session.marked is not None)
    press(browser, "Undo")
    wait("nothing to be marked", lambda: session.marked is None)
    click_on(browser, vivid(0))
    wait("the names of what was clicked", lambda: session.marked is not None and session.marked.names)
    best = session.marked.names[0][0]
    wait("them in the page", lambda: best in text_of(browser).partition("points:")[2])
    wait("the marked region in the canvas", lambda: len(pixels(browser, MARKED)) > 50)

    # a word is taught by it, and a second browser sees the same
    browser.execute_script(
        "arguments[0].click()", browser.find_element(By.XPATH, "//*[normalize-space(text())='Teach']")
    )
    field(browser, "name").send_keys("zorb")
    wait("the name to arrive", lambda: page.panel.word == "zorb")
    press(browser, "Teach")
    wait("the lesson", lambda: "was learned from 1 example" in text_of(browser))
    other = open_browser(page.address)
    wait("the taught word in another browser", lambda: "zorb 0." in text_of(other))

    # a closed tab changes nothing
    browser.quit()
    ask(page, other, "wheel")
    wait("an honest no", lambda: "wheel not found" in text_of(other))
    assert session.queries == ["handle", "zorb", "wheel"]

    # the picture is downloaded as this browser sees it
    wait("the taught word's colour in the canvas", lambda: len(pixels(other, vivid(1))) > 50)
    press(other, "Snapshot")
    wait("the snapshot", (tmp_path / "view.png").exists)
    picture = np.asarray(Image.open(tmp_path / "view.png").convert("RGB"), int)
    assert picture.shape[0] > 500 and picture.shape[1] > 500
    assert (np.abs(picture - vivid(1)).max(axis=2) < 12).sum() > 50, "the taught word, in its colour"


def test_every_moment_of_a_folder_is_in_the_picture(segmenter, table_file, open_browser, tmp_path):
    """A mug of 8 cm at the origin, then a table half a metre before a camera, then the mug again."""
    assert main(["sample", "mug", "--out", str(tmp_path / "mug.ply")]) == 0
    mug = tmp_path / "mug.ply"
    session = Session(StillSource(moments_of([mug, table_file, mug]), segmenter))
    session.ask_only(["handle"])
    page = Page(session, port=free_port())
    try:
        browser = open_browser(page.address)
        for index in (0, 1, 2, 1):
            session.show(index)
            wait("the moment", lambda name=session.shown.name: name in text_of(browser))
            wait(f"the handle in picture {index}", lambda: len(pixels(browser, vivid(0))) > 100)
    finally:
        page.close()


def test_a_port_that_is_taken_is_refused(page, session):
    port = int(page.address.rpartition(":")[2])
    with pytest.raises(InputError, match=f"port {port} of 127.0.0.1 cannot be used"):
        Page(session, port=port)


def test_no_other_computer_can_reach_it(page):
    port = int(page.address.rpartition(":")[2])
    socket.create_connection(("127.0.0.1", port), 5.0).close()
    with pytest.raises(ConnectionRefusedError):  # another address of this machine stands for its network
        socket.create_connection(("127.0.0.2", port), 5.0)
