"""Each controller with a real session and a shell that only notes what it is asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QPlainTextEdit

from app.panels.pages.amount_page import AmountPage
from app.panels.pages.text_page import TextPage
from app.panels.settings.shortcuts_section import KeyRow
from app.runtime.settings import Settings
from app.session import open_document as opening
from app.session.caption_draft import CaptionDraft
from app.session.changes import MessageKind, StatusMessage
from app.session.chosen_methods import ChosenMethods
from app.session.recent_list import RecentList
from app.session.word_attention import WordAttention
from app.session.words_of_edit import WordsOfEdit
from app.theme.theme import look
from app.window.action_set import ActionSet
from app.window.controllers.clipboard import ClipboardController
from app.window.controllers.edit import EditController
from app.window.controllers.file import FileController
from app.window.controllers.help import HelpController
from app.window.controllers.history import HistoryController
from app.window.controllers.preferences import key_sections
from app.window.controllers.selection import SelectionController
from app.window.controllers.view import ViewController
from app.window.message_actions import MessageActions
from app.window.shell import Shell
from app.window.window_view import WindowView
from editor.messages import verbatim
from editor.storage.document import Document
from inference.request import jobs
from tests.app.session_cases import Fixture
from tests.app.window.controllers.shell_cases import FakeShell


@pytest.fixture
def f(tmp_path: Path, qapp: QApplication) -> Iterator[Fixture]:
    fixture = Fixture(tmp_path, qapp)
    yield fixture
    fixture.session.close()
    fixture.work.close()


@pytest.fixture
def shell() -> FakeShell:
    return FakeShell()


def edit_controller(f: Fixture, shell: FakeShell) -> EditController:
    session = f.session
    words = WordsOfEdit(
        CaptionDraft(
            session.live_preview,
            session.binding,
            session.current_results,
            session.view,
            session.suggestion_feed,
            lambda: "",
        ),
        ChosenMethods(f.settings),
        WordAttention(session.engine, session.binding, session.model_choices),
    )
    return EditController(session, shell, lambda: shell.calls.append(("keep new",)), words)


# --- edit -----------------------------------------------------------------------------------------


def test_the_fake_is_a_shell(shell: FakeShell) -> None:
    typed: Shell = shell  # mypy checks this line
    assert typed is shell


def test_the_last_words_are_repainted_by_the_method_that_can(
    f: Fixture, shell: FakeShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = edit_controller(f, shell)
    f.session.edit.run("make it night")
    refused = f.engine.job
    f.engine.job_event.emit(
        jobs.JobFailed(refused.id, "outside_models", verbatim("None knows it."), None)
    )
    message = f.session.messages.current
    assert message is not None
    assert (message.action, message.second_action) == ("repaint_anyway", "show_models:repaint")
    controller.repaint_anyway()
    assert f.engine.job is refused  # nothing here repaints
    monkeypatch.setattr(type(f.session.model_choices), "repainting", "instruct_pix2pix")
    controller.repaint_anyway()
    assert f.engine.job.methods == ("instruct_pix2pix",)
    assert f.engine.job.instructions[0].text == "make it night"
    assert shell.calls == [("prompt", "make it night")]


def test_crop_is_said_and_run(f: Fixture, shell: FakeShell) -> None:
    edit_controller(f, shell).say_and_run("crop to square")
    assert shell.calls == [("prompt", "crop to square"), ("run",)]


def test_keep_takes_the_last_dabs_along(f: Fixture, shell: FakeShell) -> None:
    f.run()
    f.session.view.look_at_number(1)
    edit_controller(f, shell).keep()
    assert shell.calls == [("finish stroke",)]
    assert len(f.document.history.nodes) == 2


def test_a_number_looks_at_a_result_and_delete_dims_it(f: Fixture, shell: FakeShell) -> None:
    f.run()
    edit = edit_controller(f, shell)
    edit.choose(2)
    results = f.session.results
    assert results is not None
    second = results.ordered[1].key
    assert f.session.view.looked_at == second
    edit.set_aside()
    results = f.session.results
    assert results is not None
    assert results.set_aside == {second}


def test_painting_in_needs_a_result_and_ends_when_asked_again(f: Fixture, shell: FakeShell) -> None:
    edit = edit_controller(f, shell)
    edit.paint_in()
    message = f.session.messages.current
    assert message is not None
    assert message.text == "Look at a result first, then paint another one into it."
    f.run()
    edit.choose(1)
    edit.paint_in()
    assert f.session.view.paint_key is not None
    edit.paint_in()
    assert f.session.view.paint_key is None


# --- selection ------------------------------------------------------------------------------------


def test_select_all_none_again_and_inverted(f: Fixture, shell: FakeShell) -> None:
    selection, view = SelectionController(f.session, shell), f.session.view
    selection.select_all()
    f.wait(lambda: view.selection is not None)
    everything = view.selection
    assert everything is not None
    assert everything.array().min() == 255
    selection.select_none()
    assert view.selection is None
    selection.select_again()
    assert view.selection is everything
    selection.select_invert()
    f.wait(lambda: view.selection is not everything)
    assert view.selection is not None
    assert view.selection.is_empty


def test_feathering_needs_a_selection_and_asks_for_a_width(f: Fixture, shell: FakeShell) -> None:
    selection, view = SelectionController(f.session, shell), f.session.view
    selection.feather()
    message = f.session.messages.current
    assert message is not None
    assert message.action == "tool_lasso"
    selection.select_all()
    f.wait(lambda: view.selection is not None)
    everything = view.selection
    selection.feather()
    assert isinstance(shell.page, AmountPage)
    shell.page.slider.setValue(8)
    apply = shell.page.findChild(QAbstractButton, "page-save")
    assert apply is not None
    apply.click()
    assert shell.calls[-1] == ("close page",)
    f.wait(lambda: view.selection is not everything)


# --- history --------------------------------------------------------------------------------------


def save(page: TextPage) -> None:
    button = page.findChild(QAbstractButton, "page-save")
    assert button is not None
    button.click()


def test_an_idea_is_named_and_noted_on_a_page(f: Fixture, shell: FakeShell) -> None:
    history = HistoryController(f.session, shell)
    node = f.document.history.current.id
    history.rename_current()
    assert isinstance(shell.page, TextPage)
    assert isinstance(shell.page.edit, QLineEdit)
    shell.page.edit.setText("  The first  ")
    save(shell.page)
    assert f.document.history.label(node) == "The first"
    history.note_current()
    assert isinstance(shell.page, TextPage)
    assert isinstance(shell.page.edit, QPlainTextEdit)
    shell.page.edit.setPlainText("for print")
    save(shell.page)
    assert f.document.history.notes[node] == "for print"
    assert shell.calls == [
        ("page", "rename", "Name this idea"), ("close page",), ("page", "note", "Note"),
        ("close page",),
    ]  # fmt: skip
    history.star_current()
    assert node in f.document.history.starred


def test_siblings_are_walked_and_the_walk_ends_at_the_last(f: Fixture, shell: FakeShell) -> None:
    f.run()
    history, tree = HistoryController(f.session, shell), f.document
    root = tree.history.current.id
    for number in (1, 2):
        f.session.go(root)
        f.session.view.look_at_number(number)
        edit_controller(f, shell).keep()
    first, second = tree.history.children(root)
    assert tree.history.current.id == second
    history.go_to_sibling(-1)
    assert tree.history.current.id == first
    history.go_to_sibling(-1)
    assert tree.history.current.id == first
    history.go_to_sibling(1)
    assert tree.history.current.id == second


# --- file and clipboard ---------------------------------------------------------------------------


def recent_list(f: Fixture, folder: Path) -> RecentList:
    return RecentList(f.work, folder / "recent", folder / "untitled")


def file_controller(f: Fixture, shell: FakeShell, folder: Path) -> FileController:
    settings = Settings(folder / "settings.json")
    return FileController(f.session, shell, settings, recent_list(f, folder))


def test_a_picture_is_opened_and_announced(f: Fixture, shell: FakeShell, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.json")
    opened: list[Document] = []
    files = FileController(f.session, shell, settings, recent_list(f, tmp_path))
    files.opened.connect(opened.append)
    files.open_sample(0)
    f.wait(lambda: f.session.document is not f.document)
    assert opened == [f.session.document]
    assert settings["last_document"] == str(opened[0].path)
    files.close_document()
    assert (f.session.document, settings["last_document"]) == (None, "")


def test_open_starts_among_the_artists_pictures(
    f: Fixture, shell: FakeShell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also after a sample, which lies in the program's own folder."""
    pictures, elsewhere = tmp_path / "Pictures", tmp_path / "elsewhere"
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda kind: str(pictures))
    for folder in (pictures, elsewhere):
        folder.mkdir()
    files = file_controller(f, shell, tmp_path)
    shell.answers = [None, None]
    sample = opening.samples()[0].file
    monkeypatch.chdir(sample.parent)
    files.open_path(Path(sample.name))  # as a shell hands it over
    f.wait(lambda: f.session.document is not f.document)
    files.open()
    assert shell.calls[-1][2] == str(pictures)
    assert files.folder() == str(pictures)
    file = elsewhere / "mine.png"
    file.write_bytes(opening.samples()[0].file.read_bytes())
    before = f.session.document
    files.open_path(file)
    f.wait(lambda: f.session.document is not before)
    files.open()
    assert shell.calls[-1][2] == str(elsewhere)


