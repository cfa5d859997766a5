from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from app.i18n.messages import text_of
from app.i18n.texts import tr
from app.panels.pages.about_page import AboutPage
from app.panels.pages.keys_page import KeySection, KeysPage
from app.panels.pages.models_page import ModelFacts, ModelsPage
from app.panels.pages.words_page import WordsPage
from app.runtime import model_folders, paths
from app.runtime.thread_pool import Ticket
from app.session.session import Session
from app.window.actions import ACTIONS, MENUS
from app.window.shell import Shell


class HelpController:
    """The pages of the Help menu."""

    def __init__(self, session: Session, shell: Shell) -> None:
        self._session = session
        self._shell = shell

    def show_keys(self) -> None:
        """Every shortcut, by menu."""
        self._shell.show_page("keys", tr("Keys"), KeysPage(key_sections()))

    def show_words(self) -> None:
        """Examples of what can be said, and all words of tone and colour to search."""
        from editor.tone import known_words

        page = WordsPage(tuple(known_words().items()))
        self._shell.show_page("words", tr("Things you can say"), page)

    def show_models(self) -> None:
        """The Models page; folders are read off the UI thread."""

        def show(found: ModelFacts) -> None:
            page = ModelsPage(found, str(paths.home() / "models"))
            self._shell.show_page("models", tr("Models"), page)

        self._session.work.run(_find_models, show, self._session.messages.fail)

    def open_home(self) -> None:
        """The folder with settings and logs, in the system's file manager."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(paths.home())))

    def show_about(self) -> None:
        """Name, version, licence."""
        self._shell.show_page("about", tr("About"), AboutPage(program_version()))


def program_version() -> str:
    """The installed version; "0" where the program runs from its sources alone."""
    from importlib.metadata import PackageNotFoundError, version  # 40 ms, and seldom asked for

    try:
        return version("pentimento")
    except PackageNotFoundError:
        return "0"


def key_sections() -> tuple[KeySection, ...]:
    """Every action with a shortcut, by menu; the nine keys that look at a result as one row."""
    sections = []
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
            sections.append(KeySection(title.replace("&", ""), tuple(rows)))
    return tuple(sections)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _find_models(ticket: Ticket) -> ModelFacts:
    from inference.models.roles import role_name
    from inference.models.store import ModelStore
    from inference.request.registry import METHODS

    del ticket
    store = ModelStore(model_folders.read().folders)
    return ModelFacts(
        tuple(
            (_capital(text_of(role_name(m.role))), f"{m.id}, {m.bytes / 1e6:.0f} MB")
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
