"""~/teach: marked examples → a taught word."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from geometry_msgs.msg import Point
from scipy.spatial import cKDTree

from part_perception.geometry.boxes import level_axes
from part_perception.geometry.poses import moved
from part_perception.language.english import clean
from part_perception.metrics import iou
from part_perception.parts.taught import Marked
from part_perception.ros.messages.clouds import read_cloud
from part_perception.ros.perceived import PerceivedFrame
from part_perception.ros.refusal import Refusal, Status
from part_perception.ros.requests.regions import check_apart, core_region, one_object
from part_perception.ros.server import Server
from part_perception_interfaces.msg import Example
from part_perception_interfaces.srv import Teach

MAX_EXAMPLES = 8
MAX_WORDS = 256
MAX_KEPT = 256 << 20  # bytes of all examples of all words
MAX_CLICKS = 256  # of one example, on the part and off it
MAX_INDICES = 4_000_000  # of one example
MIN_POINTS = 8
NEAR = 0.02  # metres from a click to the surface


def needs_newest(request) -> bool:
    """Whether an example is about the newest cloud."""
    return request.command == Teach.Request.LEARN and any(
        not example.cloud.data for example in request.examples
    )


def check_examples(server: Server, request) -> None:
    """Refuse more examples than can be learned from, before any processing."""
    examples = request.examples if request.command == Teach.Request.LEARN else ()
    words = server.book.examples
    known = len(words.get(clean(request.word), ())) if examples else 0
    if examples and not known and len(words) >= MAX_WORDS:
        raise Refusal(
            Status.BAD_REQUEST,
            f"{len(words)} words are taught, which is the maximum ({MAX_WORDS}). Forget one.",
        )
    if known + len(examples) > MAX_EXAMPLES:
        sentence = (
            f"{request.word!r} would have {known + len(examples)} examples; the maximum is {MAX_EXAMPLES}."
        )
        raise Refusal(Status.BAD_REQUEST, f"{sentence} Forget it first.")
    for example in examples:
        clicks = len(example.clicks) + len(example.not_part)
        if clicks > MAX_CLICKS:
            sentence = f"{clicks} clicks in one example are too many; at most {MAX_CLICKS}."
            raise Refusal(Status.BAD_REQUEST, sentence)
        if len(example.indices) > MAX_INDICES:
            sentence = f"{len(example.indices)} indices in one example are too many; at most {MAX_INDICES}."
            raise Refusal(Status.BAD_REQUEST, sentence)


def teach(server: Server, newest: PerceivedFrame | None, request, response, timeout: float) -> None:
    """Fill the answer of Teach; a refusal changes nothing."""
    book = server.book
    word = clean(request.word) if request.command != Teach.Request.LIST else ""
    if request.command == Teach.Request.LEARN:
        response.fit = _learn(server, word, _all_marked(server, request.examples, newest, timeout))
    elif request.command == Teach.Request.FORGET:
        if word not in book.examples:
            raise Refusal(Status.BAD_REQUEST, f"{word!r} was not taught, so it cannot be forgotten.")
        book.forget(word)
    elif request.command != Teach.Request.LIST:
        raise Refusal(Status.BAD_REQUEST, f"command must be from 0 to 2, not {request.command}.")
    if request.command != Teach.Request.LIST and book.trouble:
        response.status.message = f"Not kept across restarts: {book.trouble.rstrip('.')}."
    response.example_count = len(book.examples.get(word, ()))
    response.taught_words = sorted(book.examples)


def _all_marked(
    server: Server, examples: Sequence[Example], newest: PerceivedFrame | None, timeout: float
) -> list[Marked]:
    """The examples one by one. Each may contain a cloud that takes seconds, so the time is checked in between."""
    end, marked = time.monotonic() + timeout, list[Marked]()
    for example in examples:
        if marked and time.monotonic() >= end:
            sentence = f"The request's time ran out after {len(marked)} of {len(examples)} examples"
            raise Refusal(Status.TIMED_OUT, f"{sentence}; give more time, or teach them one by one.")
        marked.append(_marked(server, example, newest, timeout))
    return marked


def _learn(server: Server, word: str, marked: list[Marked]) -> float:
    """Learn the word from these and its earlier examples; returns the mean IoU on all of them."""
    if not marked:
        raise Refusal(Status.BAD_REQUEST, "There is no example to learn from.")
    kept = [each for examples in server.book.examples.values() for each in examples]
    size = sum(points.nbytes for points, _ in (*kept, *marked))
    if size > MAX_KEPT:
        raise Refusal(
            Status.BAD_REQUEST,
            f"All examples would take {size / 1e6:.0f} MB; the maximum is {MAX_KEPT / 1e6:.0f} MB.",
        )
    overlaps = []
    for points, mask in server.book.learn(word, marked):
        guess = server.segmenter.ask(points, [word]).masks[0]
        overlaps.append(iou(guess, mask))
    return float(np.mean(overlaps))


def _marked(server: Server, example: Example, newest: PerceivedFrame | None, timeout: float) -> Marked:
    """An object's upright points, and the mask of the part."""
    if bool(len(example.indices)) == bool(example.clicks):
        raise Refusal(Status.BAD_REQUEST, "An example needs either indices or clicks, not both.")
    if example.cloud.data:
        check_apart(example.region)
        seen = server.look_apart(read_cloud(example.cloud))
    else:
        assert newest is not None  # needs_newest: such an example is about it
        seen = newest
    if len(example.indices):
        thing, mask = _by_indices(server, seen, example, timeout)
    else:
        thing, mask = _by_clicks(server, seen, example, timeout)
    if np.count_nonzero(mask) < MIN_POINTS:
        found = np.count_nonzero(mask)
        raise Refusal(
            Status.BAD_REQUEST,
            f"Only {found} marked points lie on the object; at least {MIN_POINTS} are needed.",
        )
    return thing.points @ level_axes(seen.frame.up), mask


