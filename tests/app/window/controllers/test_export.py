"""Exporting with a real session: what is written, what is said, and nothing overwritten unasked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from PySide6.QtWidgets import QApplication

from app.panels.pages.export_choice import ExportChoice
from app.panels.pages.export_page import ExportPage
from app.session.changes import Changes, MessageKind
from app.window.controllers.export import ExportController
from app.window.controllers.shown_picture import shown_picture
from editor.model.image import Image
from editor.model.picture import Picture
from editor.storage.document import Document
from tests.app.session_cases import Fixture
from tests.app.window.controllers.shell_cases import FakeShell

# The offscreen platform says this of every window that is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def f(tmp_path: Path, qapp: QApplication) -> Iterator[Fixture]:
    fixture = Fixture(tmp_path, qapp)
    yield fixture
    fixture.session.close()
    fixture.work.close()


@pytest.fixture
def shell() -> FakeShell:
    return FakeShell()


@pytest.fixture
def export(f: Fixture, shell: FakeShell, tmp_path: Path) -> ExportController:
    return ExportController(f.session, shell, lambda: str(tmp_path / "out"), f.settings)


def opened(export: ExportController, shell: FakeShell, tmp_path: Path) -> ExportPage:
    (tmp_path / "out").mkdir(exist_ok=True)
    export.open()
    assert isinstance(shell.page, ExportPage)
    return shell.page


def test_the_page_says_how_large_the_file_will_be(
    f: Fixture, shell: FakeShell, export: ExportController, tmp_path: Path
) -> None:
    page = opened(export, shell, tmp_path)
    assert page.file_size.text == "Measuring"
    f.wait(lambda: page.file_size.text != "Measuring")
    assert page.file_size.text.endswith("kB")
    page.format.chosen.emit("jpeg")
    assert page.file_size.text == "Measuring"
    f.wait(lambda: page.file_size.text != "Measuring")
    assert list((tmp_path / "out").iterdir()) == [], "nothing is written before Export"


def test_the_file_is_shown_beside_the_picture(
    f: Fixture, shell: FakeShell, export: ExportController, tmp_path: Path
) -> None:
    page = opened(export, shell, tmp_path)
    page.show()
    page.show_choice(replace(page.choice, format="jpeg", quality=40, long_side=20))
    page.preview.click()
    f.wait(lambda: shell.exported is not None)
    shown = shell.exported
    assert shown is not None
    assert (shown.format, shown.original.width, shown.encoded.width) == ("JPEG", 20, 20)
    assert not shown.encoded.equals(shown.original), "what the encoder loses is seen"
    page.export_asked.emit()
    target = page.target
    f.wait(lambda: f.session.messages.current is not None)
    assert target.stat().st_size == shown.size
    page.hide()
    assert shell.exported is None


def test_what_was_chosen_is_written_and_said(
    f: Fixture, shell: FakeShell, export: ExportController, tmp_path: Path
) -> None:
    page = opened(export, shell, tmp_path)
    page.show_choice(replace(page.choice, format="jpeg", quality=80, long_side=20))
    target = page.target
    page.export_asked.emit()
    f.wait(lambda: f.session.messages.current is not None)
    message = f.session.messages.current
    assert message is not None
    assert message.text.startswith(f"Saved {target.name}, ")
    assert (message.action, message.second_action) == ("show_exported", "copy")
    assert ("close page",) in shell.calls
    with Pillow.open(target) as written:
        assert (written.format, max(written.size)) == ("JPEG", 20)


def test_a_file_that_is_there_is_replaced_only_when_asked_for(
    f: Fixture, shell: FakeShell, export: ExportController, tmp_path: Path
) -> None:
    page = opened(export, shell, tmp_path)
    page.target.write_bytes(b"mine")
    page.export_asked.emit()
    assert page.go.text() == "Replace"
    assert page.target.read_bytes() == b"mine"
    page.words.click()
    assert page.go.text() == "Replace", "the file is still there"
    name = page.target.stem
    page.name.setText("other")
    page.name.textEdited.emit("other")
    page.name.textEdited.emit(name)
    page.export_asked.emit()
    assert page.target.read_bytes() == b"mine", "asked anew after another name"
    page.export_asked.emit()
    page.export_asked.emit()  # it is being written already
    f.wait(lambda: f.session.messages.current is not None)
    assert page.target.read_bytes() != b"mine"


def test_the_page_asked_for_before_the_pixels_opens_with_them(
    f: Fixture, shell: FakeShell, export: ExportController, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "app.window.controllers.export.shown_picture"
    monkeypatch.setattr(name, lambda session: None)
    export.open()
    assert shell.page is None
    monkeypatch.setattr(name, shown_picture)
    f.session.changed.emit(Changes.PIXELS)
    assert isinstance(shell.page, ExportPage)


def test_the_file_the_picture_came_from_is_not_proposed(
    f: Fixture, shell: FakeShell, export: ExportController, tmp_path: Path
) -> None:
    picture = Picture.of(Image.from_array(np.zeros((20, 30, 3), np.uint8)))
    f.session.set_document(Document.create(picture, label="rose.png", state_dir=tmp_path))
    f.wait(lambda: f.session.image is not None)
    assert opened(export, shell, tmp_path).target.name == "rose.png", "nothing is there"
    (tmp_path / "out" / "rose.png").write_bytes(b"mine")
    assert opened(export, shell, tmp_path).target.name == "rose 2.png"
    page = opened(export, shell, tmp_path)
    page.format.chosen.emit("jpeg")
    page.name.textEdited.emit("rose.jpg")
    page.preset.chosen.emit("exact")
    assert page.choice.format == "png"
    assert page.target.name == "rose 2.png", "nor by another format"


def test_another_place_is_offered_where_this_one_does_not_do(
    f: Fixture, shell: FakeShell, export: ExportController, tmp_path: Path
) -> None:
    page = opened(export, shell, tmp_path)
    page.set_target(tmp_path / "nowhere" / "a.png")
    page.export_asked.emit()
    f.wait(lambda: f.session.messages.current is not None)
    message = f.session.messages.current
    assert message is not None
    assert (message.kind, message.action) == (MessageKind.ERROR, "export_elsewhere")
    assert "nowhere" in message.text
    assert ("close page",) not in shell.calls, "the choices stay"
    shell.answers = [tmp_path / "out" / "b.png"]
    export.choose_elsewhere()
    page.export_asked.emit()
    f.wait((tmp_path / "out" / "b.png").exists)


def test_a_file_ends_as_its_format_does(
    shell: FakeShell, export: ExportController, tmp_path: Path
) -> None:
    page = opened(export, shell, tmp_path)
    taken = tmp_path / "out" / "a.gif.png"
    taken.write_bytes(b"mine")
    shell.answers = [tmp_path / "out" / "a.gif"]
    export.choose_elsewhere()
    assert page.target == taken
    page.export_asked.emit()
    assert page.go.text() == "Replace", "the chooser asked about another file"
    assert taken.read_bytes() == b"mine"


def test_a_result_is_saved_beside_an_open_page(
    f: Fixture, shell: FakeShell, export: ExportController, tmp_path: Path
) -> None:
    f.session.edit.run("brighter")
    f.engine.prepare(0.5)
    f.engine.edit()
    opened(export, shell, tmp_path)
    shell.answers = [tmp_path / "out" / "a.gif", tmp_path / "out" / "a.webp"]
    export.save_result()
    message = f.session.messages.current
    assert message is not None
    assert (message.kind, message.action) == (MessageKind.ERROR, "")
    assert list((tmp_path / "out").iterdir()) == []
    export.save_result()
    f.wait(lambda: f.session.messages.current is not message)
    with Pillow.open(tmp_path / "out" / "a.webp") as written:
        assert written.format == "WEBP"
    assert ("close page",) not in shell.calls


def test_choices_stay_for_the_next_time(
    shell: FakeShell, export: ExportController, tmp_path: Path
) -> None:
    page = opened(export, shell, tmp_path)
    page.format.chosen.emit("webp")
    assert opened(export, shell, tmp_path).choice.format == "webp"


def test_an_exact_copy_does_not_put_the_place_into_the_next_export(
    f: Fixture, shell: FakeShell, export: ExportController, tmp_path: Path
) -> None:
    for setting, default in (("camera", False), ("all", True)):
        f.settings.set("metadata", setting)
        page = opened(export, shell, tmp_path)
        assert page.choice.place == default
        page.preset.chosen.emit("exact")
        assert page.choice.place
    f.settings.set("metadata", "camera")
    assert not opened(export, shell, tmp_path).choice.place


def test_words_are_written_only_when_asked_for(
    f: Fixture, shell: FakeShell, export: ExportController, tmp_path: Path
) -> None:
    f.session.edit.run("brighter")
    f.engine.prepare(0.5)
    f.engine.edit()
    for words in (False, True):
        page = opened(export, shell, tmp_path)
        page.show_choice(ExportChoice("png", words=words))
        page.set_target(tmp_path / "out" / f"{words}.png")
        page.export_asked.emit()
        f.wait(page.target.exists)
    assert b"brighter" not in (tmp_path / "out" / "False.png").read_bytes()
    with Pillow.open(tmp_path / "out" / "True.png") as written:
        assert written.info["Description"] == "brighter"
