"""A real headless browser, and a person's actions in the view: reading, typing, pressing, looking at colours."""

from __future__ import annotations

import io
import shutil
import socket
import time
from pathlib import Path

import numpy as np
from PIL import Image
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
PATIENCE = 60.0


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def start_browser(address: str, size: tuple[int, int] = (1280, 900), downloads: Path = Path()):
    """A browser that draws 3-D in software, at this address."""
    options = webdriver.ChromeOptions()
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads.resolve())})
    options.binary_location = CHROMIUM
    for each in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", f"--window-size={size[0]},{size[1]}",
                 "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"):  # fmt: skip
        options.add_argument(each)
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    browser.get(address)
    return browser


def wait(what: str, condition):
    """Wait until the condition is truthy."""
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


def click_on(browser, colour) -> None:
    """Click the middle of the pixels that have a colour in the canvas."""
    canvas = browser.find_element(By.TAG_NAME, "canvas")
    places = pixels(browser, colour)
    spot = places[np.linalg.norm(places - np.median(places, axis=0), axis=1).argmin()]
    x, y = (spot - np.array((canvas.size["width"], canvas.size["height"])) / 2).round().astype(int).tolist()
    ActionChains(browser).move_to_element_with_offset(canvas, x, y).click().perform()
