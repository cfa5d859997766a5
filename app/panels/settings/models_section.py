"""The models: what can be installed, what is here, what is not used."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.i18n.file_sizes import file_size_text
from app.i18n.texts import tr
from app.panels.settings.licence_text import licence_text
from app.panels.settings.model_cards import Computer
from app.panels.settings.model_catalogue import ModelCatalogue
from app.panels.settings.model_wording import memory_text
from app.panels.settings.models_here import ModelsHere
from app.runtime.settings import Settings
from app.session.lora_choices import LoraChoices
from app.session.model_choices import ModelChoices
from app.session.model_library import LibraryFacts, ModelLibrary
from app.theme.theme import look
from app.widgets.basics.buttons import PushButton
from app.widgets.basics.labels import Sentence, below
from app.widgets.basics.popover import Popover
from inference.models.catalogue.entry import CatalogueEntry
from inference.request.device_info import DeviceInfo

BESIDE: Final = 960
"""Logical width from which what is here stands beside the catalogue."""
HERE_WIDTH: Final = 340


class ModelsSection(QWidget):
    """The catalogue as cards, and beside it what is on this computer.

    Empty until the library has read the folders on a worker thread.

    Signals:
        folder_asked(), file_asked(): a chooser, for models that lie elsewhere.
        show_asked(Path): a folder in the system's file manager.
        word_asked(str): a word that brings out a LoRA goes into the prompt.
        elsewhere_asked(str): another folder for a model (id) or a converted file (path).
    """

    folder_asked = Signal()
    file_asked = Signal()
    show_asked = Signal(Path)
    word_asked = Signal(str)
    elsewhere_asked = Signal(str)

    def __init__(
        self,
        library: ModelLibrary,
        settings: Settings,
        loras: LoraChoices,
        choices: ModelChoices,
        device: Callable[[], DeviceInfo | None],
        parent: QWidget | None = None,
    ) -> None:
        """Args: `device` is where models run, None until the engine has found out."""
        super().__init__(parent)
        self.setObjectName("models-section")
        self.setAcceptDrops(True)
        self._library, self._device = library, device
        self.computer = Sentence(tr("Looking into the folders"), self)
        self.add = PushButton(tr("Add a folder or file"), self, icon_name="plus")
        self.add.clicked.connect(self._open_menu)
        head = QHBoxLayout()
        head.setSpacing(24)
        head.addWidget(self.computer, 1)
        head.addWidget(self.add)
        self.catalogue = ModelCatalogue(library.downloads, settings, self)
        self.catalogue.licence_asked.connect(self._show_licence)
        self.here = ModelsHere(library, loras, choices, self)
        self.here.show_asked.connect(self.show_asked)
        self.here.word_asked.connect(self.word_asked)
        self.here.install_asked.connect(self.catalogue.install)
        for part in (self.catalogue, self.here):
            part.elsewhere_asked.connect(self.elsewhere_asked)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(34)
        self._columns.addWidget(self.catalogue, 1)
        self._columns.addWidget(self.here, 0, Qt.AlignmentFlag.AlignTop)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(18)
        rows.addLayout(head)
        rows.addLayout(self._columns)
        rows.addStretch(1)
        library.changed.connect(self.refresh)
        self.refresh()

    def follow(self) -> None:
        """It is shown again: the folders may hold others, and no need was named."""
        self.catalogue.show_need("")
        self._library.read()
        if self._device() is None:
            self._library.find_device()

    def refresh(self) -> None:
        """Show what was read, and the device the engine has found."""
        facts = self._library.facts
        if facts is None:
            return
        computer = Computer(self._device(), facts.memory)
        self.computer.set_text(_computer_text(computer, facts))
        self.catalogue.show_facts(facts, computer)
        self.here.show_facts(facts, computer)

    # --- licence, folders of the artist's -------------------------------------------------------

    def _show_licence(self, entry: CatalogueEntry, card: QWidget) -> None:
        title = entry.licence.value or tr("Licence unknown")
        popover = Popover(title, self.window())
        for text in licence_text(entry):
            popover.body.addWidget(Sentence(text, popover))
        popover.closed.connect(popover.deleteLater)
        corner = card.mapTo(self.window(), card.rect().topRight())
        popover.open_at(corner, 420)

    def _open_menu(self) -> None:
        menu = QMenu(self)
        menu.addAction(tr("A folder…")).triggered.connect(lambda *_: self.folder_asked.emit())
        menu.addAction(tr("A file…")).triggered.connect(lambda *_: self.file_asked.emit())
        facts = self._library.facts
        if facts is not None and facts.install_folder != facts.own:
            menu.addSeparator()
            back = menu.addAction(tr("Install into the program's folder again"))
            back.triggered.connect(lambda *_: self._library.install_here())
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(below(self.add))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A folder or file of this computer may be dropped."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        """Search what was dropped, where it lies."""
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self._library.add(Path(url.toLocalFile()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is here stands below the catalogue where there is no room beside it."""
        super().resizeEvent(event)
        directions = QBoxLayout.Direction
        beside = self.width() >= look().px(BESIDE)
        self._columns.setDirection(directions.LeftToRight if beside else directions.TopToBottom)
        self.here.setMinimumWidth(look().px(HERE_WIDTH) if beside else 0)
        self.here.setMaximumWidth(look().px(HERE_WIDTH) if beside else 16777215)


def _computer_text(computer: Computer, facts: LibraryFacts) -> str:
    """What this computer has, as "8 GB graphics memory, 24 GB memory, 212 GB free"."""
    text = _hardware_text(computer, facts)
    if facts.install_folder == facts.own:
        return text
    place = tr("Models are installed in “{0}”.").format(facts.install_folder.name)
    return f"{text} {place}"


def _hardware_text(computer: Computer, facts: LibraryFacts) -> str:
    memory, free = memory_text(facts.memory), file_size_text(facts.free_bytes)
    device = computer.device
    if device is None:
        return tr("This computer: {0} GB memory, {1} free.").format(memory, free)
    if device.kind == "cpu":
        return tr("This computer: no graphics card in use, {0} GB memory, {1} free.").format(
            memory, free
        )
    graphics = memory_text(device.bytes)
    return tr("This computer: {0} GB graphics memory, {1} GB memory, {2} free.").format(
        graphics, memory, free
    )
