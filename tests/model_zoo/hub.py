"""A stand-in for the Hugging Face hub: one file of one repository, over HTTP, intact or damaged."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from part_perception.model_zoo.importing import FILE, REPOSITORY

COMMIT = "c0ffee" + "0" * 34


class Hub:
    """Serves `content` with the hash and size of `named`; each of `cuts` ends one answer after that many bytes."""

    def __init__(self, content: bytes, named: bytes | None = None, cuts: tuple[int, ...] = ()):
        self.content, self.named = content, content if named is None else named
        self.cuts = list(cuts)
        self.ranges: list[str | None] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)

    def __enter__(self) -> Hub:
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(hub):  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_HEAD(self):  # noqa: N802
                self._file(body=False)

            def do_GET(self):  # noqa: N802
                if self.path.startswith(f"/api/models/{REPOSITORY}"):
                    self._answer(200, json.dumps(hub.facts()).encode(), {"Content-Type": "application/json"})
                else:
                    self._file(body=True)

            def _file(self, body: bool) -> None:
                if self.path != f"/{REPOSITORY}/resolve/{COMMIT}/{FILE}":
                    self._answer(404, b"", {})
                    return
                asked = self.headers.get("Range")
                first = int(re.match(r"bytes=(\d+)-", asked)[1]) if asked else 0
                content = hub.content[first:]
                headers = {
                    "X-Repo-Commit": COMMIT,
                    "ETag": f'"{hub.hash()}"',
                    "X-Linked-Size": str(len(hub.named)),
                    "Accept-Ranges": "bytes",
                }
                if asked:
                    headers["Content-Range"] = f"bytes {first}-{len(hub.content) - 1}/{len(hub.content)}"
                if body:
                    hub.ranges.append(asked)
                self._answer(206 if asked else 200, content, headers, body)

            def _answer(
                self, status: int, content: bytes, headers: dict[str, str], body: bool = True
            ) -> None:
                self.send_response(status)
                for name, value in (headers | {"Content-Length": str(len(content))}).items():
                    self.send_header(name, value)
                self.end_headers()
                if not body:
                    return
                if hub.cuts and self.path.endswith(FILE):
                    content = content[: hub.cuts.pop(0)]
                    self.close_connection = True
                self.wfile.write(content)

        return Handler

    def hash(self) -> str:
        return hashlib.sha256(self.named).hexdigest()

    def facts(self) -> dict:
        """What the hub's interface says about the repository."""
        large = {"sha256": self.hash(), "size": len(self.named), "pointerSize": 132}
        sibling = {"rfilename": FILE, "size": len(self.named), "blobId": "0" * 40, "lfs": large}
        return {
            "id": REPOSITORY,
            "modelId": REPOSITORY,
            "sha": COMMIT,
            "private": False,
            "siblings": [sibling],
        }