def _by_indices(server: Server, seen: PerceivedFrame, example: Example, timeout: float):
    marks = np.zeros(seen.cloud.points.size // 3, bool)
    indices = np.frombuffer(example.indices, np.uint32)
    if indices.max() >= len(marks):
        raise Refusal(Status.BAD_REQUEST, f"Index {indices.max()} is beyond the cloud's {len(marks)} points.")
    marks[indices] = True
    thing = _object_at(server, seen, example, lambda thing: marks[thing.indices].sum(), timeout)
    return thing, marks[thing.indices]


def _by_clicks(server: Server, seen: PerceivedFrame, example: Example, timeout: float):
    """The mask of the smallest part of the object that contains all clicks."""
    cloud = seen.cloud
    pose = server.transforms.lookup(
        cloud.frame_id, example.frame_id or cloud.frame_id, cloud.stamp_ns, timeout
    )
    on, off = (moved(_array(points), pose) for points in (example.clicks, example.not_part))
    if not (np.isfinite(on).all() and np.isfinite(off).all()):
        raise Refusal(Status.BAD_REQUEST, "A click's position is not finite.")
    thing = _object_at(server, seen, example, lambda thing: -_away(thing.points, on), timeout)
    away = _away(thing.points, on)
    if away > NEAR:
        raise Refusal(Status.BAD_REQUEST, f"A click is {away:.3f} m from the nearest object.")
    return thing, server.segmenter.grow(thing.points, on, off, up=seen.frame.up)


def _object_at(server: Server, seen: PerceivedFrame, example: Example, score, timeout: float):
    """The object of an example: its region's object, or the one that contains most of the marks."""
    if example.region.kind:
        return one_object(seen, core_region(example.region, seen, server, timeout))
    if not seen.frame.objects:
        raise Refusal(Status.NO_OBJECT, f"There is no object: {seen.frame.reason}.")
    return max(seen.frame.objects, key=score)


def _array(points: Sequence[Point]) -> np.ndarray:
    return np.array([(p.x, p.y, p.z) for p in points]).reshape(-1, 3)


def _away(points: np.ndarray, places: np.ndarray) -> float:
    """The largest distance from a place to its nearest point."""
    return float(cKDTree(points).query(places)[0].max())
