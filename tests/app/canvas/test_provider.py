"""A subscription keeps its provider until it is ended."""

from __future__ import annotations

import gc
import weakref

from PySide6.QtCore import QObject, QRect, Signal

from app.canvas.provider import subscribe


class Provider(QObject):
    changed = Signal(QRect)


def test_a_subscription_keeps_its_provider_and_can_be_ended_when_nothing_else_does() -> None:
    seen: list[QRect] = []
    provider = Provider()
    gone = weakref.ref(provider)
    end = subscribe(provider, provider.changed, seen.append)
    provider.changed.emit(QRect(0, 0, 1, 1))
    del provider
    gc.collect()
    assert gone() is not None
    end()
    gc.collect()
    assert gone() is None
    assert seen == [QRect(0, 0, 1, 1)]
