"""Captions before and after as words: chosen, weighed, locked, replaced, taken out, rewritten."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from app.panels.pages.caption_page import CaptionPage
from app.runtime.model_folders import ModelFolders
from editor.model.edit import Instruction
from tests.app.panels.test_suggestions import Fixture

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

BEFORE, AFTER = "a red house at noon", "a red house at night"
KEY = Qt.Key


class PageFixture(Fixture):
    """The page over a session whose picture shows `BEFORE`."""

    def __init__(self, tmp_path: Path, app: QApplication) -> None:
        super().__init__(tmp_path, app)
        image = self.session.image
        assert image is not None
        self.session.binding.captions[image.pixel_digest] = BEFORE
        self.panel.captions.refresh()
        self.page = CaptionPage(self.session, self.panel.captions, self.panel.chosen_methods)
        self.page.resize(348, 700)
        self.page.show()

    def part(self, name: str) -> QWidget:
        found = self.page.findChild(QWidget, name)
        assert isinstance(found, QWidget), name
        return found

    def choose(self, side: str, index: int) -> None:
        words = self.page.sections[side].tokens  # type: ignore[index]  # one of the literals
        words.setFocus()
        words.set_current(-1)
        for _ in range(index + 1):
            QTest.keyClick(words, KEY.Key_Right)


@pytest.fixture
def f(tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[PageFixture]:
    monkeypatch.setattr("app.runtime.model_folders.known", lambda: ModelFolders(()))
    fixture = PageFixture(tmp_path, qapp)
    yield fixture
    fixture.page.close()
    fixture.page.deleteLater()
    fixture.panel.close()
    fixture.panel.deleteLater()
    fixture.session.close()
    fixture.work.close()


def written(f: PageFixture) -> str:
    return f.panel.captions.captions.after


def test_a_word_is_replaced_and_the_box_says_it(f: PageFixture) -> None:
    f.choose("after", 4)
    QTest.keyClick(f.page.sections["after"].tokens, KEY.Key_Return)
    field = f.page.card.field
    assert field.text() == "noon"
    QTest.keyClicks(field, "night")
    QTest.keyClick(field, KEY.Key_Return)
    assert written(f) == AFTER
    assert f.panel.box.text == "noon → night"
    assert f.panel.captions.instruction() == Instruction("noon → night", BEFORE, AFTER)


def test_run_takes_the_captions_and_what_is_set_for_their_words(f: PageFixture) -> None:
    f.panel.box.set_text("make it night")
    f.panel.chosen_methods.choose("prompt_to_prompt")
    f.panel.captions.set_after(AFTER)
    f.choose("after", 4)
    words = f.page.sections["after"].tokens
    for _ in range(4):
        QTest.keyClick(words, KEY.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert words.tokens[4].weight == pytest.approx(1.4)
    assert words.spoken(4) == "night, added, weight 1.4"
    f.panel.run()
    job = f.edited()
    assert job.instructions == (Instruction("make it night", BEFORE, AFTER),)
    assert dict(job.settings) == {"word_weights": (("night", 1.4),)}


def test_a_word_is_taken_out(f: PageFixture) -> None:
    f.choose("after", 1)
    QTest.keyClick(f.page.sections["after"].tokens, KEY.Key_Delete)
    assert written(f) == "a house at noon"


def test_only_what_a_chosen_method_can_do_is_offered(f: PageFixture) -> None:
    f.choose("after", 2)
    card = f.page.card
    assert not card.lock.isVisible()
    assert not card.slider.isVisible()
    f.panel.chosen_methods.choose("pix2pix_zero")
    assert card.lock.isVisible()
    assert not card.slider.isVisible()
    QTest.keyClick(f.page.sections["after"].tokens, KEY.Key_L)
    assert f.page.sections["before"].tokens.tokens[2].locked
    f.panel.chosen_methods.choose("prompt_to_prompt")
    assert card.slider.isVisible()
    assert not card.lock.isVisible()


def test_it_says_when_nobody_goes_by_the_captions(f: PageFixture) -> None:
    take = f.part("caption-method")
    assert not take.isVisible()
    f.panel.captions.set_after(AFTER)
    assert take.isVisible()
    QTest.mouseClick(take, Qt.MouseButton.LeftButton)
    assert f.panel.chosen_methods.names == ("prompt_to_prompt",)
    assert not take.isVisible()


def test_a_caption_is_written_as_a_whole(f: PageFixture) -> None:
    f.page.edit_before()
    field = f.part("caption-before")
    assert isinstance(field, QPlainTextEdit)
    assert field.toPlainText() == BEFORE
    QTest.keyClicks(field, "a blue barn")
    QTest.keyClick(field, KEY.Key_Return)
    assert f.session.suggestion_feed.caption() == "a blue barn"
    assert f.part("caption-before-words").isVisible()
    f.page.edit_before()
    QTest.keyClicks(field, "nonsense")
    QTest.keyClick(field, KEY.Key_Escape)
    assert f.panel.captions.captions.before == "a blue barn"


def test_reset_takes_the_reading_again(f: PageFixture) -> None:
    f.panel.captions.set_after(AFTER)
    f.panel.captions.set_weight("night", 2)
    QTest.mouseClick(f.part("caption-reset"), Qt.MouseButton.LeftButton)
    assert written(f) == BEFORE
    assert f.panel.captions.captions.weights == {}


def test_the_word_under_the_pointer_is_named(f: PageFixture) -> None:
    pointed: list[tuple[str, int]] = []
    f.page.word_pointed.connect(lambda caption, index: pointed.append((caption, index)))
    words = f.page.sections["before"].tokens
    for x, place in ((20, 0), (words.width() - 1, -1)):
        at = QPointF(x, 10)
        none = Qt.MouseButton.NoButton
        move = QMouseEvent(
            QEvent.Type.MouseMove, at, words.mapToGlobal(at), none, none,
            Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        QApplication.sendEvent(words, move)
        assert pointed[-1] == (BEFORE, place)


def test_the_menu_of_the_field_leaves_it_open(f: PageFixture) -> None:
    section = f.page.sections["after"]
    section.edit()
    menu = QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.PopupFocusReason)
    QApplication.sendEvent(section.field, menu)
    assert section.field.isVisible()
    elsewhere = QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.MouseFocusReason)
    QApplication.sendEvent(section.field, elsewhere)
    assert not section.field.isVisible()


def test_a_word_is_pointed_at_while_it_has_the_focus(f: PageFixture) -> None:
    pointed: list[tuple[str, int]] = []
    f.page.word_pointed.connect(lambda caption, index: pointed.append((caption, index)))
    f.choose("before", 2)
    words = f.page.sections["before"].tokens
    assert pointed[-1] == (BEFORE, 2)
    QApplication.sendEvent(words, QFocusEvent(QEvent.Type.FocusOut))
    assert pointed[-1] == (BEFORE, -1)
    QApplication.sendEvent(words, QFocusEvent(QEvent.Type.FocusIn))
    assert pointed[-1] == (BEFORE, 2)
