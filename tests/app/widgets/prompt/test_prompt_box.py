"""The prompt box: keys, the one button, the one message line, nothing moves."""

from __future__ import annotations

from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.widgets.basics.choice import Choice
from app.widgets.basics.message_line import LineMessage
from app.widgets.prompt.diff import plain_text
from app.widgets.prompt.prompt_box import PromptBox
from tests.waiting import settle

# The offscreen platform says this of every window that is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

KEY, MOD = Qt.Key, Qt.KeyboardModifier


_Part = TypeVar("_Part", bound=QWidget)


def part(box: PromptBox, kind: type[_Part], name: str) -> _Part:
    found = box.findChild(kind, name)
    assert found is not None
    return found


@pytest.fixture
def box(qtbot: QtBot) -> PromptBox:
    it = PromptBox()
    it.resize(900, 68)
    it.set_methods([Choice("auto", "Auto"), Choice("ip2p", "InstructPix2Pix")])
    qtbot.addWidget(it)
    it.show()
    return it


def test_enter_runs_only_when_it_can(box: PromptBox, qtbot: QtBot) -> None:
    ran: list[str] = []
    box.run_asked.connect(ran.append)
    box.set_text("make it night")
    qtbot.keyClick(box.edit, KEY.Key_Return)
    assert ran == []
    box.set_run_state("run")
    qtbot.keyClick(box.edit, KEY.Key_Return)
    assert ran == ["make it night"]
    assert box.text == "make it night"


def test_shift_enter_is_a_new_line(box: PromptBox, qtbot: QtBot) -> None:
    box.set_run_state("run")
    ran: list[str] = []
    box.run_asked.connect(ran.append)
    qtbot.keyClicks(box.edit, "a")
    qtbot.keyClick(box.edit, KEY.Key_Return, MOD.ShiftModifier)
    qtbot.keyClicks(box.edit, "b")
    assert (box.text, ran) == ("a\nb", [])


@pytest.mark.parametrize(
    ("key", "modifier", "signal", "value"),
    [
        (KEY.Key_Up, MOD.NoModifier, "up_asked", ()),
        (KEY.Key_Up, MOD.AltModifier, "earlier_asked", (-1,)),
        (KEY.Key_Down, MOD.AltModifier, "earlier_asked", (1,)),
        (KEY.Key_Up, MOD.ControlModifier, "weight_asked", (1,)),
        (KEY.Key_Escape, MOD.NoModifier, "escaped", ()),
    ],
)
def test_keys(
    box: PromptBox,
    qtbot: QtBot,
    key: Qt.Key,
    modifier: Qt.KeyboardModifier,
    signal: str,
    value: tuple[int, ...],
) -> None:
    heard: list[tuple[object, ...]] = []
    getattr(box, signal).connect(lambda *a: heard.append(a))
    qtbot.keyClick(box.edit, key, modifier)
    assert heard == [value]


def test_button_follows_the_state(box: PromptBox, qtbot: QtBot) -> None:
    heard: list[str] = []
    box.run_asked.connect(lambda _: heard.append("run"))
    box.again_asked.connect(lambda: heard.append("again"))
    box.cancel_asked.connect(lambda: heard.append("cancel"))
    for state in ("run", "again", "cancel"):
        box.set_run_state(state)
        qtbot.mouseClick(box.run, Qt.MouseButton.LeftButton)
    assert heard == ["run", "again", "cancel"]
    assert box.run.kind == "quiet"
    box.set_run_state("run")
    assert box.run.kind == "gold"


def test_disabled_run_says_why(box: PromptBox) -> None:
    box.set_run_state("nothing", "Open a picture first.")
    assert not box.run.isEnabled()
    assert "Open a picture first." in box.run.toolTip()
    assert "Open a picture first." in box.run.accessibleDescription()


def test_row_never_shifts(box: PromptBox, qtbot: QtBot) -> None:
    places: set[tuple[int, ...]] = set()
    for state in ("nothing", "run", "again", "cancel"):
        box.set_run_state(state)
        box.set_message(LineMessage("notice", "x" * 20 * len(places)))
        settle()
        places.add((box.run.x(), box.run.width(), box.height(), box.edit.y()))
    assert len(places) == 1


def test_message_stands_before_caption(box: PromptBox, qtbot: QtBot) -> None:
    sees = LineMessage("sees", "a red house")
    stopped = LineMessage("error", "It stopped.", button="Run again", action="again")
    box.set_message(sees, caption=True)
    assert box.line.shown == sees
    box.set_message(stopped)
    assert box.line.shown == stopped
    heard: list[str] = []
    box.button_clicked.connect(heard.append)
    button = part(box, QWidget, "message-button")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert heard == ["again"]
    box.set_message(None)
    assert box.line.shown == sees


