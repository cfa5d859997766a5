"""The map in the window: from the document's history to cards, and back to the session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.panels.map import ideas_of
from app.panels.sheets import not_kept
from app.runtime.settings import Settings
from app.runtime.thread_pool import ThreadPool
from app.session.session import Session
from app.theme.theme import look
from app.widgets.cards.card_model import CardHeader
from app.window.main_window import Window
from editor.model.edit import Candidate, EditRequest, Instruction
from editor.model.history import History, HistoryNode
from editor.model.image import Image
from editor.model.model_ref import ModelRef
from editor.model.patch import Patch, settings_of
from editor.model.picture import Picture
from editor.model.ranking import Ranked, Ranking
from editor.model.score import Score
from editor.storage.document import Document
from tests.app.session_cases import ScriptedEngine
from tests.waiting import wait_for

# The offscreen platform says this of every window that is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def candidate(source: str, seed: int) -> Candidate:
    settings = settings_of({"exposure": 0.1 * seed})
    request = EditRequest(source, None, Instruction("lighter"), "adjust", 1, settings, seed)
    return Candidate(request, Patch(settings))


def ranked(*candidates: Candidate) -> Ranking:
    places = [
        Ranked(c.key, n, True, f"Reason {n}", Score(c.key)) for n, c in enumerate(candidates, 1)
    ]
    return Ranking(tuple(places))


def node(name: str, parent: str | None, at: float, *jobs: Candidate) -> HistoryNode:
    """The first candidate is the one that was kept."""
    return HistoryNode(
        name, parent, None, f"label {name}", at, jobs[:1], jobs,
        ranked(*reversed(jobs)) if jobs else Ranking(),
    )  # fmt: skip


def test_an_idea_says_which_models_made_it() -> None:
    models = (
        ModelRef("instruct_pix2pix", "owner/photos", "instruct-pix2pix", "0"),
        ModelRef("captioner", "blip", "blip", "1"),
    )
    painted = EditRequest("d", None, Instruction("lighter"), "instruct_pix2pix", 3, models=models)
    history = History()
    for one in (
        node("r", None, 1.0),
        node("a", "r", 2.0, Candidate(painted, Patch())),
        node("b", "r", 3.0, candidate("d", 1)),
    ):
        history = history.accept(one)
    made = {idea.row.id: idea.row.made for idea in ideas_of(history)}
    assert made["a"].endswith(", owner/photos")
    assert (made["r"], made["b"]) == ("", "")


def test_cards_of_a_history() -> None:
    one, two, three, four = (candidate("d", n) for n in range(4))
    history = History()
    for made in (
        node("root", None, 10.0),
        node("a", "root", 11.0, one, two, three, four),
        node("b", "root", 12.0, two, one, three, four),  # a second one kept of the same job
        node("c", "a", 5.0),  # the clock was set back
    ):
        history = history.accept(made)
    history = history.go("a").star("b", True).rename("b", "Second").note("a", "for print")
    ideas = {idea.id: idea for idea in ideas_of(history)}
    assert list(ideas) == ["root", "a", "c", "b"]
    assert [ideas[i].sheets for i in ("root", "a", "b", "c")] == [0, 2, 2, 0]
    assert ideas["a"].row.here
    assert ideas["a"].row.on_trail
    assert ideas["c"].row.on_trail  # redo leads there
    assert not ideas["b"].row.on_trail
    assert (ideas["b"].row.starred, ideas["b"].row.name) == (True, "Second")
    assert ideas["a"].matches("PRINT")
    assert [c.key for c in not_kept(history, history.nodes["a"])] == [four.key, three.key]


class Fixture:
    """A window with a root, two ideas from it and one from the second, offscreen."""

    def __init__(self, tmp_path: Path, app: QApplication) -> None:
        self.app = app
        self.work = ThreadPool(1)
        self.session = Session(ScriptedEngine(), self.work, Settings(tmp_path / "settings.json"))
        ramp = np.tile(np.arange(96, dtype=np.uint8)[None, :, None], (64, 1, 3))
        self.picture = Picture.of(Image.from_array(ramp))
        document = Document.create(self.picture, label="ramp", state_dir=tmp_path)
        root = document.history.current
        digest = self.picture.image.pixel_digest
        self.candidates = [candidate(digest, n) for n in range(3)]
        for one in self.candidates:
            document.add_candidate("job", root.id, one, None)
        document.set_ranking("job", ranked(*reversed(self.candidates)))
        self.root = root.id
        for at, (name, parent, jobs) in enumerate(
            (
                ("a" * 12, root.id, self.candidates),
                ("b" * 12, root.id, ()),
                ("c" * 12, "b" * 12, ()),
            )
        ):
            made = node(name, parent, root.time + 1 + at, *jobs)
            document.accept(made)
            document.complete(name, self.picture)
        self.session.set_document(document)
        self.window = Window(self.session, Settings(tmp_path / "settings.json"), tmp_path / "small")
        self.window.show()

    def do(self, action: str) -> None:
        self.window.action_set[action].trigger()
        self.app.processEvents()

    def wait(self, condition: Any) -> None:
        wait_for(condition)


@pytest.fixture
def fixture(tmp_path: Path, qapp: QApplication) -> Iterator[Fixture]:
    look().set_choice("dark")
    made = Fixture(tmp_path, qapp)
    yield made
    made.window.close()
    made.work.close()
    made.window.deleteLater()


def test_open_walk_and_go(fixture: Fixture) -> None:
    window, ideas = fixture.window, fixture.window.regions.map.ideas
    fixture.do("view_map")
    assert (window.regions.stage.view, window.regions.options.views.current) == ("map", "map")
    assert ideas.isVisible()
    assert ideas.current_id == "c" * 12
    assert window.regions.map.tools.isVisible()
    assert not window.regions.options.title.isVisible()
    assert window.regions.map.tools.count.text == "4 ideas, 2 branches"
    QTest.keyClick(ideas, Qt.Key.Key_Left)
    QTest.keyClick(ideas, Qt.Key.Key_S)
    assert "b" * 12 in fixture.session.document.history.starred  # type: ignore[union-attr]
    QTest.keyClick(ideas, Qt.Key.Key_Return)
    assert fixture.session.node is not None
    assert fixture.session.node.id == "b" * 12
    assert (window.regions.stage.view, window.regions.options.views.current) == (
        "picture",
        "picture",
    )
    assert not ideas.isVisible()
    fixture.app.processEvents()
    assert not window.regions.map.tools.isVisible()
    assert window.regions.options.title.isVisible()


@pytest.mark.parametrize("action", ["view_wipe", "view_picture", "look_0", "escape"])
def test_other_views_leave_the_map(fixture: Fixture, action: str) -> None:
    fixture.do("view_map")
    fixture.do(action)
    wanted = "wipe" if action == "view_wipe" else "picture"
    assert fixture.window.regions.stage.view == wanted
    assert fixture.window.regions.options.views.current == wanted
    assert fixture.window.regions.stage.canvas.isVisible()


def test_zoom_keys_move_the_map_and_leave_the_canvas(fixture: Fixture) -> None:
    stage, plane = fixture.window.regions.stage, fixture.window.regions.map.ideas.plane
    fixture.window.scheduler.finish()
    wait_for(lambda: stage.canvas.zoom > 200)  # the picture came and was fitted
    fixture.do("zoom_100")  # chosen by hand: no later layout fits the picture again
    wait_for(lambda: stage.canvas.zoom == 100.0)  # it glides there
    before = stage.canvas.zoom
    fixture.do("view_map")
    fixture.do("zoom_200")
    assert plane.zoom == 2.0
    fixture.do("zoom_out")
    assert plane.zoom < 2.0
    fixture.do("zoom_fit")
    assert plane.fitted
    assert stage.canvas.zoom == before


def test_comparing_from_the_map_shows_both(fixture: Fixture) -> None:
    fixture.do("view_map")
    fixture.window.regions.map.ideas.show_idea("a" * 12)
    QTest.keyClick(fixture.window.regions.map.ideas, Qt.Key.Key_C)
    assert fixture.window.regions.stage.view == "side"
    assert fixture.window.regions.options.views.current == "side"


def test_search_opens_the_map_and_escape_goes_step_by_step(fixture: Fixture) -> None:
    window = fixture.window
    fixture.do("history_search")
    tools = window.regions.map.tools
    assert window.regions.stage.view == "map"
    tools.search.setText("label")
    assert tools.count.text == "3 of 4 ideas"
    QTest.keyClick(tools.search, Qt.Key.Key_Return)
    first = window.regions.map.ideas.current_id
    QTest.keyClick(tools.search, Qt.Key.Key_Return)
    assert window.regions.map.ideas.current_id != first
    QTest.keyClick(tools.search, Qt.Key.Key_Escape)
    assert (tools.words, window.regions.stage.view) == ("", "map")
    fixture.do("escape")
    assert window.regions.stage.view == "picture"


def test_sheets_fan_out_with_reasons_and_can_be_looked_at(fixture: Fixture) -> None:
    window, session = fixture.window, fixture.session
    fixture.do("view_map")
    window.regions.map.ideas.show_idea("a" * 12)
    QTest.keyClick(window.regions.map.ideas, Qt.Key.Key_Space)
    shown = window.regions.map.sheets.cards_shown
    assert shown is not None
    keys = [c.key for c in reversed(fixture.candidates[1:])]
    assert [c.id for c in shown.cards.cards] == keys
    assert [c.reason for c in shown.cards.cards] == ["Reason 1", "Reason 2"]
    fixture.wait(lambda: all(c.thumbnail is not None for c in shown.cards.cards))
    fixture.do("escape")  # one step: only what was fanned out
    assert not window.regions.map.dismiss()  # nothing is fanned out any more
    assert window.regions.stage.view == "map"
    QTest.keyClick(window.regions.map.ideas, Qt.Key.Key_Space)
    shown = window.regions.map.sheets.cards_shown
    assert shown is not None
    QTest.keyClick(shown, Qt.Key.Key_2)
    assert session.view.looked_at == keys[1]
    assert session.node is not None
    assert session.node.id == "a" * 12
    assert window.regions.stage.view == "picture"


def test_without_a_document_there_is_no_map(fixture: Fixture) -> None:
    fixture.do("view_map")
    fixture.session.set_document(None)
    fixture.app.processEvents()
    assert fixture.window.regions.stage.view == "picture"
    fixture.do("view_map")
    assert fixture.window.regions.stage.view == "picture"
    assert fixture.window.regions.options.views.current == "picture"


def test_runs_of_which_nothing_was_kept_are_on_the_map(fixture: Fixture) -> None:
    """An edit that was tried and left is found under the idea it started from."""
    session, panel = fixture.session, fixture.window.regions.map
    assert session.document is not None
    tried = candidate(fixture.picture.image.pixel_digest, 7)
    session.document.add_candidate("later", fixture.root, tried, None)
    fixture.do("view_map")
    assert {i.id: i.sheets for i in panel.ideas.ideas.ideas}[fixture.root] == 1
    panel.ideas.ask_sheets(fixture.root)
    shown = panel.sheets.cards_shown
    assert shown is not None
    assert [row.text for row in shown.cards.rows if isinstance(row, CardHeader)] == ["lighter"]
    assert [card.id for card in shown.cards.cards] == [tried.key]
    QTest.keyClick(shown, Qt.Key.Key_Return)
    assert session.view.looked_at == tried.key
    assert session.node is not None
    assert session.node.id == fixture.root
    assert fixture.window.regions.stage.view == "picture"
