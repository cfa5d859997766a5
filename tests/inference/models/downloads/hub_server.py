"""A server that answers as the model hub does, on this machine, with faults on request."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

REPOSITORY = "owner/some-model"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
LARGE = 1_000_000
"""Files of this many bytes lie behind a redirect and are known by their SHA-256 (Git LFS)."""

_PIECE = 65_536


class HubServer(ThreadingHTTPServer):
    """One repository with a revision `main`.

    Attributes:
        files: name to content; a test may change them.
        served: name to what is sent instead of the content that the listing names.
        cut_after: connections for large files are cut after so many bytes, `cuts` times.
        refuse: status that all requests get, `refusals` times.
        token: requests without it get 401; "" for none.
        leaked: how often the token came to where large files lie, another host.
        ranges: False where ranges are ignored and whole files are sent.
        pieces: called before each piece of a large file.
        requests: "METHOD path range" of all that came.
    """

    daemon_threads = True

    def __init__(self, files: Mapping[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files = dict(files)
        self.served: dict[str, bytes] = {}
        self.commit = COMMIT
        self.cut_after = self.cuts = 0
        self.refuse = self.refusals = 0
        self.token = ""
        self.leaked = 0
        self.ranges = True
        self.pieces: Any = lambda: None
        self.requests: list[str] = []
        self._thread = threading.Thread(
            target=self.serve_forever, args=(0.02,), name="pentimento-test-hub", daemon=True
        )
        self._thread.start()

    @property
    def address(self) -> str:
        """For ``HF_ENDPOINT``."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def other_address(self) -> str:
        """The same under another name: large files come from another host than the hub."""
        return f"http://localhost:{self.server_address[1]}"

    def end(self) -> None:
        """Stop answering."""
        self.shutdown()
        self.server_close()
        self._thread.join()

    def bytes_of_large_files(self) -> list[str]:
        """The requests for contents of large files."""
        return [one for one in self.requests if one.startswith("GET /contents/")]


class _Handler(BaseHTTPRequestHandler):
    server: HubServer
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments: Any) -> None:
        """Nothing on standard error."""

    def do_HEAD(self) -> None:
        self._answer(head=True)

    def do_GET(self) -> None:
        self._answer(head=False)

    def _answer(self, *, head: bool) -> None:
        hub, path = self.server, unquote(urlsplit(self.path).path)
        asked = self.headers.get("Range", "")
        hub.requests.append(f"{self.command} {path} {asked}".rstrip())
        if hub.refusals:
            hub.refusals -= 1
            self._send(hub.refuse, b"", {})
        elif path.startswith("/contents/"):
            hub.leaked += "Authorization" in self.headers
            self._content(path.removeprefix("/contents/"))
        elif hub.token and self.headers.get("Authorization") != f"Bearer {hub.token}":
            self._send(401, b"", {"X-Error-Code": "GatedRepo", "X-Error-Message": "sign in"})
        elif path.startswith(f"/api/models/{REPOSITORY}"):
            self._listing(path.rpartition("/revision/")[2] if "/revision/" in path else "main")
        elif path.startswith(f"/{REPOSITORY}/resolve/"):
            revision, _, name = path.removeprefix(f"/{REPOSITORY}/resolve/").partition("/")
            self._file(revision, name, head=head)
        else:
            self._send(404, b"", {"X-Error-Code": "RepoNotFound"})

    def _listing(self, revision: str) -> None:
        hub = self.server
        if revision not in ("main", hub.commit):
            self._send(404, b"", {"X-Error-Code": "RevisionNotFound"})
            return
        siblings = []
        for name, content in hub.files.items():
            one: dict[str, Any] = {"rfilename": name, "size": len(content), "blobId": sha1(content)}
            if len(content) >= LARGE:
                one["lfs"] = {"sha256": sha256(content), "size": len(content), "pointerSize": 130}
            siblings.append(one)
        values = {"id": REPOSITORY, "modelId": REPOSITORY, "sha": hub.commit, "siblings": siblings}
        self._send(200, json.dumps(values).encode(), {"Content-Type": "application/json"})

    def _file(self, revision: str, name: str, *, head: bool) -> None:
        hub = self.server
        if revision not in ("main", hub.commit) or name not in hub.files:
            self._send(404, b"", {"X-Error-Code": "EntryNotFound"})
            return
        content = hub.files[name]
        headers = {"X-Repo-Commit": hub.commit, "Accept-Ranges": "bytes"}
        if len(content) < LARGE:
            headers["ETag"] = f'"{sha1(content)}"'
            self._send(200, hub.served.get(name, content), headers, head=head)
            return
        headers |= {
            "Location": f"{hub.other_address}/contents/{name}",
            "X-Linked-Size": str(len(content)),
            "X-Linked-Etag": f'"{sha256(content)}"',
        }
        self._send(302, b"", headers)

    def _content(self, name: str) -> None:
        hub = self.server
        content = hub.served.get(name, hub.files[name])
        status, headers = 200, {"Accept-Ranges": "bytes"}
        asked = self.headers.get("Range")
        if asked and hub.ranges:
            start = int(asked.removeprefix("bytes=").split("-")[0])
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
            status, content = 206, content[start:]
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        limit = len(content)
        if hub.cuts:
            hub.cuts -= 1
            limit = hub.cut_after
            self.close_connection = True
        try:
            for start in range(0, limit, _PIECE):
                hub.pieces()
                self.wfile.write(content[start : min(limit, start + _PIECE)])
        except (BrokenPipeError, ConnectionResetError):  # the other end has gone
            self.close_connection = True

    def _send(
        self, status: int, body: bytes, headers: Mapping[str, str], *, head: bool = False
    ) -> None:
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if not head and self.command != "HEAD":
            self.wfile.write(body)


def sha256(content: bytes) -> str:
    """As Git LFS names a file."""
    return hashlib.sha256(content).hexdigest()


def sha1(content: bytes) -> str:
    """As git names a file."""
    made = hashlib.sha1(b"blob %d\0" % len(content), usedforsecurity=False)
    made.update(content)
    return made.hexdigest()
