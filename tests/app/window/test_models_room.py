"""The models in the window: proposed for a need, installed by a click, used at once, removed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.panels.settings.lora_bases import BASES
from app.panels.settings.models_section import ModelsSection
from app.runtime import paths
from app.widgets.basics.buttons import PushButton
from app.widgets.models.lora_row import LoraRow
from app.widgets.models.model_card import ModelCard
from app.widgets.models.model_row import ModelRow
from app.widgets.prompt.prompt_box import PromptBox
from app.window.window_shell import WindowShell
from inference.models.catalogue import reader
from inference.models.downloads import package_source
from inference.models.downloads.child_process import run_step
from inference.request import jobs
from inference.request.device_info import DeviceInfo
from tests.app.window.window_cases import WindowFixture
from tests.inference.models.downloads.wheels import entry_of, make_wheel, only_from
from tests.inference.models.small_files import safetensors
from tests.waiting import settle

CPU = DeviceInfo("cpu", "CPU", frozenset(), 16_000_000_000)


class Room(WindowFixture):
    """A window with a catalogue of one model; `hold` keeps its download at the first byte."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.hold = False
        weights = safetensors(folder / "w.safetensors", {"w": (4,)}).read_bytes()
        files = {
            "some_weights/model/model.safetensors": weights,
            "some_weights/model/config.json": b'{"architectures": ["GPT2LMHeadModel"]}',
        }
        entry = entry_of(make_wheel(folder / "index", files), files, family="causal-language")
        only_from(monkeypatch, folder / "index")
        monkeypatch.setattr(reader, "catalogue", lambda: {entry.id: entry})
        monkeypatch.setattr(package_source, "run_step", self._run_step)
        super().__init__(folder)
        self.resize(1440, 900)
        self.show()
        self.engine.job_event.emit(jobs.EngineReady("CPU", "1", 1, device_info=CPU))

    def _run_step(
        self, name: str, values: Any, check: Callable[[], None], on_bytes: Any, *more: Any
    ) -> Any:
        while self.hold:
            on_bytes(1_200_000, 2_100_000)
            check()
        return run_step(name, values, check, on_bytes, *more)

    @property
    def section(self) -> ModelsSection:
        found = self.window.findChild(ModelsSection)
        assert found is not None
        return found

    def open(self, action: str) -> None:
        self.window._message_actions.trigger(action)
        self.wait(lambda: bool(self.cards))
        settle()  # the cards have their places

    @property
    def cards(self) -> dict[str, ModelCard]:
        return {
            card.objectName(): card
            for card in self.section.findChildren(ModelCard)
            if card.isVisible()
        }

    @property
    def rows(self) -> dict[str, ModelRow]:
        return {
            row.accessibleName(): row
            for row in self.section.findChildren(ModelRow)
            if row.isVisible()
        }

    @property
    def gold(self) -> list[PushButton]:
        """The gold buttons that are seen in the room."""
        buttons = self.section.findChildren(PushButton)
        return [one for one in buttons if one.kind == "gold" and one.isVisible()]

    def click(self, action: str, card: str = "card-some-model") -> None:
        button = self.cards[card].foot.buttons[action]
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def note(self, card: str = "card-some-model") -> str:
        return self.cards[card].note.words.accessibleName()


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> Iterator[Room]:
    monkeypatch.setenv("PENTIMENTO_HOME", str(tmp_path))  # whose settings the window has
    monkeypatch.setenv("PENTIMENTO_MODELS", str(tmp_path / "none"))
    made = Room(tmp_path, monkeypatch)
    yield made
    made.close()


def test_what_fits_is_known_though_the_engine_has_loaded_nothing(room: Room) -> None:
    room.session.engine_facts = jobs.EngineReady("CPU", "1", 1)
    room.open("show_models")
    assert room.note() == "Checking whether it fits"
    assert room.engine.devices_asked == 1
    room.engine.job_event.emit(jobs.EngineReady("CPU", "1", 1, device_info=CPU))
    room.wait(lambda: room.note() == "Fits this computer")
    room.engine.job_event.emit(jobs.EngineReady("CPU", "1", 2))  # it was started again
    settle()
    assert room.note() == "Fits this computer"


def test_a_model_is_proposed_fetched_after_a_question_used_at_once_and_removed(
    room: Room,
) -> None:
    room.open("show_models:upscaler")
    top = room.cards["card-proposed"]
    assert top.headline.accessibleName() == "To draw pictures larger"
    assert room.section.computer.accessibleName().startswith(
        "This computer: no graphics card in use, "
    )
    assert room.note() == "Fits this computer"
    room.hold = True
    room.click("install")
    assert room.note() == "Fetching needs the internet. Pictures and words stay here."
    assert room.note("card-proposed") == room.note()
    assert len(room.gold) == 1  # one in the whole window
    room.click("cancel")
    assert room.note() == "Fits this computer"
    room.click("install")
    room.click("fetch")
    room.wait(lambda: room.note() == "1 of 2 MB")
    status = room.parts.status.offline
    assert status.text.startswith("Fetching Some Model, 1 of 2 MB")
    room.click("pause")
    assert room.note() == "Paused. Resume starts from the beginning"
    assert status.text == "Offline. Nothing leaves this computer."
    room.hold = False
    room.click("install")  # it has been asked once: not again
    room.wait(lambda: "Language model, Some Model" in room.rows)
    row = room.rows["Language model, Some Model"]
    assert row.text.accessibleName() == "Ready. Writes suggestions."
    assert "card-some-model" not in room.cards
    assert room.engine.searched[-1] == (paths.own_models(),)
    room.wait(lambda: bool(room.session.model_choices._found.offered))

    menu = row.build_menu()
    assert [entry.text() for entry in menu.actions()][-1].startswith("Remove (frees ")
    menu.actions()[-1].trigger()
    menu.deleteLater()
    room.wait(lambda: "card-some-model" in room.cards)
    assert room.rows == {}
    assert not (paths.own_models() / "some-model").exists()


