"""The history's graph and its keys."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.widgets.history_graph import history_delegate
from app.widgets.history_graph.history_list import HistoryList
from app.widgets.history_graph.lanes import MOST_LANES, HistoryRow, lay_out
from app.widgets.prompt.diff import plain_text
from tests.waiting import show, wait_for

# The offscreen platform says this of every window that is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def node(name: str, parent: str = "", marks: str = "") -> HistoryRow:
    return HistoryRow(
        name, parent, plain_text(name), "14:00", on_trail="t" in marks, here="h" in marks
    )


TREE = [
    node("root", "", "t"),
    node("apricot", "root"),
    node("ivory", "apricot"),
    node("dew", "root", "th"),
    node("night", "dew", "t"),
]


def test_lanes_of_a_branch() -> None:
    rows, lanes = lay_out(TREE)
    assert [r.id for r in rows] == ["root", "apricot", "ivory", "dew", "night"]
    assert [it.lane for it in lanes] == [0, 1, 1, 0, 0]
    assert [it.bend for it in lanes] == [-1, 0, -1, -1, -1]
    assert [it.through for it in lanes] == [(), (0,), (0,), (), ()]
    assert (lanes[1].down, lanes[2].up, lanes[2].down) == (True, True, False)
    assert all(it.trail_down for it in lanes[:4])
    assert not lanes[4].trail_down


def test_second_branch_of_one_node_takes_the_free_lane_again() -> None:
    _, lanes = lay_out([node("r", "", "t"), node("a", "r"), node("b", "r"), node("c", "r", "th")])
    assert [it.lane for it in lanes] == [0, 1, 1, 0]


def test_deep_branches_fold_and_unfold() -> None:
    rows = [node("r", "", "th")]
    parent = "r"
    for n in range(1, 6):  # each branches off the one before, and all stay open
        rows.append(node(f"x{n}", parent))
        parent = f"x{n}"
        rows.append(node(f"y{n}", rows[-2].id if n > 1 else "r"))
    _, lanes = lay_out(rows)
    assert max(it.lane for it in lanes) < MOST_LANES + 1
    everything, _ = lay_out(rows, {r.id for r in rows})
    assert len(everything) == len(rows)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=30), st.integers(0, 40))
def test_any_tree_is_drawn_without_collisions(parents: list[int], head: int) -> None:
    ids = ["0"]
    links = [""]
    for n, p in enumerate(parents, start=1):
        links.append(str(p % n))
        ids.append(str(n))
    trail, at = set(), str(head % len(ids))
    here = at
    while at:
        trail.add(at)
        at = links[int(at)]
    rows = [
        node(i, p, ("t" if i in trail else "") + ("h" if i == here else ""))
        for i, p in zip(ids, links, strict=True)
    ]
    shown, lanes = lay_out(rows)
    assert here in [r.id for r in shown]
    hidden = sum(r.folded - 1 for r in shown if r.folded)
    assert len(shown) + hidden == len(rows)
    for row, it in zip(shown, lanes, strict=True):
        assert it.lane not in it.through
        assert (it.lane == 0) == (row.on_trail or not row.parent)


@pytest.fixture
def ideas(qtbot: QtBot) -> HistoryList:
    it = HistoryList()
    it.resize(348, 400)
    it.set_rows(TREE)
    qtbot.addWidget(it)
    show(it)
    return it


def test_keys_walk_the_tree(ideas: HistoryList, qtbot: QtBot) -> None:
    assert ideas.current_id == "dew"
    qtbot.keyClick(ideas, Qt.Key.Key_Left)
    assert ideas.current_id == "root"
    qtbot.keyClick(ideas, Qt.Key.Key_Right)
    assert ideas.current_id == "dew"
    qtbot.keyClick(ideas, Qt.Key.Key_PageUp, Qt.KeyboardModifier.AltModifier)
    assert ideas.current_id == "apricot"
    went: list[str] = []
    ideas.go_asked.connect(went.append)
    qtbot.keyClick(ideas, Qt.Key.Key_Return)
    assert went == ["apricot"]
    starred: list[str] = []
    ideas.star_asked.connect(starred.append)
    qtbot.keyClick(ideas, Qt.Key.Key_S)
    assert starred == ["apricot"]


def test_click_goes_and_resting_shows(ideas: HistoryList, qtbot: QtBot) -> None:
    went: list[str] = []
    shown: list[str] = []
    ideas.go_asked.connect(went.append)
    ideas.hovered.connect(shown.append)
    at = ideas.visualRect(ideas.ideas.index(2)).center()
    qtbot.mouseMove(ideas.viewport(), at - QPoint(3, 0))
    qtbot.mouseMove(ideas.viewport(), at)
    assert shown == []
    wait_for(lambda: shown == ["ivory"])
    qtbot.mouseClick(ideas.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert went == ["ivory"]


def test_spoken(ideas: HistoryList) -> None:
    spoken = ideas.ideas.index(3).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "dew, 14:00, you are here"
    other = ideas.ideas.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert other == "apricot, 14:00, on another branch"


def test_rows_are_lower_when_there_are_many(ideas: HistoryList) -> None:
    assert ideas.sizeHintForRow(0) == 46
    ideas.set_rows([*TREE, node("more", "night", "t")])
    assert ideas.sizeHintForRow(0) == 41


def test_names_stand_one_below_the_other_beside_pictures_of_any_shape(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    places: list[float] = []
    monkeypatch.setattr(
        history_delegate, "paint_diff", lambda painter, area, *_, **__: places.append(area.left())
    )
    history = HistoryList()
    qtbot.addWidget(history)
    history.resize(320, 300)
    shapes = (1.5, 0.66, 3.0, 1.0)
    history.set_rows([replace(node(f"n{a}", ""), aspect=a) for a in shapes])
    show(history)
    wait_for(lambda: len(places) >= len(shapes))
    assert len(set(places)) == 1


def test_long_words_of_a_row_are_painted_on_two_lines_and_not_cut(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    del qapp
    shown: list[str] = []

    def draw(_painter: object, _rect: object, text: str, *_how: object) -> float:
        shown.append(text)
        return 0.0

    monkeypatch.setattr(history_delegate, "draw_text", draw)
    image = QImage(320, 46, QImage.Format.Format_ARGB32_Premultiplied)
    row = HistoryRow("a", "", plain_text("warmer, and lift the shadows a little"), "07:53")
    painter = QPainter(image)
    history_delegate.paint_row(painter, QRectF(0, 0, 320, 46), row, lay_out([row])[1][0], 0)
    painter.end()
    assert shown[0] == "07:53"
    assert len(shown) == 3
    assert " ".join(shown[1:]) == "warmer, and lift the shadows a little"
