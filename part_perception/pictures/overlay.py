"""Overlay: draws boxes, grippers, name tags and a legend over a picture, with smooth edges."""

from __future__ import annotations

from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from part_perception.pictures.camera import Camera
from part_perception.types import Grasp, Motion, OrientedBox

INK, SOFT, WHITE = (38, 42, 50), (112, 118, 128), (255, 255, 255)
Colour = tuple[int, int, int]
_FINER = 2
_EDGES = [(a, b) for a in range(8) for b in range(a + 1, 8) if bin(a ^ b).count("1") == 1]


class Overlay:
    """Draws on a transparent sheet of higher resolution and merges it into the picture at the end."""

    def __init__(self, picture: np.ndarray, camera: Camera | None = None):
        self.picture = Image.fromarray(picture).convert("RGBA")
        self.camera = camera
        width, height = self.picture.size
        self.sheet = Image.new("RGBA", (_FINER * width, _FINER * height))
        self.draw = ImageDraw.Draw(self.sheet)
        self.taken: list[tuple[float, float, float, float]] = []

    def finished(self) -> np.ndarray:
        flat = self.sheet.resize(self.picture.size, Image.Resampling.LANCZOS)
        return np.asarray(Image.alpha_composite(self.picture, flat).convert("RGB"))

    def box(self, box: OrientedBox, colour: Colour) -> None:
        corners = box_corners(box)
        for a, b in _EDGES:
            self._line(corners[[a, b]], (*colour, 170), 1.5)

    def gripper(self, grasp: Grasp, colour: Colour) -> None:
        """Draw two fingers at the grasp, the palm behind them, and an arrow along the approach."""
        strokes = gripper_strokes(grasp)
        pixels, _ = self._project(strokes[0])
        ink = float(np.clip(np.ptp(pixels, axis=0).max() / 14, 1.6, 3.6))
        for width, shade in ((ink + 3, (*WHITE, 230)), (ink, (*INK, 255))):
            for stroke in strokes:
                self._line(stroke, shade, width)
        self._dot(grasp.position, colour, 1.2 * ink)

    def motion(self, motion: Motion, box: OrientedBox, colour: Colour) -> None:
        """Draw the opening direction of a part as an arrow and its rotation axis as a thin line."""
        axis, way = motion_strokes(motion, box)
        for stroke, width in ((axis, 2.2), (way, 3.2)):
            for more, shade in ((3, (*WHITE, 230)), (0, (*colour, 255))):
                if len(stroke):
                    self._line(stroke, shade, width + more)
        self._arrow_head(way[-2:], colour)

    def _arrow_head(self, end: np.ndarray, colour: Colour) -> None:
        (before, tip), depth = self._project(end)
        along = (tip - before) / max(float(np.linalg.norm(tip - before)), 1e-9)
        across = np.array((-along[1], along[0]))
        corners = np.array([tip + 10 * along, tip - 6 * along + 8 * across, tip - 6 * along - 8 * across])
        if (depth > 0).all():
            self.draw.polygon([tuple(_FINER * c) for c in corners], fill=colour, outline=WHITE)

    def tag(self, point: np.ndarray, text: str, colour: Colour, size: int = 17) -> None:
        """Write a name beside a point, moved up or down until it covers no other."""
        (x, y), depth = (v[0] for v in self._project(point[None]))
        if depth <= 0:
            return
        width, height = text_width(text, size) + 34, size + 13
        left = float(np.clip(x + 26, 4, self.picture.width - width - 4))
        places = sorted(
            (y - 46 + step * (height + 5) for step in range(-8, 9)), key=lambda t: abs(t - (y - 46))
        )
        inside = [t for t in places if 4 <= t <= self.picture.height - height - 4]
        free = [
            t
            for t in inside
            if not any(_overlap((left, t, left + width, t + height), other) for other in self.taken)
        ]
        top = (free or inside or [4.0])[0]
        self.taken.append((left, top, left + width, top + height))
        self._stroke([(x, y), (left + 8, top + height / 2)], (*INK, 150), 1.3)
        self.rounded((left, top, left + width, top + height), (*WHITE, 235), (*colour, 255), height / 2)
        self.disc(left + 15, top + height / 2, 5.5, colour)
        self.text(left + 26, top + height / 2, text, size, INK)

    def text(self, x: float, y: float, text: str, size: int, colour: Colour) -> None:
        """Write text that begins at x with its middle at y."""
        self.draw.text((x * _FINER, y * _FINER), text, fill=colour, font=font(size * _FINER), anchor="lm")

    def disc(self, x: float, y: float, radius: float, colour: Colour | None, rim: Colour = INK) -> None:
        box = [_FINER * v for v in (x - radius, y - radius, x + radius, y + radius)]
        if colour is None:
            self.draw.ellipse(box, outline=rim, width=int(1.5 * _FINER))
        else:
            self.draw.ellipse(box, fill=colour)

    def rounded(self, box, fill, outline, radius: float) -> None:
        scaled = [_FINER * v for v in box]
        self.draw.rounded_rectangle(
            scaled, radius * _FINER, fill=fill, outline=outline, width=int(1.4 * _FINER)
        )

    def _project(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if self.camera is None:
            raise TypeError("an overlay without a camera draws in pixels only")
        return self.camera.project(points)

    def _dot(self, point: np.ndarray, colour: Colour, radius: float) -> None:
        x, y = self._project(point[None])[0][0]
        self.disc(x, y, radius + 2, WHITE)
        self.disc(x, y, radius, colour)

    def _line(self, points: np.ndarray, colour, width: float) -> None:
        pixels, depth = self._project(points)
        if (depth > 0).all():
            self._stroke(pixels, colour, width)

    def _stroke(self, pixels, colour, width: float) -> None:
        scaled = [(float(x) * _FINER, float(y) * _FINER) for x, y in pixels]
        self.draw.line(scaled, fill=colour, width=max(round(width * _FINER), 1), joint="curve")


def box_corners(box: OrientedBox) -> np.ndarray:
    signs = np.array([[(k >> axis & 1) - 0.5 for axis in range(3)] for k in range(8)])
    return box.centre + (signs * box.size) @ box.rotation.T


def motion_strokes(motion: Motion, box: OrientedBox) -> tuple[np.ndarray, np.ndarray]:
    """The axis that a part turns about (may be none), and the path of its middle, as lines in space."""
    size = float(np.linalg.norm(box.size))
    if not motion.turning:
        reach = max(0.5 * size, 0.05)
        return np.zeros((0, 3)), np.array([box.centre, box.centre + reach * motion.axis])
    axis = motion.origin + 0.6 * size * np.array([[-1.0], [1.0]]) * motion.axis
    arm = box.centre - motion.origin
    arm = arm - (arm @ motion.axis) * motion.axis
    least = 0.25 * size  # a part that turns about its own middle still gets an arrow
    if np.linalg.norm(arm) < least:
        arm = least * box.rotation[:, int(np.argmin(np.abs(box.rotation.T @ motion.axis)))]
        arm = arm - (arm @ motion.axis) * motion.axis
    start = motion.origin + arm + ((box.centre - motion.origin) @ motion.axis) * motion.axis
    poses = [motion.after(angle) for angle in np.radians(np.linspace(0, 70, 15))]
    return axis, np.array([pose[:3, :3] @ start + pose[:3, 3] for pose in poses])


def gripper_strokes(grasp: Grasp) -> list[np.ndarray]:
    """The fingers with the palm, and the wrist, as lines in space."""
    closing, _, approach = grasp.rotation.T
    finger = max(0.9 * grasp.width, 0.03)
    left, right = (grasp.position + side * closing * grasp.width / 2 for side in (-1, 1))
    wrist = grasp.position - approach * finger
    palm = [left - approach * finger, right - approach * finger]
    return [np.array([left, *palm, right]), np.array([wrist, wrist - approach * 0.8 * finger])]


@cache
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def text_width(text: str, size: int) -> float:
    return font(size).getlength(text)


def shortened(text: str, size: int, room: float) -> str:
    """The text, shortened to the room there is."""
    text = " ".join(text.split())[:200]
    while text_width(text, size) > room and len(text) > 2:
        text = text[:-2].rstrip() + "…"
    return text


def _overlap(a, b) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
