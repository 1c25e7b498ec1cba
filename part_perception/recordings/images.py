"""Camera images: decodes image messages, plain or compressed, to arrays; needs neither ROS nor cv_bridge."""

from __future__ import annotations

import io

import numpy as np

from part_perception.errors import InputError

DEPTH = {"16UC1": ("u2", 0.001), "mono16": ("u2", 0.001), "32FC1": ("f4", 1.0)}
COLOUR = {"rgb8": (0, 1, 2), "bgr8": (2, 1, 0), "rgba8": (0, 1, 2), "bgra8": (2, 1, 0), "8UC3": (2, 1, 0)}
MASK = {"mono8": "u1", "8UC1": "u1", "16UC1": "u2", "mono16": "u2", "32SC1": "i4"}
DEPTH_HEADER = 12  # bytes of compressedDepth before the image: its kind, and two numbers
MAX_PIXELS = 1 << 25
FILES = ("PNG", "JPEG", "WEBP", "TIFF")


def is_depth(message) -> bool:
    """Whether an image message holds distances."""
    if hasattr(message, "encoding"):
        return message.encoding in DEPTH
    return "compressedDepth" in message.format


def is_depth_picture(message) -> bool:
    """Whether a message is a plain picture of 16 bits: distances in the transport compressed, or else a mask."""
    if hasattr(message, "encoding") or is_depth(message):
        return False
    encoding, _, how = message.format.partition(";")
    return encoding.strip() in DEPTH and "compressed" in how


def is_colour(message) -> bool:
    """Whether an image message holds colours."""
    if hasattr(message, "encoding"):
        return message.encoding in COLOUR
    return not is_depth(message) and message.format.partition(";")[0].strip() not in MASK | DEPTH


def depth_of(message) -> np.ndarray:
    """(H, W) float32 metres; 0 or NaN where nothing was measured."""
    if not hasattr(message, "encoding"):
        return _compressed_depth(message)
    if message.encoding not in DEPTH:
        raise InputError(
            f"the depth image's encoding {message.encoding!r} is not one of the supported {', '.join(DEPTH)}"
        )
    kind, unit = DEPTH[message.encoding]
    return _pixels(message, kind, 1)[..., 0].astype(np.float32) * np.float32(unit)


def colour_of(message) -> np.ndarray:
    """(H, W, 3) uint8 red, green, blue."""
    if not hasattr(message, "encoding"):
        return np.array(_opened(message.data).convert("RGB"))
    if message.encoding not in COLOUR:
        raise InputError(
            f"the colour image's encoding {message.encoding!r} is not one of the supported {', '.join(COLOUR)}"
        )
    channels = 4 if "a8" in message.encoding else 3
    return _pixels(message, "u1", channels)[..., COLOUR[message.encoding]].copy()


def mask_of(message) -> np.ndarray:
    """(H, W) integers: the part, 0 = none."""
    if not hasattr(message, "encoding"):
        return np.array(_opened(message.data)).astype(np.int64)
    if message.encoding not in MASK:
        raise InputError(
            f"the mask's encoding {message.encoding!r} is not one of the supported {', '.join(MASK)}"
        )
    return _pixels(message, MASK[message.encoding], 1)[..., 0].astype(np.int64)


def _pixels(message, kind: str, channels: int) -> np.ndarray:
    dtype = np.dtype((">" if message.is_bigendian else "<") + kind)
    row, size = message.width * channels * dtype.itemsize, f"{message.width} × {message.height}"
    data = np.ascontiguousarray(message.data, np.uint8)
    if row == 0 or message.height == 0:
        raise InputError("an image has no pixels")
    if message.step < row or len(data) < (message.height - 1) * message.step + row:
        raise InputError(f"an image of {size} pixels of {message.encoding} does not fit its step and data")
    strides = (message.step, channels * dtype.itemsize, dtype.itemsize)
    return np.ndarray((message.height, message.width, channels), dtype, data, 0, strides)


def _compressed_depth(message) -> np.ndarray:
    """Decode depth from the transport compressedDepth, or from compressed as a picture of millimetres."""
    encoding, _, how = message.format.partition(";")
    if encoding.strip() not in DEPTH:
        raise InputError(
            f"the depth image's format {message.format!r} is not one of the supported {', '.join(DEPTH)}"
        )
    raw = bytes(message.data)
    if "compressedDepth" not in how:
        return _numbers(_opened(raw)).astype(np.float32) * np.float32(0.001)
    if len(raw) <= DEPTH_HEADER:
        raise InputError("a compressed depth image has no data")
    values = _depth_values(raw[DEPTH_HEADER:], how)
    if encoding.strip() != "32FC1":
        return values.astype(np.float32) * np.float32(0.001)
    a, b = np.frombuffer(raw[4:DEPTH_HEADER], "<f4")
    with np.errstate(divide="ignore"):
        return np.where(values > 0, a / (values - b), np.nan).astype(np.float32)


def _depth_values(data: bytes, how: str) -> np.ndarray:
    """(H, W) whole numbers: millimetres, or a code of the distance."""
    if "rvl" not in how.lower():
        return _numbers(_opened(data))
    from part_perception.recordings.rvl import decoded  # compiled loops are loaded when they are needed

    return decoded(data, MAX_PIXELS)


def _numbers(image) -> np.ndarray:
    """(H, W) whole numbers of a picture with one channel."""
    values = np.array(image)
    if values.ndim != 2 or values.dtype.kind not in "iu" or values.dtype.itemsize < 2:
        raise InputError("a compressed depth image has to be a picture with one channel of 16 bits")
    return values


def _opened(data):
    from PIL import Image

    try:
        image = Image.open(io.BytesIO(bytes(data)), formats=FILES)
        if image.width * image.height > MAX_PIXELS:
            raise InputError(f"a compressed image of {image.width} × {image.height} pixels is too large")
        image.load()
    except InputError:
        raise
    except Exception as error:  # each format raises other errors on a broken file
        raise InputError(f"a compressed image cannot be read: {error}") from error
    return image
