from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from app.i18n.texts import tr
from app.panels.pages.words_page import WordsPage
from app.panels.settings import sections
from app.panels.settings.settings_panel import SettingsPanel
from app.panels.settings.shortcuts_section import KeyRow, KeySection, ShortcutsSection
from app.runtime.settings import Settings
from app.session.session import Session
from app.window.action_set import ActionSet
from app.window.actions import ACTIONS, MENUS
from app.window.controllers.models import ModelsController
from app.window.shortcuts import FIXED


class PreferencesController:
    """Makes the settings room, and gives each setting its effect at once."""

    def __init__(
        self,
        session: Session,
        settings: Settings,
        models: ModelsController,
        effects: Mapping[str, Callable[[Any], object]],
        actions: ActionSet,
    ) -> None:
        """Prepare.

        Args:
            session: for what it knows of the engine, and its worker threads.
            settings: where values are remembered.
            models: makes their section.
            effects: by name of a setting, what a new value does now; others are read when they
                are next needed.
            actions: of the window, and their keys.
        """
        self._session, self._settings, self._models = session, settings, models
        self._effects, self._actions = effects, actions
        self._act = actions.trigger

    def set(self, name: str, value: Any) -> None:
        """Remember a value and have it act."""
        self._settings.set(name, value)
        effect = self._effects.get(name)
        if effect is not None:
            effect(value)

    def make_panel(self) -> SettingsPanel:
        """The settings room; its sections are made when they are first shown."""
        settings = self._settings
        return SettingsPanel(
            {
                "general": lambda: sections.general(settings, self.set, self._act),
                "appearance": lambda: sections.appearance(settings, self.set),
                "performance": lambda: sections.PerformanceSection(
                    self._session, settings, self.set
                ),
                "models": self._models.make_section,
                "shortcuts": lambda: ShortcutsSection(key_sections(), self._actions.shortcuts),
                "words": _words,
                "privacy": lambda: sections.PrivacySection(settings, self.set, self._act),
            }
        )


def _words() -> QWidget:
    from editor.tone import known_words

    return WordsPage(tuple(known_words().items()))


def key_sections() -> tuple[KeySection, ...]:
    """Every action, by menu; the nine keys that look at a result as one row."""
    found = []
    for menu, title in (*MENUS, ("", tr("Tools and results"))):
        rows: list[KeyRow] = []
        for info in ACTIONS:
            if info.menu != menu:
                continue
            if info.id == "look_1":
                rows.append(KeyRow("", info.text, ("1 – 9",)))
            elif info.id == "look_0" or not info.id.startswith("look_"):
                rows.append(KeyRow("" if info.id in FIXED else info.id, info.text, info.keys))
        if rows:
            found.append(KeySection(title.replace("&", ""), tuple(rows)))
    return tuple(found)
