"""The actions table: what is offered, ticked and named in each state, and nothing beside it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

import app.window
from app.runtime.settings import Settings
from app.session.results import ResultsStage
from app.session.session_view import SessionView
from app.window.action_set import LONGEST_NAME, ActionSet
from app.window.actions import ACTIONS, BY_ID, MENUS, is_enabled
from app.window.why_not import why_not
from app.window.window_view import WindowView
from tests.app.window.window_cases import WindowFixture

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

OPEN = SessionView(has_document=True)
NO_SETTINGS = Settings(Path("no such file"))
RANKED = replace(OPEN, stage=ResultsStage.RANKED, finished=2)
CHOSEN = replace(RANKED, has_look=True)
NEEDS_DOCUMENT = {
    "caption",
    "export",
    "rotate_left",
    "select_background",
    "select_person",
    "select_subject",
    "upscale_2",
    "upscale_4",
    "rotate_right",
    "rotate_180",
    "flip_horizontal",
    "flip_vertical",
    "view_turn_left",
    "view_turn_right",
    "save_copy",
    "name_document",
    "copy",
    "select_all",
    "explore",
}
NEEDS_RESULT = {
    "keep", "strength", "set_aside", "save_result", "copy_seed", "copy_request", "paint_in",
    "refine", "view_all", "why",
}  # fmt: skip


def disabled(view: WindowView) -> set[str]:
    return {info.id for info in ACTIONS if not is_enabled(info, view)}


@pytest.mark.parametrize(
    ("session", "off"),
    [
        (SessionView(), NEEDS_DOCUMENT | NEEDS_RESULT | {"undo", "redo"}),
        (OPEN, NEEDS_RESULT | {"undo", "redo"}),
        (replace(OPEN, can_undo=True), NEEDS_RESULT | {"redo"}),
        (replace(OPEN, can_redo=True), NEEDS_RESULT | {"undo"}),
        (RANKED, NEEDS_RESULT - {"view_all", "why"} | {"undo", "redo"}),
        (CHOSEN, {"undo", "redo", "refine"}),
        (replace(CHOSEN, is_explored=True), {"undo", "redo"}),
        (replace(CHOSEN, finished=1), {"undo", "redo", "refine", "paint_in"}),
        (replace(CHOSEN, is_new_picture=True), {"undo", "redo", "refine", "paint_in"}),
        (
            replace(CHOSEN, stage=ResultsStage.RUNNING),
            NEEDS_RESULT - {"paint_in", "view_all"} | {"undo", "redo", "explore"},
        ),
    ],
)
def test_what_is_offered_in_each_state(session: SessionView, off: set[str]) -> None:
    assert disabled(WindowView(session=session)) == off | {"view_upright"}  # the view is not turned


STATES = [
    replace(base, stage=stage, finished=finished, has_look=look, is_new_picture=new)
    for base in (SessionView(), OPEN)
    for stage in (None, *ResultsStage)
    for finished in (0, 1, 2)
    for look in (False, True)
    for new in (False, True)
]


@pytest.mark.parametrize("hidden", [False, True])
def test_what_cannot_be_done_has_a_reason_that_is_not_its_name(hidden: bool) -> None:
    for session in STATES:
        view = WindowView(session=session, hides_picture=hidden)
        for info in ACTIONS:
            reason = why_not(info, view)
            assert bool(reason) is not is_enabled(info, view), info.id
            assert reason != info.text
            assert reason != "Not now", (info.id, session)


def test_two_pictures_side_by_side_cannot_be_faded() -> None:
    alone = WindowView(session=CHOSEN)
    assert disabled(replace(alone, compares_pair=True)) == disabled(alone) | {"strength"}


def test_exactly_one_of_a_group_is_ticked() -> None:
    for view in ("picture", "wipe", "side", "all", "changes", "map"):
        window = WindowView(view=view, tool="lasso", theme="light")
        ticked = {
            a.id for a in ACTIONS if a.exclusive and a.checked_when and a.checked_when(window)
        }
        assert ticked == {f"view_{view}", "tool_lasso", "theme_light"}


def test_ids_and_shortcuts_are_unique_and_readable() -> None:
    assert len(BY_ID) == len(ACTIONS)
    keys = [key for info in ACTIONS for key in info.keys]
    assert len(keys) == len(set(keys))
    assert all(QKeySequence(key).toString() for key in keys)
    assert {info.menu for info in ACTIONS} == {menu for menu, _ in MENUS} | {""}


def test_an_exclusive_action_can_be_ticked() -> None:
    assert not [info.id for info in ACTIONS if info.exclusive and info.checked_when is None]


# --- as Qt's actions ------------------------------------------------------------------------------


class Recorder:
    """Commands that note what they were called with."""

    def __init__(self) -> None:
        self.calls: list[tuple[object, ...]] = []
        self.table = {name: self._command(name) for name in BY_ID}

    def _command(self, name: str):  # type: ignore[no-untyped-def]
        return lambda *values: self.calls.append((name, *values))


@pytest.fixture
def owner(qapp: QApplication) -> Iterator[QWidget]:
    widget = QWidget()
    yield widget
    widget.deleteLater()


def test_only_an_action_with_a_tick_of_its_own_passes_it_on(owner: QWidget) -> None:
    state = WindowView(session=CHOSEN, shows_side=False)
    actions, recorder = ActionSet(owner, lambda: state, NO_SETTINGS), Recorder()
    actions.bind(recorder.table)
    for name in ("side_column", "view_map", "paste"):
        actions.trigger(name)
    assert recorder.calls == [("side_column", True), ("view_map",), ("paste",)]
    # The command changed nothing, so the ticks are as the state is, not as the click was.
    assert not actions["side_column"].isChecked()
    assert actions["view_picture"].isChecked()


def test_refreshing_does_nothing_but_show(owner: QWidget) -> None:
    states = [WindowView(), WindowView(session=CHOSEN, view="side", is_live=True, full_screen=True)]
    actions, recorder = ActionSet(owner, lambda: states[0], NO_SETTINGS), Recorder()
    actions.bind(recorder.table)
    actions.refresh()
    assert not actions["keep"].isEnabled()
    states.reverse()
    actions.refresh()
    assert actions["keep"].isEnabled()
    assert actions["view_side"].isChecked()
    assert actions["full_screen"].isChecked()
    assert recorder.calls == []


def test_undo_names_what_it_takes_back(owner: QWidget) -> None:
    long = "lift the shadows a little and hold the highlights"
    state = WindowView(session=replace(OPEN, can_undo=True), undo_label=long)
    actions = ActionSet(owner, lambda: state, NO_SETTINGS)
    actions.refresh()
    name = actions["undo"].text().removeprefix("Undo “").removesuffix("”")
    assert name.endswith("…")
    assert long.startswith(name.removesuffix("…"))
    assert len(name) <= LONGEST_NAME
    assert actions["redo"].text() == "Redo"


def test_every_action_needs_a_command_and_every_command_an_action(owner: QWidget) -> None:
    actions, recorder = ActionSet(owner, WindowView, NO_SETTINGS), Recorder()
    with pytest.raises(ValueError, match="'keep'"):
        actions.bind({name: f for name, f in recorder.table.items() if name != "keep"})
    with pytest.raises(ValueError, match="'unknown'"):
        actions.bind({**recorder.table, "unknown": print})


# --- in the window --------------------------------------------------------------------------------


def test_the_window_follows_the_table(tmp_path: Path, qapp: QApplication) -> None:
    fixture = WindowFixture(tmp_path, document=False)
    actions = fixture.window.action_set
    view = fixture.window.observer.view()
    assert {name for name in actions if not actions[name].isEnabled()} == disabled(view)
    assert not view.session.has_document
    assert view.hides_picture
    actions.trigger("new_from_words")  # at Home there is nothing that could be looked at
    assert not fixture.window.observer.view().hides_picture
    for name in ("view_wipe", "tool_lasso", "theme_light", "select_overlay"):
        actions.trigger(name)
        assert actions[name].isChecked()
    view = fixture.window.observer.view()
    assert (view.view, view.tool, view.theme) == ("wipe", "lasso", "light")
    assert view.shows_overlay
    actions.trigger("theme_dark")
    fixture.close()


def test_nothing_else_enables_or_ticks_an_action() -> None:
    """In the window's files only `ActionSet` calls what enables or ticks a QAction."""
    folder = Path(app.window.__file__).parent
    found = []
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            on_action = "action" in ast.unparse(node.func.value).lower()
            if node.func.attr in ("setEnabled", "setChecked", "setCheckable") and on_action:
                found.append(path.name)
    assert set(found) == {"action_set.py"}


def test_one_gold_button_at_a_time(tmp_path: Path, qapp: QApplication) -> None:
    """Run and Keep both answer Enter; the gold one is where it goes."""
    window = WindowFixture(tmp_path)
    window.show()
    foot, prompt = window.parts.results.foot, window.parts.prompt
    for words in ("warmer", "", "cooler"):
        prompt.box.set_text(words)
        prompt.refresh()
        assert prompt.box.run.kind == ("gold" if words else "quiet")
        assert foot.keep.kind == ("quiet" if words else "gold")
        assert prompt.box.run.key == ("Enter" if words else "")
    window.close()