def test_what_a_full_disk_stopped_is_installed_into_another_folder(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drive, usage = tmp_path / "drive", shutil.disk_usage

    def full_but_on_the_drive(folder: Path) -> object:
        return usage(folder) if Path(folder).is_relative_to(drive) else SimpleNamespace(free=0)

    monkeypatch.setattr(shutil, "disk_usage", full_but_on_the_drive)
    monkeypatch.setattr(WindowShell, "ask_folder", lambda *_: drive)
    room.settings.set("fetching_allowed", True)
    room.open("show_models")
    room.click("install")
    room.wait(lambda: room.note().endswith("0 kB are free."))
    drive.mkdir()
    room.click("elsewhere")
    room.wait(lambda: "Language model, Some Model" in room.rows)
    assert (drive / "some-model" / "model.safetensors").is_file()
    assert room.engine.searched[-1] == (drive,)
    assert room.section.computer.accessibleName().endswith("Models are installed in “drive”.")
    room.rows["Language model, Some Model"].asked.emit("remove")
    room.wait(lambda: "card-some-model" in room.cards)
    assert not (drive / "some-model").exists()
    room.window.models.library.forget_folder(drive)
    room.wait(lambda: not room.section.computer.accessibleName().endswith("“drive”."))


def test_a_folder_that_is_dropped_is_used_where_it_lies(room: Room, tmp_path: Path) -> None:
    room.open("show_models")
    assert "card-proposed" not in room.cards  # nothing of this catalogue is for photographs
    gpt = tmp_path / "drive" / "my-gpt"
    gpt.mkdir(parents=True)
    (gpt / "config.json").write_text('{"architectures": ["GPT2LMHeadModel"]}')
    safetensors(gpt / "model.safetensors", {"w": (4,)})
    (tmp_path / "drive" / "old.ckpt").write_bytes(b"pickle")
    lora = "unet.down_blocks.0.attentions.0.to_q.lora_A.weight"
    words = {"modelspec.trigger_phrase": "gouache style"}
    safetensors(tmp_path / "drive" / "gouache.safetensors", {lora: (4, 8)}, metadata=words)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "drive"))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier
    room.section.dropEvent(QDropEvent(QPoint(5, 5), copy, data, left, none.NoModifier))
    room.wait(lambda: "Language model, my-gpt" in room.rows)
    row = room.rows["Language model, my-gpt"]
    assert row.text.accessibleName() == "Writes suggestions. Used where it lies."
    assert "can run code" in room.rows["old.ckpt"].text.accessibleName()
    (style,) = room.section.findChildren(LoraRow)
    assert style.figure.text == "off"
    style.switch.click()
    style.slider.setValue(16)
    assert dict(room.session.method_settings.value("sdedit", "lora")) == {
        str(tmp_path / "drive" / "gouache.safetensors"): 0.8
    }
    style.switch.click()
    assert not room.session.method_settings.is_changed("sdedit")
    (box,) = room.window.findChildren(PromptBox)
    box.set_text("a boat")
    for _ in range(2):
        style.links[0].click()
    assert box.text == "a boat, gouache style"


def test_what_a_lora_was_made_for_is_installed_from_its_row(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(BASES, "Stable Diffusion XL", (("stable-diffusion-xl",), "some-model"))
    layer = "unet.down_blocks.0.attentions.0.attn2.to_k.lora_A.weight"
    paths.own_models().mkdir(parents=True)
    safetensors(paths.own_models() / "gouache.safetensors", {layer: (4, 2048)})
    room.open("show_models")
    (style,) = room.section.findChildren(LoraRow)
    words = [one.accessibleName() for one in style.findChildren(QWidget)]
    assert "Made for Stable Diffusion XL, which is not here." in words
    assert style.install.text() == "Install Some Model"
    QTest.mouseClick(style.install, Qt.MouseButton.LeftButton)
    assert room.note() == "Fetching needs the internet. Pictures and words stay here."
    assert room.cards["card-some-model"].foot.buttons["fetch"].hasFocus()


def test_the_licence_is_shown_before_anything_is_fetched(room: Room) -> None:
    room.open("show_models")
    card = room.cards["card-some-model"]
    assert card.licence.text() == "May be used"
    QTest.mouseClick(card.licence, Qt.MouseButton.LeftButton)
    texts = [one.accessibleName() for one in room.window.findChildren(QWidget)]
    assert "Some Model: a test, on 2026-11-30." in texts
    assert room.window.models.library.downloads.running == ()


def test_closing_the_window_pauses_what_is_fetched(room: Room) -> None:
    room.settings.set("fetching_allowed", True)
    room.open("show_models")
    room.hold = True
    room.click("install")
    room.wait(lambda: room.note() == "1 of 2 MB")
    room.window.close()
    assert not (paths.own_models() / "some-model").exists()
