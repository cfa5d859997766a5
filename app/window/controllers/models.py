from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from app.i18n.texts import tr
from app.panels.settings.model_cards import fetching_text
from app.panels.settings.models_section import ModelsSection
from app.runtime.settings import Settings
from app.session.changes import Changes
from app.session.lora_choices import LoraChoices
from app.session.model_downloads import DownloadStage
from app.session.model_library import ModelLibrary
from app.session.session import Session
from app.window.shell import Shell
from inference.request.device_info import DeviceInfo


class ModelsController:
    """The library of models: its section of the settings, and what other parts learn of it."""

    def __init__(
        self,
        session: Session,
        shell: Shell,
        settings: Settings,
        show_download: Callable[[str], None],
    ) -> None:
        """Nothing is read before the section is shown, or the window comes to the front.

        Args:
            session: is informed when other models are here; its announcements are spoken.
            shell: choosers of folders and files.
            settings: have the artist's folders.
            show_download: the status line says what is being fetched; "" for nothing.
        """
        self._session, self._shell, self._settings = session, shell, settings
        self._show_download, self._announce = show_download, session.messages.announced.emit
        self._section: ModelsSection | None = None
        self._loras = LoraChoices(session.method_settings)
        self._quarters: dict[str, int] = {}
        self.library = library = ModelLibrary(session.engine, session.work, settings, session)
        library.models_changed.connect(self._on_models_changed)
        library.failed.connect(session.messages.fail)
        library.downloads.changed.connect(self._on_download)
        session.changed.connect(self._on_changed)

    def make_section(self) -> QWidget:
        """The section of the settings; folders are read off the UI thread."""
        self._section = section = ModelsSection(
            self.library,
            self._settings,
            self._loras,
            self._session.model_choices,
            self._device,
        )
        section.folder_asked.connect(self._add_folder)
        section.file_asked.connect(self._add_file)
        section.word_asked.connect(self._add_word)
        section.elsewhere_asked.connect(self._install_elsewhere)
        section.show_asked.connect(lambda path: QDesktopServices.openUrl(_address(path)))
        section.follow()
        return section

    def show(self, need: str = "") -> None:
        """The models, with the one on top that a need asks for."""
        self._shell.show_settings("models")
        if self._section is not None:
            self._section.catalogue.show_need(need)

    def look(self) -> None:
        """The window came to the front: files may have been put into the folders."""
        self.library.look()

    def close(self) -> None:
        """Pause what is being fetched."""
        self.library.close()

    def _device(self) -> DeviceInfo | None:
        facts = self._session.engine_facts
        return facts.device_info if facts is not None else None

    def _add_folder(self) -> None:
        folder = self._shell.ask_folder(tr("Folder with models"), str(Path.home()))
        if folder is not None:
            self.library.add(folder)

    def _add_file(self) -> None:
        kinds = f"{tr('Models')} (*.safetensors *.gguf);;{tr('All files')} (*)"
        file = self._shell.ask_open_file(tr("File of a model"), str(Path.home()), kinds)
        if file is not None:
            self.library.add(file)

    def _install_elsewhere(self, name: str) -> None:
        folder = self._shell.ask_folder(tr("Folder for models"), str(Path.home()))
        if folder is not None:
            self.library.install_elsewhere(name, folder)

    def _add_word(self, word: str) -> None:
        self._shell.add_to_prompt(word)
        self._announce(tr("“{0}” stands in the prompt now").format(word))

    def _on_models_changed(self) -> None:
        self._session.model_choices.read()
        self._session.changed.emit(Changes.ENGINE)

    def _on_changed(self, changes: Changes) -> None:
        if changes & Changes.ENGINE and self._section is not None:
            self._section.refresh()

    def _on_download(self, name: str) -> None:
        downloads, facts = self.library.downloads, self.library.facts
        state = downloads.state(name)
        entry = facts.catalogue.get(name) if facts is not None else None
        title = entry.title if entry is not None else Path(name).name
        if state is not None and state.stage is DownloadStage.FETCHING:
            self._show_download(tr("Fetching {0}, {1}").format(title, fetching_text(state)))
            quarter = int(4 * state.share)
            if quarter > self._quarters.get(name, 0):
                self._announce(tr("{0}: {1} % are here").format(title, 25 * quarter))
            self._quarters[name] = quarter
            return
        self._quarters.pop(name, None)
        if state is not None and state.stage is DownloadStage.CONVERTING:
            self._show_download(tr("Converting {0}").format(title))
            return
        if state is not None and state.stage is DownloadStage.READY:
            self._announce(tr("{0} is ready").format(title))
        if not any(_is_fetching(downloads.state(one)) for one in downloads.running):
            self._show_download("")


def _is_fetching(state: object) -> bool:
    return getattr(state, "stage", None) in (DownloadStage.FETCHING, DownloadStage.CONVERTING)


def _address(path: Path) -> QUrl:
    return QUrl.fromLocalFile(str(path if path.is_dir() else path.parent))
