"""Exploring by itself while nobody uses the window."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from app.panels.idle_explore import IdleExplore
from app.runtime.model_folders import ModelFolders


class Idle:
    """Attributes: `words` in the box; `explored` is how often it was done."""

    def __init__(self, f: Any) -> None:
        self.words, self.explored = "", 0
        self.owner = QObject()
        self.it = IdleExplore(f.session, lambda: self.words, self._explore, self.owner)
        self.it.set_enabled(True)

    def _explore(self) -> None:
        self.explored += 1

    def rest(self) -> int:
        """Nobody uses the window for long enough."""
        assert self.it.timer.isActive()
        self.it.timer.timeout.emit()
        return self.explored


@pytest.fixture
def idle(f: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Idle]:
    monkeypatch.setattr("app.runtime.model_folders.known", lambda: ModelFolders(()))
    feed = f.session.suggestion_feed
    feed.start()
    f.wait(lambda: feed.suggestions)
    assert feed.is_current
    made = Idle(f)
    yield made
    made.it.set_enabled(False)


def test_it_explores_once_for_each_picture(idle: Idle) -> None:
    assert idle.rest() == 1
    assert idle.rest() == 1, "who comes back to the picture finds it done"


def test_words_in_the_box_are_not_disturbed(idle: Idle) -> None:
    idle.words = "make it night"
    assert idle.rest() == 0
    idle.words = " "
    assert idle.rest() == 1


def test_results_are_not_replaced(f: Any, idle: Idle) -> None:
    f.session.edit.run("brighter")
    assert idle.rest() == 0
    f.engine.prepare(0.5)
    f.engine.edit()
    assert idle.rest() == 0


def test_use_of_the_window_puts_it_off(idle: Idle) -> None:
    idle.it.timer.stop()
    QApplication.sendEvent(idle.owner, QEvent(QEvent.Type.MouseMove))
    assert idle.it.timer.isActive()
    idle.it.set_enabled(False)
    assert not idle.it.timer.isActive()
    QApplication.sendEvent(idle.owner, QEvent(QEvent.Type.MouseMove))
    assert not idle.it.timer.isActive()
