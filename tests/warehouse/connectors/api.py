"""A real HTTP server on loopback with pages, a secret, and errors 429 and 500."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

RECORDS = [
    {"id": number, "opened": f"2024-01-01T0{number}:00:00Z", "by": {"id": 10.0, "mail": None}, "tags": ["a"]}
    for number in range(5)
]
SECRET = "not-a-real-secret"
PAGE = 2


@dataclass
class Api:
    """`busy`: how many of the next requests are answered 429; `broken`: whether all are answered 500."""

    address: str = ""
    busy: int = 0
    broken: bool = False
    requests: list[tuple[str, dict[str, str], int]] = field(default_factory=list)

    def answer(self, path: str, query: dict[str, str], authorised: bool) -> tuple[int, Any, dict[str, str]]:
        if self.broken:
            return 500, {}, {}
        if self.busy:
            self.busy -= 1
            return 429, {}, {"Retry-After": "0"}
        if path not in ("/pages", "/cursors", "/links", "/all"):
            return 404, {}, {}
        return (200, *self._page(path, query)) if authorised else (401, {}, {})

    def _page(self, path: str, query: dict[str, str]) -> tuple[Any, dict[str, str]]:
        start = (int(query.get("page", 1)) - 1) * PAGE if path == "/pages" else int(query.get("after", 0))
        part, following = RECORDS[start : start + PAGE], start + PAGE if start + PAGE < len(RECORDS) else None
        if path == "/links":
            link = {"Link": f'<{self.address}/links?after={following}>; rel="next"'} if following else {}
            return part, link
        if path == "/cursors":
            return {"data": {"items": part}, "meta": {"next": following}}, {}
        return part if path == "/pages" else RECORDS, {}


@contextmanager
def serve() -> Iterator[Api]:
    api = Api()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            query = {name: values[-1] for name, values in parse_qs(url.query).items()}
            basic = base64.b64encode(f"someone:{SECRET}".encode()).decode()
            authorised = (
                self.headers.get("Authorization") in (f"Bearer {SECRET}", f"Basic {basic}")
                or self.headers.get("X-API-Key") == SECRET
            )
            status, body, headers = api.answer(url.path, query, authorised)
            api.requests.append((url.path, query, status))
            content = json.dumps(body).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Type": "application/json", "Content-Length": len(content)}.items():
                self.send_header(name, str(value))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *arguments: object) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    api.address = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
