"""The map of ideas: keys, mouse, zoom, search, speech, and that it stays quick."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QAccessible, QColor, QImage, QKeySequence, QShortcut, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.theme.theme import look
from app.widgets.history_graph.idea_map import IdeaMap
from app.widgets.history_graph.idea_model import Idea
from app.widgets.history_graph.idea_paint import here_place
from app.widgets.history_graph.lanes import HistoryRow
from app.widgets.history_graph.map_tools import MapTools
from app.widgets.prompt.diff import DiffSpan, plain_text

# The offscreen platform says this of every window that is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def idea(ident: str, parent: str = "", marks: str = "", sheets: int = 0, **more: Any) -> Idea:
    row = HistoryRow(
        ident, parent, plain_text(ident), "14:00", on_trail="t" in marks, here="h" in marks,
        starred="s" in marks, **more,
    )  # fmt: skip
    return Idea(row, sheets)


TREE = [
    idea("dahlia", "", "t"),
    idea("golden", "dahlia", "t", 3),
    idea("teal", "golden", "s"),
    idea("night", "golden", "th", 2),
    idea("ivory", "dahlia", name="Poster"),
    idea("muted", "ivory"),
]


@pytest.fixture
def ideas(qtbot: QtBot) -> IdeaMap:
    look().set_choice("dark")
    found = IdeaMap()
    qtbot.addWidget(found)
    found.resize(1044, 662)
    found.set_ideas(TREE)
    found.show()
    found.setFocus()
    return found


def heard(ideas: IdeaMap) -> list[tuple[str, ...]]:
    emitted: list[tuple[str, ...]] = []
    for name in ("go", "star", "rename", "note", "compare"):
        signal = getattr(ideas, f"{name}_asked")
        signal.connect(lambda i, n=name: emitted.append((n, i)))
    ideas.sheets_asked.connect(lambda i, card: emitted.append(("sheets", i)))
    ideas.search_asked.connect(lambda: emitted.append(("search",)))
    return emitted


def test_starts_here_and_arrows_walk(ideas: IdeaMap) -> None:
    assert ideas.current_id == "night"
    for key, wanted in (
        (Qt.Key.Key_Up, "teal"),
        (Qt.Key.Key_Left, "golden"),
        (Qt.Key.Key_Left, "dahlia"),
        (Qt.Key.Key_Left, "dahlia"),
        (Qt.Key.Key_End, "night"),
        (Qt.Key.Key_Down, "muted"),
        (Qt.Key.Key_Home, "dahlia"),
    ):
        QTest.keyClick(ideas, key)
        assert ideas.current_id == wanted


def test_keys_act_on_the_card_with_the_focus(ideas: IdeaMap) -> None:
    emitted = heard(ideas)
    ideas.show_idea("golden")
    for key in (Qt.Key.Key_Return, Qt.Key.Key_S, Qt.Key.Key_F2, Qt.Key.Key_N, Qt.Key.Key_C):
        QTest.keyClick(ideas, key)
    QTest.keyClick(ideas, Qt.Key.Key_Space)
    QTest.keyClick(ideas, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    names = ("go", "star", "rename", "note", "compare", "sheets")
    assert emitted == [*((n, "golden") for n in names), ("search",)]
    ideas.show_idea("muted")
    QTest.keyClick(ideas, Qt.Key.Key_Space)  # nothing is under it
    assert len(emitted) == 7


def test_window_keys_do_not_take_the_cards_own(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    ideas = IdeaMap(window)
    ideas.set_ideas(TREE)
    fired: list[str] = []
    for key in ("S", "Return", "F7"):
        QShortcut(QKeySequence(key), window).activated.connect(lambda k=key: fired.append(k))
    window.show()
    window.activateWindow()
    ideas.setFocus()
    emitted = heard(ideas)
    QTest.keyClick(ideas, Qt.Key.Key_S)
    QTest.keyClick(ideas, Qt.Key.Key_Return)
    assert (fired, [t[0] for t in emitted]) == ([], ["star", "go"])


def test_double_click_goes_and_a_click_on_the_sheets_fans_out(ideas: IdeaMap) -> None:
    emitted = heard(ideas)
    card = ideas.plane.card("golden").toRect()
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(ideas.viewport(), left, none, card.center())
    assert (ideas.current_id, emitted) == ("golden", [])
    QTest.mouseDClick(ideas.viewport(), left, none, card.center())
    assert emitted == [("go", "golden")]
    below = QPoint(card.center().x(), card.bottom() + 4)
    QTest.mouseClick(ideas.viewport(), left, none, below)
    assert emitted[-1] == ("sheets", "golden")


def test_wheel_zooms_to_the_cursor_and_dragging_pans(ideas: IdeaMap) -> None:
    card = ideas.plane.card("teal")
    at = card.center()
    notch = QPoint(0, 120)
    wheel = QWheelEvent(
        at, QPointF(ideas.viewport().mapToGlobal(at.toPoint())), QPoint(), notch,
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    ideas.wheelEvent(wheel)
    larger = ideas.plane.card("teal")
    assert larger.width() > card.width()
    assert (larger.center() - at).manhattanLength() < 3
    free = QPoint(6, 6)
    none = Qt.KeyboardModifier.NoModifier
    QTest.mousePress(ideas.viewport(), Qt.MouseButton.LeftButton, none, free)
    QTest.mouseMove(ideas.viewport(), free + QPoint(30, 20))
    QTest.mouseRelease(ideas.viewport(), Qt.MouseButton.LeftButton, none, free + QPoint(30, 20))
    assert ideas.plane.card("teal").topLeft() - larger.topLeft() == QPointF(30, 20)
    ideas.pan_by(-9000, 9000)  # some of it stays in sight
    shown = [i for i in TREE if ideas.plane.card(i.id).intersects(ideas.viewport().rect())]
    assert shown
    ideas.fit()
    assert all(ideas.rect().contains(ideas.plane.card(i.id).toRect()) for i in TREE)


def test_a_change_of_the_tree_moves_nothing_the_artist_placed(ideas: IdeaMap) -> None:
    ideas.zoom_to(1.3)
    ideas.show_idea("teal")
    before = ideas.plane.card("dahlia")
    ideas.set_ideas([*TREE, idea("soft", "muted")])
    assert ideas.current_id == "teal"
    assert (ideas.plane.zoom, ideas.plane.card("dahlia")) == (1.3, before)


def test_search_and_stars_dim_the_rest(ideas: IdeaMap) -> None:
    assert ideas.set_filter("post", False) == ["ivory"]  # its name
    assert ideas.set_filter("GOLD", False) == ["golden"]
    assert ideas.set_filter("", True) == ["teal"]
    assert ideas.set_filter("gold", True) == []
    ideas.thumbnail_of = lambda name, width: _grey(name)
    ideas.set_filter("teal", False)
    shot = ideas.grab().toImage()

    def brightness(name: str) -> int:
        return shot.pixelColor(ideas.plane.card(name).center().toPoint()).lightness()

    assert brightness("teal") > 180
    assert brightness("muted") < 110


def _grey(name: str) -> QImage:
    image = QImage(384, 216, QImage.Format.Format_RGB32)
    image.fill(QColor("#C8C8C8"))
    return image


def test_screen_readers_find_every_card(ideas: IdeaMap) -> None:
    model = ideas.ideas
    spoken = [model.data(model.index(n), Qt.ItemDataRole.AccessibleTextRole) for n in range(6)]
    assert spoken[1] == "golden, 14:00, made from dahlia, 3 results not kept"
    assert spoken[3] == "night, 14:00, made from golden, you are here, 2 results not kept"
    assert spoken[5] == "muted, 14:00, made from Poster, on another branch"
    interface = QAccessible.queryAccessibleInterface(ideas)
    names = [interface.child(n).text(QAccessible.Text.Name) for n in range(interface.childCount())]
    assert names == spoken
    assert ideas.visualRect(model.index(1)) == ideas.plane.card("golden").toRect()


def test_of_five_hundred_ideas_only_those_in_sight_ask_for_pictures(ideas: IdeaMap) -> None:
    many = [idea("0", "", "t")]
    many += [idea(str(n), str((n * 7) // 11), "", n % 4) for n in range(1, 500)]
    many[-1] = idea("499", "318", "h")
    ideas.thumbnail_of = lambda name, width: _grey(name).scaledToWidth(64) if not name else None
    ideas.set_ideas(many)
    asked: list[str] = []
    ideas.thumbnail_of = lambda name, width: asked.append(name)
    ideas.zoom_to(1.0)
    ideas.grab()
    assert 0 < len(set(asked)) < 60


@pytest.mark.parametrize("theme", ["dark", "light", "high-contrast"])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_draws_in_every_theme_and_text_size(ideas: IdeaMap, theme: Any, scale: float) -> None:
    look().set_choice(theme)
    look().set_text_scale(scale)
    try:
        shot = ideas.grab().toImage()
        card = ideas.plane.card("night")
        edge = shot.pixelColor(QPoint(round(card.center().x()), round(card.top()) - 2))
        assert edge == look().tokens.ring
    finally:
        look().set_text_scale(1.0)
        look().set_choice("dark")


def test_long_diffs_and_no_ideas_are_drawn(ideas: IdeaMap) -> None:
    spans = (DiffSpan("replace", "an old and crooked house", "a new and rather tall tower"),)
    ideas.set_ideas([Idea(HistoryRow("a", "", spans, here=True)), idea("b", "a")])
    ideas.grab()
    ideas.set_ideas([])
    ideas.grab()
    ideas.fit()
    assert (ideas.current_id, ideas.here_id) == ("", "")


def _has_ink(shot: QImage, place: QRectF) -> bool:
    # The rings of the card reach into the foot of the line above it.
    inside = place.adjusted(0, 0, 0, -6).toRect().intersected(shot.rect())
    ground = shot.pixel(1, 1)
    xs, ys = range(inside.left(), inside.right()), range(inside.top(), inside.bottom())
    return any(shot.pixel(x, y) != ground for x in xs for y in ys)


@pytest.mark.parametrize(("width", "beside"), [(1044, False), (1300, True)])
def test_you_are_here_is_never_cut_by_the_edge(ideas: IdeaMap, width: int, beside: bool) -> None:
    chain = [idea("a"), idea("b", "a"), idea("c", "b"), idea("d", "c", "th")]
    ideas.resize(width, 662)
    ideas.set_ideas(chain)
    ideas.fit()
    card = ideas.plane.card("d")
    shot = ideas.grab().toImage()
    assert _has_ink(shot, here_place(card, beside=True)) == beside
    assert _has_ink(shot, here_place(card, beside=False)) != beside
    assert shot.rect().contains(here_place(card, beside=beside).toRect())


def test_tools_say_words_and_stars(qtbot: QtBot) -> None:
    tools = MapTools()
    qtbot.addWidget(tools)
    emitted: list[tuple[str, bool]] = []
    left: list[int] = []
    tools.changed.connect(lambda words, starred: emitted.append((words, starred)))
    tools.left.connect(lambda: left.append(1))
    tools.resize(600, 30)
    tools.show()
    tools.search.setText(" gold ")
    tools.starred.click()
    assert emitted == [("gold", False), ("gold", True)]
    QTest.keyClick(tools.search, Qt.Key.Key_Escape)
    assert (tools.words, left) == ("", [])
    QTest.keyClick(tools.search, Qt.Key.Key_Escape)
    assert left == [1]
    tools.count.set_text("120 ideas, 40 branches")
    tools.resize(240, 30)
    assert tools.count.isHidden()
    assert tools.starred.geometry().right() <= 240


def test_asking_for_sheets_names_the_card(ideas: IdeaMap) -> None:
    cards: list[QRect] = []
    ideas.sheets_asked.connect(lambda name, card: cards.append(card))
    ideas.ask_sheets("night")
    ideas.ask_sheets("teal")
    assert [c.size() for c in cards] == [ideas.plane.card("night").toRect().size()]
