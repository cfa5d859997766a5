"""Walks through the window in a made-up language: what stands there unmarked is not translated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTabBar,
    QWidget,
)

from app.panels.pages.words_page import EXAMPLES
from app.session.open_document import samples
from editor.tone import STARTERS, known_words
from inference.methods.adjust import INFO as ADJUST
from inference.models.catalogue.reader import catalogue
from tests.app.pseudo_locale import marked, pseudo_locale
from tests.characterisation.window.driver import Driver, make_pictures
from tests.characterisation.window.engines import ASKED, SCENES
from tests.characterisation.window.steps import Steps

pytestmark = [
    pytest.mark.qt_no_exception_capture,
    pytest.mark.qt_log_ignore("This plugin does not support"),  # menus, without a screen
]

_ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
)
_PLAIN = re.compile(r"[a-zA-Z]*[aceilnorsuyzACEILNORSUYZ][a-zA-Z]*")
"""A word with a letter that this language writes with an accent."""


def texts_of(widget: QWidget) -> Iterator[str]:
    """What a widget shows, and what screen readers and tooltips say of it."""
    yield widget.toolTip()
    yield widget.accessibleName()
    yield widget.accessibleDescription()
    if isinstance(widget, QAbstractButton | QLabel):
        yield widget.text()
    elif isinstance(widget, QLineEdit | QPlainTextEdit):
        yield widget.placeholderText()
    elif isinstance(widget, QTabBar):
        yield from (widget.tabText(n) for n in range(widget.count()))
    elif isinstance(widget, QComboBox):
        yield from (widget.itemText(n) for n in range(widget.count()))
    elif isinstance(widget, QMenu):
        yield from (action.text() for action in widget.actions())
    elif isinstance(widget, QAbstractItemView) and widget.model() is not None:
        model = widget.model()
        for row in range(model.rowCount()):
            yield from (str(model.index(row, 0).data(role) or "") for role in _ROLES)


def visible_texts(window: QWidget) -> set[str]:
    menus = [w for w in QApplication.topLevelWidgets() if isinstance(w, QMenu) and w.isVisible()]
    shown = [w for w in window.findChildren(QWidget) if w.isVisibleTo(window)]
    return {text for widget in (*shown, *menus) for text in texts_of(widget) if text}


_KEYS = re.compile(r"(?:(?:Ctrl|Shift|Alt)\+)*\b(?:[A-Z]|Esc)\b|Ctrl\+")
"""Keys, which Qt itself names in menus."""

NAMES = (
    *STARTERS,
    *(phrase for _, phrases in EXAMPLES for phrase in phrases),
    *(", ".join(words) for words in known_words().values()),
    # What the artist and the made-up models of the test say.
    *("ramp.png", "warmer", "darker", "brighter", "blorf", *SCENES),
    *(
        "a red house, in a meadow, at noon, cloudy sky, summer",
        "at noon",
        "cloudy sky",
        "red house",
    ),
    *("falling snow", "noon", "night", "winter", "summer", "red", "blue"),
    *("The caption names no boat. What is meant?", "The caption mentions", "paint the boat blue"),
    # Models of the catalogue and their licences.
    *(entry.title for entry in catalogue().values()),
    *(entry.licence.value for entry in catalogue().values() if entry.licence.value),
    # Sample pictures, formats, the program.
    *(sample.title for sample in samples()),
    *("PNG", "JPEG", "WebP", "TIFF", "AVIF", "sRGB", "Pentimento 0.1.0"),
)


def untranslated(text: str, names: tuple[str, ...]) -> list[str]:
    """Plain words of a text that are none of the names and words of the artist."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "").replace(name[:1].upper() + name[1:], "")
    return _PLAIN.findall(_KEYS.sub("", re.sub(r"<[^>]*>|&(?=\w)|/\S*/models", "", text)))


def test_the_check_sees_what_is_not_translated() -> None:
    assert untranslated(marked("Nothing open"), ()) == []
    assert untranslated("Nothing open", ()) == ["Nothing", "open"]
    assert untranslated(marked("Kept: {0}").format("warmer"), ("warmer",)) == []
    assert untranslated(marked("Kept: {0}").format("brighter"), ("warmer",)) == ["brighter"]


WALK: dict[str, tuple[tuple[Any, ...], ...]] = {
    "empty": (("key", "Ctrl+K"), ("key", "Esc")),
    "picture": (("open", "ramp.png"),),
    "results": (("say", "warmer"), ("key", "2"), ("key", "Return")),
    "history": (("say", "darker"), ("key", "1"), ("key", "Return"), ("key", "Ctrl+Z")),
    "map": (("key", "F7"), ("key", "F7")),
    "scores": (("say", "make it night"),),
    "why": (("action", "why"), ("key", "Esc"), ("key", "1"), ("key", "Return")),
    "refusal": (("say", "blorf it"),),
    "question": (("say", ASKED), ("key", "Esc")),
    "pages": (
        ("click", "status-models"),
        ("action", "show_words"),
        ("key", "F1"),
        ("action", "about"),
        ("action", "export"),
        ("action", "note"),
        ("key", "Esc"),
    ),
    "settings": (
        ("action", "settings"),
        ("click", "section-appearance"),
        ("click", "section-performance"),
        ("click", "section-privacy"),
        ("key", "Esc"),
    ),
    "survey": (("action", "survey"), ("key", "Esc")),
    "palette": (("key", "Ctrl+K"), ("key", "Esc")),
}


VISITED = (
    ("results", marked(str(ADJUST.setting("temperature").title))),  # how a result was made
    ("scores", marked("CLIP direction {0}").format("0.360")),  # a bar's detail
    ("scores", marked("CLIP image {0}").format("0.900")),
    ("why", marked("Number 1: {0}.").partition("{")[0]),
    ("why", marked("Follow the words")),
    ("history", marked("you are here")),
    ("map", marked("made from {0}").partition("{")[0]),
)
"""Texts that were not translated once, or stand where few come; each must be seen on the walk."""


def walked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """The texts that are visible at each place of the walk, in the made-up language."""
    make_pictures(tmp_path)
    seen: dict[str, set[str]] = {}
    with pseudo_locale():
        driver = Driver(tmp_path, monkeypatch, models="stub")
        steps = Steps(driver)
        try:
            driver.settle()
            for place, walk in WALK.items():
                for step in walk:
                    steps.do(step)
                    seen.setdefault(place, set()).update(visible_texts(driver.window))
        finally:
            driver.close()
    return seen


def test_no_visible_text_is_untranslated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> None:
    seen = walked(tmp_path, monkeypatch)
    names = (*NAMES, str(tmp_path), tmp_path.name)  # where the export page would write
    left = {
        f"{place}: {text}": found
        for place, texts in seen.items()
        for text in texts
        if (found := untranslated(text, names))
    }
    assert left == {}
    # The walk came where it was to go.
    for place, text in VISITED:
        assert any(text in one for one in seen[place]), (place, text, sorted(seen[place]))
