"""What is hidden while it has the focus hands it to a sensible neighbour, not to the next one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit

from app.session.changes import MessageKind, StatusMessage
from app.widgets.basics.buttons import LinkButton
from tests.app.window.window_cases import WindowFixture


@pytest.fixture
def f(tmp_path: Path, qapp: QApplication) -> Iterator[WindowFixture]:
    del qapp
    fixture = WindowFixture(tmp_path)
    fixture.show()
    yield fixture
    fixture.close()


def test_the_side_column_hands_it_to_the_canvas(f: WindowFixture) -> None:
    f.parts.history.list.setFocus()
    f.window.action_set.trigger("side_column")
    f.settle()
    assert not f.parts.history.list.isVisible()
    assert f.window.focusWidget() is f.parts.stage.canvas


def test_the_prompt_keeps_it(f: WindowFixture) -> None:
    text = "The words ask for nothing new."
    f.session.messages.say(StatusMessage(MessageKind.NOTICE, text, "Keys", "show_keys"))
    f.settle()
    button = f.parts.prompt.findChild(LinkButton, "message-button")
    assert button is not None
    button.setFocus()
    f.session.messages.say(None)
    f.settle()
    assert not button.isVisible()
    assert f.window.focusWidget() is f.parts.prompt.box.edit


def test_a_page_that_closes_itself_hands_it_to_the_canvas(f: WindowFixture) -> None:
    """What had the focus before the page is gone too."""
    page = QLineEdit()
    f.parts.prompt.box.edit.setFocus()
    f.window.shell.show_page("page", "A page", page)
    page.setFocus()
    f.parts.prompt.hide()
    f.window.shell.close_page()
    f.settle()
    assert f.window.focusWidget() is f.parts.stage.canvas


def test_whoever_hides_it_may_say_where_it_goes(f: WindowFixture) -> None:
    f.parts.history.list.setFocus()
    f.parts.side.hide()
    f.parts.rail.buttons["tool_lasso"].setFocus()
    f.settle()
    assert f.window.focusWidget() is f.parts.rail.buttons["tool_lasso"]
