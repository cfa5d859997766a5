from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.panels.settings.models_section import ModelsSection
from app.panels.settings.settings_panel import SettingsPanel
from app.runtime.settings import Settings
from app.runtime.thread_pool import ThreadPool
from app.session.lora_choices import LoraChoices
from app.session.method_settings import MethodSettings
from app.session.model_choices import ModelChoices
from app.session.model_library import LibraryFacts, LibraryModel, ModelLibrary, ModelPlace
from inference.models.catalogue.reader import catalogue
from inference.request.device_info import DeviceInfo
from tests.app.session_cases import ScriptedEngine

# The offscreen platform says this of every window that is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

MODELS = tuple(
    LibraryModel(role, role, Path(role), 98_000_000, ModelPlace.STARTER)
    for role in ("clip", "captioner")
)
ENTRIES = {name: catalogue()[name] for name in ("dat-light-x2", "instruct-pix2pix")}


@pytest.fixture
def section(tmp_path: Path, qtbot: QtBot) -> Iterator[ModelsSection]:
    settings, work = Settings(tmp_path / "settings.json"), ThreadPool(1)
    library = ModelLibrary(ScriptedEngine(), work, settings)
    library.facts = LibraryFacts(ENTRIES, MODELS, free_bytes=9_000_000_000, memory=16_000_000_000)
    device = DeviceInfo("cpu", "CPU", frozenset(), 16_000_000_000)
    loras, choices = LoraChoices(MethodSettings(settings)), ModelChoices(work, settings)
    yield ModelsSection(library, settings, loras, choices, lambda: device)
    library.close()
    work.close()


def test_a_section_asks_for_no_more_room_than_its_words_take(
    section: ModelsSection, qtbot: QtBot
) -> None:
    panel = SettingsPanel({"models": lambda: section})
    qtbot.addWidget(panel)
    panel.show_section("models")
    panel.resize(1440, 820)
    with qtbot.waitExposed(panel):
        panel.show()
    body = panel._body
    qtbot.waitUntil(lambda: body.minimumSizeHint().height() <= body.heightForWidth(body.width()))
