from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.canvas.canvas import Canvas
from app.canvas.display_tiles import WORKER
from app.theme.theme import look
from tests.app.canvas.canvas_cases import picture, pyramid_of
from tests.waiting import show


@pytest.fixture
def canvas(qtbot: QtBot) -> Iterator[Canvas]:
    look().set_choice("dark")
    look().set_motion(False)
    it = Canvas()
    it.resize(600, 500)
    it.set_picture(pyramid_of(picture((200, 40, 40))))
    qtbot.addWidget(it)
    show(it)
    yield it
    WORKER.stop()
    look().set_motion(None)
    look().set_choice("system")
