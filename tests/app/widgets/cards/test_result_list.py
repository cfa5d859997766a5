"""Results: fixed size, whole thumbnails, an order that waits, words for everything."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QContextMenuEvent, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.theme.theme import look
from app.widgets.basics.key_caps import key_caps
from app.widgets.cards.card_delegate import card_height, thumb_rect
from app.widgets.cards.card_model import CardData, CardHeader
from app.widgets.cards.result_list import ResultFoot, ResultList
from app.widgets.cards.score_bars import ScoreData
from tests.waiting import settle, show

# The offscreen platform says this of every window that is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def card(name: str, rank: int, **more: object) -> CardData:
    scores = (ScoreData("Words", 0.86, 0.35), ScoreData("Picture", 0.9), ScoreData("Beauty", 0.78))
    return CardData(name, rank, None, f"reason {name}", scores, **more)  # type: ignore[arg-type]


@pytest.fixture
def keys(qapp: QApplication) -> None:
    """As the window hands them out."""
    key_caps().set_keys({"view_side": "C", "swap_sides": "X"})


@pytest.fixture
def results(qtbot: QtBot) -> ResultList:
    it = ResultList()
    it.resize(348, 520)
    it.set_rows(
        [card("a", 1), card("b", 2), CardHeader("Below your bar"), card("c", 3, below=True)]
    )
    qtbot.addWidget(it)
    show(it)
    return it


def order(results: ResultList) -> list[str]:
    return [c.id for c in results.cards.cards]


def test_keys_walk_over_headers(results: ResultList, qtbot: QtBot) -> None:
    looked: list[str] = []
    results.looked.connect(looked.append)
    results.setCurrentIndex(results.cards.index(0))
    for _ in range(3):
        qtbot.keyClick(results, Qt.Key.Key_Down)
    assert looked == ["b", "c"]
    kept: list[str] = []
    results.kept.connect(kept.append)
    qtbot.keyClick(results, Qt.Key.Key_Return)
    assert kept == ["c"]


def test_click_looks_and_double_click_keeps_nothing(results: ResultList, qtbot: QtBot) -> None:
    looked: list[str] = []
    kept: list[str] = []
    results.looked.connect(looked.append)
    results.kept.connect(kept.append)
    at = results.visualRect(results.cards.index(1)).center()
    qtbot.mouseClick(results.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseDClick(results.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert looked[0] == "b"
    assert kept == []


def test_digits_are_left_to_the_window(results: ResultList, qtbot: QtBot) -> None:
    results.setCurrentIndex(results.cards.index(0))
    qtbot.keyClicks(results, "2c")
    assert results.current_id == "a"


def test_order_waits_for_the_artist(
    results: ResultList, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[bool] = []
    results.order_waits.connect(waits.append)
    monkeypatch.setattr(results, "hasFocus", lambda: True)
    results.propose([card("b", 1), card("a", 2)])
    assert order(results) == ["a", "b", "c"]
    assert waits == [True]
    results.sort_now()
    assert order(results) == ["b", "a"]
    assert waits == [True, False]


def test_order_settles_at_once_otherwise(
    results: ResultList, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "hasFocus", lambda: False)
    monkeypatch.setattr(results.viewport(), "underMouse", lambda: False)
    results.propose([card("b", 1), card("a", 2)])
    assert order(results) == ["b", "a"]


def test_motion_off_settles_without_animation(
    results: ResultList, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "_busy_here", lambda: False)
    look().set_motion(False)
    results.propose([card("b", 1), card("a", 2)])
    assert results._settling.state() == results._settling.State.Stopped
    look().set_motion(True)
    results.propose([card("a", 1), card("b", 2)])
    assert results._settling.state() == results._settling.State.Running
    look().set_motion(None)


@pytest.mark.parametrize(("width", "height"), [(1600, 900), (900, 900), (300, 1600), (4000, 100)])
def test_thumbnail_is_whole(qtbot: QtBot, width: int, height: int) -> None:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    rect = thumb_rect(CardData("x", 1, image), QRectF(0, 0, 332, 98))
    assert rect.width() <= 148
    assert rect.height() <= 82 + 1
    if min(rect.width(), rect.height()) > 24:
        assert rect.width() / rect.height() == pytest.approx(width / height, rel=0.02)


def test_height_does_not_depend_on_words(results: ResultList) -> None:
    heights = set()
    for reason in ("", "short", "a long reason " * 20):
        results.cards.change("a", reason=reason)
        heights.add(results.sizeHintForIndex(results.cards.index(0)).height())
    assert heights == {card_height() + 4}
    assert card_height() == 98


def test_spoken(results: ResultList) -> None:
    results.set_marks("a")
    model = results.cards
    results.update_card(card("a", 1, made="InstructPix2Pix, seed 4021", lock="exact"))
    spoken = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == (
        "Result 1 of 3, chosen. reason a. Words 86, Picture 90, Beauty 78 of 100. "
        "Outside stays exact. InstructPix2Pix, seed 4021."
    )
    assert "Below your bar" in model.index(3).data(Qt.ItemDataRole.AccessibleTextRole)


def test_score_below_notch_does_not_pass() -> None:
    assert not ScoreData("Words", 0.2, 0.35).passed
    assert ScoreData("Words", 0.35, 0.35).passed
    assert ScoreData("Words", None, 0.35).passed


def test_menu_of_the_card_under_the_pointer(results: ResultList, qtbot: QtBot) -> None:
    asked: list[str] = []
    results.menu_asked.connect(lambda i, _: asked.append(i))
    at = results.visualRect(results.cards.index(1)).center()
    reason = QContextMenuEvent.Reason.Mouse
    results.contextMenuEvent(QContextMenuEvent(reason, at, QPoint(5, 5)))
    assert asked == ["b"]


def test_foot_never_cuts_words(qtbot: QtBot, keys: None) -> None:
    foot = ResultFoot()
    qtbot.addWidget(foot)
    foot.resize(348, 78)
    foot.show()
    assert foot.compare.key == "C"
    foot.resize(276, 78)
    settle()
    assert foot.compare.key == ""
    for button in (foot.keep, foot.compare):
        assert button.width() >= button.sizeHint().width()
    foot.set_ready(False, why="There is no result yet.")
    assert "There is no result yet." in foot.keep.toolTip()


def test_side_by_side_the_foot_swaps_sides(qtbot: QtBot, keys: None) -> None:
    foot = ResultFoot()
    qtbot.addWidget(foot)
    foot.resize(348, 80)
    foot.show()
    foot.set_ready(True)
    heard: list[str] = []
    foot.compare_asked.connect(lambda: heard.append("compare"))
    foot.swap_asked.connect(lambda: heard.append("swap"))
    assert (foot.compare.text(), foot.compare.key) == ("Compare", "C")
    foot.compare.click()
    foot.set_comparing(True)
    assert (foot.compare.text(), foot.compare.key) == ("Swap sides", "X")
    foot.compare.click()
    assert heard == ["compare", "swap"]


def test_narrow_foot_drops_key_caps_before_words(qtbot: QtBot, keys: None) -> None:
    foot = ResultFoot()
    qtbot.addWidget(foot)
    foot.resize(276, 80)
    foot.show()
    foot.set_comparing(True)
    assert foot.keep.sizeHint().width() + foot.compare.sizeHint().width() < 276 - 50
    assert (foot.keep.text(), foot.compare.text()) == ("Keep this", "Swap sides")
    assert "Enter" in foot.keep.toolTip()
    assert "X" in foot.compare.toolTip()
    foot.resize(360, 80)
    assert (foot.keep.key, foot.compare.key) == ("Enter", "X")


@pytest.mark.parametrize("count", [2, 4, 9])
def test_in_a_narrow_column_cards_stand_in_pairs(qtbot: QtBot, count: int) -> None:
    """Picture above words, two in a row, nothing cut at the side; also where the list scrolls."""
    list_ = ResultList()
    qtbot.addWidget(list_)
    list_.set_stacked(True)
    list_.resize(276, 500)
    list_.show()
    list_.set_rows([CardData(str(n), n, aspect=1.0) for n in range(1, count + 1)])
    settle()
    places = [list_.visualRect(list_.cards.index(row)) for row in range(count)]
    assert {place.left() for place in places} == {places[0].left(), places[1].left()}
    assert [place.top() for place in places[::2]] == sorted({place.top() for place in places})
    assert all(place.right() <= list_.viewport().width() for place in places)
    assert places[0].height() > places[0].width()
    qtbot.keyClick(list_, Qt.Key.Key_Home)
    qtbot.keyClick(list_, Qt.Key.Key_Right)
    assert list_.current_id == "2"
    list_.set_stacked(False)
    settle()
    assert list_.visualRect(list_.cards.index(1)).left() == places[0].left()


def test_keep_shows_enter_only_while_it_is_gold(qtbot: QtBot) -> None:
    foot = ResultFoot()
    qtbot.addWidget(foot)
    foot.resize(348, 78)
    foot.show()
    foot.set_next_step(False)
    assert (foot.keep.kind, foot.keep.key) == ("quiet", "")
    foot.set_next_step(True)
    assert (foot.keep.kind, foot.keep.key) == ("gold", "Enter")
