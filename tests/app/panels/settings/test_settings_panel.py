from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.panels.settings.models_section import ModelFact, ModelFacts, ModelsSection
from app.panels.settings.settings_panel import SettingsPanel

# The offscreen platform says this of every window that is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

MODELS = tuple(ModelFact(role, role, 98_000_000, starter=True) for role in ("clip", "captioner"))


def models_section() -> ModelsSection:
    section = ModelsSection("models", lambda: None)
    section.show_facts(ModelFacts(MODELS, {"instruct_pix2pix": ("a model",)}, ()))
    return section


def test_a_section_asks_for_no_more_room_than_its_words_take(qtbot: QtBot) -> None:
    panel = SettingsPanel({"models": models_section})
    qtbot.addWidget(panel)
    panel.show_section("models")
    panel.resize(1440, 820)
    with qtbot.waitExposed(panel):
        panel.show()
    body = panel._body
    qtbot.waitUntil(lambda: body.minimumSizeHint().height() <= body.heightForWidth(body.width()))
