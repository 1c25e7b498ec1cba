"""The animated picture of README: a person asks the view of a simulated camera in a real browser.

python tests/view/live_picture.py docs/view.gif
"""

from __future__ import annotations

import io
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
from browser import ask, click_on, field, free_port, pixels, start_browser, text_of, wait
from PIL import Image
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.actions.wheel_input import ScrollOrigin
from selenium.webdriver.common.by import By

from part_perception import PartSegmenter
from part_perception.pictures.palette import vivid
from part_perception.simulation.capture import capture, orbit
from part_perception.simulation.things import TINTS, thing
from part_perception.view.moments import Cloud, Moment, StillSource
from part_perception.view.page import Page
from part_perception.view.painting import MARKED
from part_perception.view.session import Session

TABLE = (("mug", 0.10, -0.24, 3.9), ("cooking pot", -0.14, 0.14, 0.4), ("spray bottle", -0.24, -0.14, 1.0),
         ("hammer", 0.20, 0.12, 2.2))  # fmt: skip
WINDOW, EMPTY, WIDTH = (1120, 760), 220, 800  # pixels: of the browser, at its left, of the picture
POSES, SEED, COLOURS, NOTCHES = 12, 1, 128, 6
SHORT, LONG = 220, 1800  # milliseconds
Recorded = list[tuple[Image.Image, int]]


def moments() -> list[Moment]:
    """A table, seen by a camera that moves around it."""
    things = [
        thing(kind, SEED).moved((x, y, 0.0), yaw).painted(tint)
        for (kind, x, y, yaw), tint in zip(TABLE, TINTS, strict=False)
    ]
    rng = np.random.default_rng(SEED)
    views = [capture(things, pose, rng) for pose in orbit(POSES, swing=0.3)]
    return [
        Moment(f"frame {n}", 0.1 * n, n > 0, partial(Cloud, view.points, view.colours, False))
        for n, view in enumerate(views)
    ]


def record(page: Page, session: Session, browser) -> Recorded:
    """A person's actions, with the duration of each picture in milliseconds."""
    pictures: Recorded = []

    def shot(milliseconds: int) -> None:
        picture = Image.open(io.BytesIO(browser.get_screenshot_as_png())).convert("RGB")
        pictures.append((picture.crop((EMPTY, 0, *picture.size)), milliseconds))

    wait("the scene", lambda: "4 objects" in text_of(browser))
    come_closer(browser)
    shot(900)
    for number, word in enumerate(("handle", "lid of the pot")):
        for letters in range(3, len(word), 4):
            field(browser, "ask").send_keys(word[letters - 3 : letters + 1])
            shot(SHORT)
        box = field(browser, "ask")
        box.clear()
        ask(page, browser, word)
        wait("the colour of the answer", lambda number=number: len(pixels(browser, vivid(number))) > 60)
        shot(LONG)
    click_on(browser, vivid(0))
    wait("the names of what was clicked", lambda: session.marked is not None and session.marked.names)
    wait("the region", lambda: len(pixels(browser, MARKED)) > 40)
    shot(LONG)
    session.clear()
    for index in range(1, len(session.source.names)):
        session.show(index)
        wait("the moment", lambda index=index: f"frame {index}" in text_of(browser))
        shot(SHORT)
    return pictures


def come_closer(browser) -> None:
    """Close the browser's note that it draws in software, and turn the wheel over the table."""
    for button in browser.find_elements(By.XPATH, "//div[@role='alert']//button"):
        browser.execute_script("arguments[0].click()", button)
    wait("the note to go", lambda: not browser.find_elements(By.XPATH, "//div[@role='alert']"))
    canvas = browser.find_element(By.TAG_NAME, "canvas")
    wheel = ScrollOrigin.from_element(canvas)
    for _ in range(NOTCHES):
        ActionChains(browser).scroll_from_origin(wheel, 0, -120).perform()
        time.sleep(0.5)  # the camera glides


def write(pictures: Recorded, path: Path) -> None:
    """One palette for all frames and no dithering, so that still parts cost nothing."""
    height = WIDTH * pictures[0][0].height // pictures[0][0].width
    small = [picture.resize((WIDTH, height), Image.Resampling.LANCZOS) for picture, _ in pictures]
    swatches = np.tile(np.array([MARKED, *(vivid(k) for k in range(3))], np.uint8), (WIDTH // 4, 40, 1))
    swatches = swatches.reshape(-1, WIDTH, 3)  # rare colours that matter
    palette = Image.fromarray(np.concatenate([swatches, *(np.asarray(each) for each in small[::4])]))
    palette = palette.quantize(COLOURS)
    frames = [each.quantize(palette=palette, dither=Image.Dither.NONE) for each in small]
    durations = [milliseconds for _, milliseconds in pictures]
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=durations, loop=0, optimize=True)


def main(path: Path) -> None:
    session = Session(StillSource(moments(), PartSegmenter.load()))
    session.show(0)
    page = Page(session, port=free_port())
    browser = start_browser(page.address, WINDOW)
    try:
        write(record(page, session, browser), path)
    finally:
        browser.quit()
        page.close()
    print(f"{path}: {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
