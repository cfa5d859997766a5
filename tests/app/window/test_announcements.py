"""What a screen reader is given to say besides the message line."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent

from tests.app.window.window_cases import WindowFixture

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


class FakeAccessible:
    """Stands in for Qt's bridge to a screen reader that runs."""

    AnnouncementPoliteness = QAccessible.AnnouncementPoliteness

    def __init__(self) -> None:
        self.heard: list[str] = []

    def isActive(self) -> bool:
        return True

    def updateAccessibility(self, event: QAccessibleEvent) -> None:
        assert isinstance(event, QAccessibleAnnouncementEvent)
        self.heard.append(event.message())


def test_what_the_session_announces_reaches_a_screen_reader(
    window: WindowFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    accessible = FakeAccessible()
    monkeypatch.setattr("app.widgets.basics.message_line.QAccessible", accessible)
    window.session.messages.announce("Kept: warmer")
    assert accessible.heard == ["Kept: warmer"]
    window.session.messages.notice("None reached your bar.")
    window.settle()
    assert accessible.heard == ["Kept: warmer", "None reached your bar."]
