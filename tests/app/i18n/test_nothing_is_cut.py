"""Walks through a small window with large type and longer words: nothing is cut by "…".

At 1024 × 700, 125 % text and every text 40 % longer, as translations are.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication

from app.theme.theme import look
from tests.app.i18n.test_pseudo_locale import WALK
from tests.app.pseudo_locale import longer, pseudo_locale
from tests.characterisation.window.driver import Driver, make_pictures
from tests.characterisation.window.steps import Steps

pytestmark = [
    pytest.mark.qt_no_exception_capture,
    pytest.mark.qt_log_ignore("This plugin does not support"),  # menus, without a screen
]


TOO_LONG = (
    # Second lines of two refusals, in the narrow line under the words.
    *("scene, and tone and colour", "among the words for tone"),
    # Answers to a question, beside Explore.
    *("paint the boat blue", "paint the house blue", "Something else…"),
    # The name of a file, in the way back from the settings: names may be shortened.
    "ramp.png",
)
"""What this window does not hold when it is 40 % longer; tooltips have it whole."""


@contextmanager
def elided(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """The texts that were shortened by "…" while they were painted."""
    found: set[str] = set()
    plain = QFontMetricsF.elidedText

    def watched(metrics: QFontMetricsF, text: str, *how: Any) -> str:
        shown = str(plain(metrics, text, *how))
        if shown != text:
            found.add(text)
        return shown

    with monkeypatch.context() as patched:
        patched.setattr(QFontMetricsF, "elidedText", watched)
        yield found


def test_the_watch_sees_what_is_cut(monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> None:
    from app.widgets.basics.painting import wrap_text

    with elided(monkeypatch) as found:
        wrap_text("short", 13, look().font(13).weight(), 500.0, 2)
        wrap_text(
            "far too many words for a line of this width", 13, look().font(13).weight(), 60.0, 1
        )
    assert found == {"far too many words for a line of this width"}


def test_nothing_is_cut_in_a_small_window(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> None:
    make_pictures(tmp_path)
    cut: dict[str, set[str]] = {}
    with pseudo_locale(longer):
        driver = Driver(tmp_path, monkeypatch, models="stub", size=(1024, 700))
        look().set_text_scale(1.25)
        steps = Steps(driver)
        try:
            driver.settle()
            for place, walk in WALK.items():
                for step in walk:
                    steps.do(step)
                    with elided(monkeypatch) as found:
                        driver.window.grab()
                    cut.setdefault(place, set()).update(found)
        finally:
            look().set_text_scale(1.0)
            driver.close()
    left = {
        place: {text for text in texts if not text.startswith(TOO_LONG)}
        for place, texts in cut.items()
    }
    assert {place: texts for place, texts in left.items() if texts} == {}
