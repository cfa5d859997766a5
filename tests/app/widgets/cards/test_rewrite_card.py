"""Cards of rewrites and of the sheet are as high as their words need, at any width."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.widgets.cards.rewrite_card import RewriteCard, RewriteData
from app.widgets.cards.score_bars import ScoreData
from app.widgets.cards.sheet_card import SheetCard, SheetCardData
from app.widgets.prompt.diff import DiffSpan

WORDS = "a red house with a green apple tree and a fence, in a meadow, at noon, cloudy sky"
BARS = tuple(ScoreData(name, 0.5) for name in ("Beauty", "Liked", "Kept"))


@pytest.fixture
def card(qapp: QApplication) -> RewriteCard:
    del qapp
    made = RewriteCard()
    spans = (DiffSpan("plain", WORDS), DiffSpan("insert", "soft light"))
    made.show_rewrite(RewriteData(2, spans, BARS), chosen=False)
    return made


def test_a_narrow_card_is_higher_and_puts_its_bars_below_each_other(card: RewriteCard) -> None:
    assert card.heightForWidth(200) > card.heightForWidth(330) > 84
    assert len(card._bar_rows(300)) == 1
    assert len(card._bar_rows(150)) == 3


def test_it_says_what_comes_and_goes(card: RewriteCard) -> None:
    assert card.accessibleName().startswith(f"Rewrite 2, {WORDS}, insert soft light, Beauty 50")
    assert ",," not in card.accessibleName()


def test_arrows_go_to_the_others(card: RewriteCard) -> None:
    steps: list[int] = []
    card.stepped.connect(steps.append)
    QTest.keyClick(card, Qt.Key.Key_Down)
    QTest.keyClick(card, Qt.Key.Key_Up)
    assert steps == [1, -1]


def test_a_card_of_the_sheet_without_further_words_is_lower(qapp: QApplication) -> None:
    del qapp
    card = SheetCard()
    card.show_cell(SheetCardData(1, "A moment", (), state="Waiting"), chosen=False)
    bare = card.heightForWidth(260)
    card.show_cell(SheetCardData(1, "A moment", (DiffSpan("plain", WORDS),)), chosen=True)
    assert card.heightForWidth(260) > bare
    assert card.accessibleName() == f"Picture 1, A moment, {WORDS}"
    assert not card.grab().isNull()