def test_cancelled_choosers_do_nothing(f: Fixture, shell: FakeShell, tmp_path: Path) -> None:
    files = file_controller(f, shell, tmp_path)
    shell.answers = [None, None, None]
    files.open()
    files.name_document()
    files.save_copy()
    assert [call[0] for call in shell.calls] == ["open file", "save file", "save file"]
    assert shell.calls[1][2:] == ("ramp.pentimento", "*.pentimento")
    assert f.session.document is f.document
    assert f.document.is_untitled


def test_a_name_without_an_ending_gets_one(f: Fixture, shell: FakeShell, tmp_path: Path) -> None:
    files = file_controller(f, shell, tmp_path)
    shell.answers = [tmp_path / "named"]
    files.name_document()
    f.wait(lambda: f.session.messages.current is not None)
    assert f.document.path == tmp_path / "named.pentimento"
    assert f.session.messages.current == StatusMessage(
        MessageKind.NOTICE, "Saved as named.pentimento.", seconds=5
    )


def test_new_from_words_empties_the_window(f: Fixture, shell: FakeShell, tmp_path: Path) -> None:
    file_controller(f, shell, tmp_path).new_from_words()
    assert f.session.document is None
    assert shell.calls == [("workspace",), ("prompt", ""), ("focus prompt",)]


