"""The line of words and buttons under the prompt, in little room."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.theme.theme import look
from app.widgets.basics.message_line import LEAST_WORDS, LineMessage, MessageLine
from app.widgets.prompt.diff import DiffSpan

# The offscreen platform says this of every window that is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_of_two_buttons_one_is_left_out_before_any_is_cut(qtbot: QtBot) -> None:
    line = MessageLine()
    qtbot.addWidget(line)
    line.set_message(
        LineMessage(
            "notice", "All four came out nearly the same.", "Try another method", "a",
            second_button="Show all four", second_action="b",
        )
    )  # fmt: skip
    buttons = [line.findChild(QWidget, f"message-{name}") for name in ("button", "second-button")]
    first, second = (button for button in buttons if button is not None)
    gap = 40
    wide = first.sizeHint().width() + second.sizeHint().width() + LEAST_WORDS + gap
    line.show()
    for width, wanted in (
        (wide, [True, True]),
        (first.sizeHint().width() + LEAST_WORDS + gap, [True, False]),
        (second.sizeHint().width() + LEAST_WORDS + 8, [False, True]),
        (LEAST_WORDS, [False, False]),
    ):
        line.resize(width, line.sizeHint().height())
        assert [first.isVisible(), second.isVisible()] == wanted
        shown = [one for one in (first, second) if one.isVisible()]
        assert all(one.x() >= LEAST_WORDS and one.geometry().right() <= width for one in shown)
    assert line.shown is not None
    assert line.toolTip() == line.shown.spoken, "the words are still to be had"


@pytest.mark.parametrize("width", [760, 480])
@pytest.mark.parametrize("typed", [True, False])
def test_what_was_read_is_whole_in_large_type(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, *, typed: bool, width: int
) -> None:
    """At 200 %, in the room that a window of 1440 × 900 leaves."""
    plain, cut = QFontMetricsF.elidedText, list[str]()

    def watched(metrics: QFontMetricsF, text: str, *how: Any) -> str:
        shown = str(plain(metrics, text, *how))
        if shown != text:
            cut.append(text)
        return shown

    monkeypatch.setattr(QFontMetricsF, "elidedText", watched)
    look().set_text_scale(2.0)
    try:
        line = MessageLine()
        qtbot.addWidget(line)
        words = "a red house by the" if width < 700 else "a red house with a blue door by the"
        spans = (DiffSpan("plain", words), DiffSpan("replace", "sea", "frozen lake"))
        text = f"{words} sea, warmer and darker"
        shown = spans if typed else ()
        line.set_caption(LineMessage("read_as", text, spans=shown, editable=typed, mark="live"))
        line.resize(width, line.sizeHint().height())
        line.show()
        line.grab()
        assert cut == []
    finally:
        look().set_text_scale(1.0)
