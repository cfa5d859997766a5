"""Refusal of every connection, for tests of what must work offline."""

from __future__ import annotations

import socket
from typing import Any

import pytest


def refuse_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make each attempt to reach another machine, names included, fail the test."""

    def refuse(*args: Any, **options: Any) -> Any:
        raise AssertionError(f"a connection was tried: {args[1:]!r}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
