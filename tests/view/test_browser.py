"""The view in a real browser: a word is typed, its colour is seen, a point is clicked, a word is taught."""

from __future__ import annotations

import io
import shutil
import socket
import time

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("viser", reason="the view needs viser")
selenium = pytest.importorskip("selenium", reason="this test drives a browser by selenium")
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="there is no Chromium with its driver"),
]

from selenium import webdriver  # noqa: E402
from selenium.webdriver.common.action_chains import ActionChains  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402

from part_perception.errors import InputError  # noqa: E402
from part_perception.pictures.palette import vivid  # noqa: E402
from part_perception.view.page import Page  # noqa: E402
from part_perception.view.painting import MARKED  # noqa: E402

PATIENCE = 60.0


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture
def page(session):
    one = Page(session, port=free_port())
    yield one
    one.close()


@pytest.fixture
def open_browser():
    """Opens a browser without a window, which draws 3-D in software."""
    opened = []

    def start(address: str):
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        for each in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1280,900",
                     "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"):  # fmt: skip
            options.add_argument(each)
        opened.append(webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER)))
        opened[-1].get(address)
        return opened[-1]

    yield start
    for browser in opened:
        browser.quit()


def wait(what: str, condition):
    """Until the condition gives something."""
    deadline = time.monotonic() + PATIENCE
    while not (value := condition()):
        assert time.monotonic() < deadline, f"waited {PATIENCE:.0f} s in vain for {what}"
        time.sleep(0.2)
    return value


def text_of(browser) -> str:
    return browser.find_element(By.TAG_NAME, "body").text


def pixels(browser, colour) -> np.ndarray:
    """(N, 2) columns and rows of the canvas that are nearly of a colour."""
    canvas = browser.find_element(By.TAG_NAME, "canvas")
    picture = np.asarray(Image.open(io.BytesIO(canvas.screenshot_as_png)).convert("RGB"), int)
    return np.argwhere(np.abs(picture - np.asarray(colour, int)).max(axis=2) < 12)[:, ::-1]


def field(browser, label: str):
    """The text field beside a label, once it can be typed into: a folder takes a moment to open."""
    place = f"//*[normalize-space(text())='{label}']/following::input[1]"
    return wait(
        f"the field {label}",
        lambda: next((box for box in browser.find_elements(By.XPATH, place) if box.is_displayed()), None),
    )


def ask(page, browser, text: str) -> None:
    """Type a word as a person does, whose keys arrive before Enter."""
    box = field(browser, "ask")
    box.send_keys(text)
    wait("the word to arrive", lambda: page.panel.typed == text)
    box.send_keys(Keys.ENTER)


def press(browser, title: str) -> None:
    button = browser.find_element(By.XPATH, f"//button[contains(., '{title}')]")
    browser.execute_script("arguments[0].click()", button)


def test_ask_click_and_teach_in_a_browser(page, session, open_browser):
    browser = open_browser(page.address)
    wait("the scene", lambda: "3 objects" in text_of(browser))
    assert len(pixels(browser, vivid(0))) == 0
    ask(page, browser, "handle")
    wait("the answer in the page", lambda: "handle 0." in text_of(browser))
    wait("the colour of handles in the canvas", lambda: len(pixels(browser, vivid(0))) > 100)

    # a click on a handle
    canvas = browser.find_element(By.TAG_NAME, "canvas")
    places = pixels(browser, vivid(0))
    spot = places[np.linalg.norm(places - np.median(places, axis=0), axis=1).argmin()]
    x, y = (spot - np.array((canvas.size["width"], canvas.size["height"])) / 2).round().astype(int).tolist()
    ActionChains(browser).move_to_element_with_offset(canvas, x, y).click().perform()
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


def test_a_port_that_is_taken_is_refused(page, session):
    port = int(page.address.rpartition(":")[2])
    with pytest.raises(InputError, match=f"port {port} of 127.0.0.1 cannot be used"):
        Page(session, port=port)


def test_no_other_computer_can_reach_it(page):
    port = int(page.address.rpartition(":")[2])
    socket.create_connection(("127.0.0.1", port), 5.0).close()
    with pytest.raises(ConnectionRefusedError):  # another address of this machine stands for its network
        socket.create_connection(("127.0.0.2", port), 5.0)
