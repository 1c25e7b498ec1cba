"""Endpoint: a vision-language model over the usual OpenAI-style HTTP interface, local or remote, names masks.

Its address and key come from the environment. Every answer is kept, so that none is paid for twice.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import io
import json
import os
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

from part_perception.errors import InputError
from part_perception.storage import write_atomic
from part_perception.training.labelling.views import View

URL, KEY = "OPENAI_BASE_URL", "OPENAI_API_KEY"
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_TIMEOUT = 60.0  # seconds
_TRIES = 5
_WAIT = 1.0  # seconds before the second try; doubled for each further one
_LONGEST_WAIT = 60.0
_LARGEST = 1 << 20  # bytes of an answer
_AT_ONCE = 4
_OPTIONS = {"temperature": 0, "max_tokens": 200}
_MILLION = 1e6
_UNSURE = 0.5  # the score of a name that comes without one
_PASSING = {408, 409, 425, 429, 500, 502, 503, 504}
# refused, too late, not JSON, cut off, or nested without end
_NO_ANSWER = (OSError, ValueError, http.client.HTTPException, RecursionError)


@dataclass
class Costs:
    """Requests and their cost; `price` is per million tokens in and out, `budget` the spending limit."""

    price: tuple[float, float] = (0.0, 0.0)
    budget: float = float("inf")
    requests: int = 0
    kept: int = 0
    unclear: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def spent(self) -> float:
        return (self.tokens_in * self.price[0] + self.tokens_out * self.price[1]) / _MILLION

    def add(self, **counts: int) -> None:
        with self._lock:
            for name, count in counts.items():
                setattr(self, name, getattr(self, name) + count)

    def check(self) -> None:
        """Refuse another request when the budget is used up."""
        if self.spent >= self.budget:
            raise InputError(
                f"the budget is used up: {self.spent:.2f} of {self.budget:g}; continue with a larger one"
            )

    def figures(self) -> dict[str, float]:
        names = ("requests", "kept", "unclear", "tokens_in", "tokens_out", "spent")
        return {name: getattr(self, name) for name in names}


class RefusedError(InputError):
    """The server refuses a request, however often it is repeated."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Treats redirects as errors, since they could send the key to another server."""

    def redirect_request(self, *_):
        return None


