from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from app.i18n.messages import text_of
from app.i18n.texts import tr
from app.panels.pages.keys_page import KeySection, KeysPage
from app.panels.pages.words_page import WordsPage
from app.panels.settings import sections
from app.panels.settings.models_section import ModelFact, ModelFacts, ModelsSection
from app.panels.settings.settings_panel import SettingsPanel
from app.runtime import model_folders, paths
from app.runtime.settings import Settings
from app.runtime.thread_pool import Ticket
from app.session.session import Session
from app.window.actions import ACTIONS, MENUS


class PreferencesController:
    """Makes the settings room, and gives each setting its effect at once."""

    def __init__(
        self,
        session: Session,
        settings: Settings,
        effects: Mapping[str, Callable[[Any], object]],
        act: Callable[[str], None],
    ) -> None:
        """Prepare.

        Args:
            session: for what it knows of the engine, and its worker threads.
            settings: where values are remembered.
            effects: by name of a setting, what a new value does now; others are read when they
                are next needed.
            act: does an action of the window, by its id.
        """
        self._session, self._settings = session, settings
        self._effects, self._act = effects, act

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
                "models": self._models,
                "shortcuts": lambda: KeysPage(key_sections()),
                "words": _words,
                "privacy": lambda: sections.PrivacySection(settings, self.set, self._act),
            }
        )

    def _models(self) -> QWidget:
        """The section; folders are read off the UI thread."""
        folder = paths.own_models()
        section = ModelsSection(str(folder), lambda: _open_folder(folder))
        reading = self._session.work.run(
            find_models, section.show_facts, self._session.messages.fail
        )
        section.destroyed.connect(lambda *_: reading.cancel())
        return section


def _words() -> QWidget:
    from editor.tone import known_words

    return WordsPage(tuple(known_words().items()))


def _open_folder(folder: Path) -> None:
    """In the system's file manager; made where it is not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def key_sections() -> tuple[KeySection, ...]:
    """Every action with a shortcut, by menu; the nine keys that look at a result as one row."""
    found = []
    for menu, title in (*MENUS, ("", tr("Tools and results"))):
        rows: list[tuple[str, tuple[str, ...]]] = []
        for info in ACTIONS:
            if info.menu != menu or not info.keys:
                continue
            if info.id == "look_1":
                rows.append((info.text, ("1 – 9",)))
            elif info.id == "look_0" or not info.id.startswith("look_"):
                rows.append((info.text, info.keys))
        if rows:
            found.append(KeySection(title.replace("&", ""), tuple(rows)))
    return tuple(found)


def find_models(ticket: Ticket) -> ModelFacts:
    """What the model folders hold; for a worker thread."""
    from inference.models.roles import role_name
    from inference.models.store import ModelStore
    from inference.request.registry import METHODS

    del ticket
    store = ModelStore(model_folders.read().folders)
    shipped = paths.shipped_models()
    return ModelFacts(
        tuple(
            ModelFact(
                m.role, m.id, m.bytes, shipped is not None and m.folder.is_relative_to(shipped)
            )
            for m in store.found
        ),
        {
            info.name: tuple(text_of(role_name(role)) for role in store.missing(info))
            for info in METHODS.values()
        },
        tuple(
            (r.folder.name, f"{text_of(r.reason)} {text_of(r.fix)}".strip()) for r in store.refused
        ),
    )