def test_a_message_may_offer_two_things(box: PromptBox, qtbot: QtBot) -> None:
    heard: list[str] = []
    box.button_clicked.connect(heard.append)
    first = part(box, QWidget, "message-button")
    second = part(box, QWidget, "message-second-button")
    for text in ("You worked on this before.", "A sentence that is longer than the line. " * 9):
        box.set_message(
            LineMessage(
                "notice", text, "Continue", "go_on", second_button="Start new", second_action="new"
            )
        )
        settle()
        assert first.geometry().right() < second.geometry().left()
        assert second.geometry().right() <= box.line.width()
        qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
        qtbot.mouseClick(second, Qt.MouseButton.LeftButton)
        assert heard == ["go_on", "new"]
        heard.clear()
    box.set_message(LineMessage("notice", "One thing.", "Open", "open"))
    assert not second.isVisible()


def test_the_pencil_asks_for_the_caption(box: PromptBox, qtbot: QtBot) -> None:
    box.set_message(LineMessage("sees", "a red house", editable=True), caption=True)
    pencil = part(box, QWidget, "caption-edit")
    assert pencil.isVisible()
    with qtbot.waitSignal(box.caption_asked):
        qtbot.mouseClick(pencil, Qt.MouseButton.LeftButton)


def test_a_reading_that_is_no_caption_has_no_pencil(box: PromptBox) -> None:
    box.set_message(LineMessage("read_as", spans=plain_text("Warmer")), caption=True)
    assert not part(box, QWidget, "caption-edit").isVisible()


def test_suggestion_fills_selected(box: PromptBox, qtbot: QtBot) -> None:
    box.set_text("make it night", select=True)
    qtbot.keyClicks(box.edit, "x")
    assert box.text == "x"


def test_counts(box: PromptBox) -> None:
    chosen: list[int] = []
    box.count_chosen.connect(chosen.append)
    box.count.build_menu().actions()[0].trigger()
    assert chosen == [1]
    assert box.count.text() == "1 result"
    box.set_compact(True)
    assert box.count.text() == "1"


def test_selection_chip(box: PromptBox, qtbot: QtBot) -> None:
    assert not box.selection.isVisible()
    box.set_selection("Teapot")
    assert box.selection.isVisible()
    cleared: list[bool] = []
    box.selection_cleared.connect(lambda: cleared.append(True))
    qtbot.mouseClick(box.selection._clear, Qt.MouseButton.LeftButton)
    assert cleared == [True]


def test_small_windows_leave_room_for_the_words(box: PromptBox, qtbot: QtBot) -> None:
    box.setFixedWidth(404)
    box.set_selection("Teapot")
    box.set_run_state("run")
    settle()
    before = box.edit.width(), box.sizeHint().height()
    box.set_folded(one_line=True, tight=True)
    settle()
    assert box.edit.width() > before[0] + 100
    assert box.sizeHint().height() < before[1]
    assert not box.method.isVisible()
    assert box.run.text() == "Run"
    assert "Enter" in box.run.toolTip()
    box.set_folded(one_line=False, tight=False)
    settle()
    assert (box.edit.width(), box.sizeHint().height()) == before


def test_on_one_line_a_message_covers_the_words(box: PromptBox, qtbot: QtBot) -> None:
    box.set_folded(one_line=True, tight=True)
    assert not box.line.isVisible()
    box.edit.setFocus()
    box.set_message(LineMessage("progress", "Step 1 of 20"))
    assert not box.line.isVisible()  # somebody types
    box.set_message(LineMessage("error", "It stopped."))
    assert box.line.isVisible()
    assert box.line.geometry().contains(box.edit.geometry().center())
    box.set_message(None)
    assert not box.line.isVisible()


def test_method_and_count_behind_one_button(box: PromptBox, qtbot: QtBot) -> None:
    chosen: list[int] = []
    box.count_chosen.connect(chosen.append)
    box.set_folded(one_line=True, tight=True)
    qtbot.mouseClick(box.more, Qt.MouseButton.LeftButton)
    menu = part(box, QMenu, "prompt-more-menu")
    texts = [a.text() for a in menu.actions() if not a.isSeparator()]
    assert texts[0] == "Auto"
    assert "2 results" in texts
    next(a for a in menu.actions() if a.text() == "2 results").trigger()
    assert chosen == [2]
    menu.close()