@dataclass
class Endpoint:
    """Posts JSON and returns JSON, with a timeout and retries."""

    url: str
    key: str = ""
    costs: Costs = field(default_factory=Costs)
    timeout: float = _TIMEOUT
    wait: float = _WAIT

    def __post_init__(self):
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InputError(
                f"{URL} must be an address such as http://localhost:8000/v1, not {self.url[:200]!r}"
            )
        if self.key and parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            raise InputError(f"{KEY} is not sent to {parts.hostname} unencrypted: use https")
        # a proxy that the environment names would get what is meant for this machine, with the key
        direct = [urllib.request.ProxyHandler({})] if parts.hostname in _LOOPBACK else []
        self._opener = urllib.request.build_opener(_NoRedirect, *direct)

    @classmethod
    def from_environment(cls, costs: Costs, environment: Mapping[str, str] = os.environ) -> Endpoint:
        if not environment.get(URL):
            raise InputError(
                f"set {URL} to the address of the model's server: http://localhost:8000/v1, and {KEY} if it needs one"
            )
        return cls(environment[URL], environment.get(KEY, ""), costs)

    def post(self, path: str, body: dict) -> dict:
        """Return the server's answer; transient errors, such as a busy server, are retried."""
        for attempt in range(1, _TRIES + 1):
            self.costs.check()
            self.costs.add(requests=1)
            try:
                return self._once(path, body)
            except urllib.error.HTTPError as error:
                reason, asked_for = f"answers {error.code}", error.headers.get("Retry-After", "")
                if error.code not in _PASSING:
                    raise RefusedError(f"{self.url} answers {error.code}: {_text_of(error)}") from None
            except _NO_ANSWER as error:
                reason, asked_for = f"gives no answer: {getattr(error, 'reason', error)}", ""
            if attempt < _TRIES:
                pause = float(asked_for) if asked_for.isdecimal() else self.wait * 2 ** (attempt - 1)
                time.sleep(min(pause, _LONGEST_WAIT))
        raise InputError(
            f"{self.url} {reason}; tried {_TRIES} times. The same command continues where it stopped"
        )

    def _once(self, path: str, body: dict) -> dict:
        headers = {"Content-Type": "application/json"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        address = f"{self.url.rstrip('/')}/{path}"
        request = urllib.request.Request(address, json.dumps(body).encode(), headers)
        with self._opener.open(request, timeout=self.timeout) as response:
            data = response.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise ValueError("it is too long")
        answer = json.loads(data)
        if not isinstance(answer, dict):
            raise ValueError("it is not a JSON object")
        return answer


def _text_of(error: urllib.error.HTTPError) -> str:
    try:
        return " ".join(error.read(500).decode(errors="replace").split())[:200] or error.reason
    except (OSError, http.client.HTTPException):
        return str(error.reason)


_ASKED = """One region of this picture of {category} is tinted red. What is this part called? Answer with JSON only:
{{"names": [{{"name": "...", "score": 0.0}}]}}: at most three short English names, the usual one first; the score, \
from 0 to 1, says how sure you are. If people have no name for the region, answer {{"names": []}}.{only}"""


class VisionModel:
    """Names masks by asking a vision-language model about a picture in which the mask is tinted."""

    def __init__(self, model: str, endpoint: Endpoint, cache: Path, words: Sequence[str] = ()):
        if not model:
            raise InputError("the namer openai: needs the name of a model, as openai:gpt-4o-mini")
        self.model, self.endpoint, self.cache, self.words = model, endpoint, cache, tuple(words)
        self._options = dict(_OPTIONS)

    @property
    def costs(self) -> Costs:
        return self.endpoint.costs

    def __call__(self, view: View, masks: Sequence[np.ndarray]) -> list[list[tuple[str, float]]]:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(lambda mask: self._named(view, mask), masks))

    def _named(self, view: View, mask: np.ndarray) -> list[tuple[str, float]]:
        picture = png(tinted(view.image, mask))
        only = f" Choose among: {', '.join(self.words)}." if self.words else ""
        article = "an" if view.thing.category[:1] in "aeiou" else "a"
        question = _ASKED.format(category=f"{article} {view.thing.category}", only=only)
        digest = hashlib.sha256(b"\0".join([self.model.encode(), question.encode(), picture])).hexdigest()
        file = self.cache / f"{digest}.json"
        if file.is_file():
            self.costs.add(kept=1)
            return [(name, score) for name, score in json.loads(file.read_text())]
        image = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{_base64(picture)}"}}
        message = {"role": "user", "content": [{"type": "text", "text": question}, image]}
        answer = self._answered({"model": self.model, "messages": [message]})
        self._count(answer.get("usage"))
        names = names_in(answer)
        if names is None:
            self.costs.add(unclear=1)
            return []
        write_atomic(file, json.dumps(names).encode(), durable=False)
        return names

    def _answered(self, body: dict) -> dict:
        """Post a question. Newer models take fewer options: what a server refuses by name is left out from then on."""
        while True:
            options = self._options
            try:
                return self.endpoint.post("chat/completions", body | options)
            except RefusedError as error:
                refused = [name for name in options if name in str(error)]
                if not refused:
                    raise
                self._options = {k: v for k, v in self._options.items() if k not in refused}

    def _count(self, usage) -> None:
        if isinstance(usage, dict):
            counts = [usage.get(name, 0) for name in ("prompt_tokens", "completion_tokens")]
            given, said = (count if isinstance(count, int) and count > 0 else 0 for count in counts)
            self.costs.add(tokens_in=given, tokens_out=said)


def names_in(answer: dict) -> list[tuple[str, float]] | None:
    """Extract the names from a model's answer, possibly among other text; None if it cannot be parsed."""
    try:
        names = [_name_of(each) for each in _last_names(answer["choices"][0]["message"]["content"])]
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        return None
    return [(name, min(max(score, 0.0), 1.0)) for name, score in names if score == score]


def _last_names(text: str) -> list:
    """The list of names in the last JSON object that has one: models that think aloud may write others before it."""
    found, decoder, at = None, json.JSONDecoder(), text.find("{")
    while at >= 0:
        try:
            said, end = decoder.raw_decode(text, at)
        except ValueError:
            end = at + 1
        except RecursionError:  # nested without end
            break
        else:
            found = said.get("names", found)
        at = text.find("{", end)
    if found is None:
        raise ValueError("it names nothing")
    return found


def _name_of(said: dict | str) -> tuple[str, float]:
    name, score = (said, None) if isinstance(said, str) else (said["name"], said.get("score"))
    return str(name), _UNSURE if score is None else float(score)


def tinted(image: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Tint a mask red in the picture, and outline it."""
    from scipy.ndimage import binary_dilation

    out = image.astype(np.float32)
    out[mask] = 0.5 * out[mask] + 0.5 * np.array((255, 40, 40), np.float32)
    out[binary_dilation(mask, iterations=2) & ~mask] = (200, 0, 0)
    return out.astype(np.uint8)


def png(image: np.ndarray) -> bytes:
    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(image).save(stream, "PNG")
    return stream.getvalue()


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