def test_the_recipe_is_copied(f: Fixture, shell: FakeShell, tmp_path: Path) -> None:
    files = file_controller(f, shell, tmp_path)
    clipboard = ClipboardController(f.session, shell, files, lambda path: None)
    f.run()
    f.session.view.look_at_number(1)
    clipboard.copy_request()
    look_ = f.session.view.look
    assert look_ is not None
    assert f'"method": "{look_.first.request.method}"' in QGuiApplication.clipboard().text()
    clipboard.copy_seed()
    assert QGuiApplication.clipboard().text() == str(look_.first.request.seed)


# --- view, help, messages -------------------------------------------------------------------------


def test_the_theme_is_remembered(f: Fixture, shell: FakeShell, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.json")
    view = ViewController(f.session, shell, settings)
    for name in ("high-contrast", "light", "dark"):
        view.set_theme(name)
        assert (settings["theme"], look().tokens.name) == (name, name)


def test_why_needs_an_order(f: Fixture, shell: FakeShell, tmp_path: Path) -> None:
    view = ViewController(f.session, shell, Settings(tmp_path / "settings.json"))
    view.why()
    assert shell.calls == []
    f.run()
    view.why()
    assert [call[:2] for call in shell.calls] == [("popover", "Why this order")]


def test_showing_methods_is_said_and_remembered(
    f: Fixture, shell: FakeShell, tmp_path: Path
) -> None:
    settings = Settings(tmp_path / "settings.json")
    shown: list[bool] = []
    view = ViewController(f.session, shell, settings)
    view.methods_shown.connect(shown.append)
    view.show_methods(True)
    assert (shown, settings["show_methods"]) == ([True], True)


def test_help_pages(f: Fixture, shell: FakeShell) -> None:
    help_ = HelpController(shell)
    help_.show_keys()
    help_.show_words()
    help_.show_about()
    help_.show_models()
    assert [call[1] for call in shell.calls] == ["shortcuts", "words", "about", "models"]


def test_every_shortcut_is_listed_once() -> None:
    sections = key_sections()
    rows = [row for section in sections for row in section.rows]
    assert [s.title for s in sections][:2] == ["File", "Edit"]
    assert KeyRow("", "Look at a result", ("1 – 9",)) in rows
    assert len(rows) == len(set(rows))


def test_message_buttons_do_actions_or_things_of_their_own(f: Fixture) -> None:
    done: list[str] = []
    needs: list[str] = []
    owner = QLineEdit()  # a widget that lives as long as the test
    actions = ActionSet(owner, WindowView, f.settings)
    actions.bind({name: lambda *_, n=name: done.append(n) for name in actions})
    buttons = MessageActions(
        f.session, actions, {"open_rest": lambda: done.append("rest")}, done.append, needs.append
    )
    for name in ("paste", "open_rest", "retry:further", "of a later version", "show_models:clip"):
        buttons.trigger(name)
    assert (done, needs) == (["paste", "rest", "further"], ["clip"])
    f.session.messages.say(StatusMessage(MessageKind.ERROR, "no", details="Traceback"))
    buttons.trigger("copy_details")
    assert QGuiApplication.clipboard().text() == "Traceback"
