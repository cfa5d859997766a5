from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.runtime import model_folders, paths
from app.runtime.settings import Settings
from app.runtime.thread_pool import ThreadPool, Ticket
from app.session.engine_connection import EngineConnection
from app.session.model_downloads import ModelDownloads
from editor.errors import ExpectedError
from editor.messages import Message
from inference.models.catalogue.entry import CatalogueEntry
from inference.models.found_model import FoundAdapter, FoundModel, RefusedModel


class ModelPlace(Enum):
    """Where a model that was found came from."""

    STARTER = "starter"
    INSTALLED = "installed"
    """From the catalogue, by this program."""
    OWN = "own"
    """Put by the artist into the program's folder of models."""
    ELSEWHERE = "elsewhere"
    """In a folder that the artist added: it is used where it lies."""


@dataclass(frozen=True)
class LibraryModel:
    """A model that was found.

    Attributes:
        role: what it is for.
        id: its own name.
        folder: where it lies.
        bytes: of its weights.
        place: where it came from.
        entry: its id in the catalogue, "" where it was not installed from there.
        frees: bytes that removing it frees, 0 where it is not removed from here.
    """

    role: str
    id: str
    folder: Path
    bytes: int
    place: ModelPlace
    entry: str = ""
    frees: int = 0


@dataclass(frozen=True)
class LibraryFacts:
    """What the folders held when they were last read.

    Attributes:
        catalogue: models that can be installed, by id.
        found: every model that can be used.
        adapters: files that change a model, such as LoRA.
        refused: what looks like a model and is not used.
        installed: ids of the models that were installed from the catalogue.
        begun: downloads that were not finished: bytes that are here, by id.
        own: the folder that models are installed in.
        added: folders of the artist's that are searched where they lie.
        free_bytes: room on the disk that models are installed on.
        memory: main memory in bytes.
    """

    catalogue: Mapping[str, CatalogueEntry] = field(default_factory=dict)
    found: tuple[LibraryModel, ...] = ()
    adapters: tuple[FoundAdapter, ...] = ()
    refused: tuple[RefusedModel, ...] = ()
    installed: frozenset[str] = frozenset()
    begun: Mapping[str, int] = field(default_factory=dict)
    own: Path = Path()
    added: tuple[Path, ...] = ()
    free_bytes: int = 0
    memory: int = 0


class ModelLibrary(QObject):
    """The models on this computer and in the catalogue; folders are read on worker threads.

    Where they hold other models than before, the engine and the choices of models are informed:
    nothing has to be started again.

    Attributes:
        downloads: installs, checks and removes.

    Signals:
        changed(): the folders were read.
        models_changed(): other models are here than before.
        failed(object): an exception, for the message line.
    """

    changed = Signal()
    models_changed = Signal()
    failed = Signal(object)

    def __init__(
        self,
        engine: EngineConnection,
        work: ThreadPool,
        settings: Settings,
        parent: QObject | None = None,
    ) -> None:
        """Nothing is read before `read`.

        Args:
            engine: is informed of other models.
            work: reads the folders.
            settings: have the folders that the artist added.
            parent: Qt's owner.
        """
        super().__init__(parent)
        self._engine, self._work, self._settings = engine, work, settings
        self.facts: LibraryFacts | None = None
        self._state: tuple[object, ...] | None = None
        self._reading = Ticket()
        self.downloads = ModelDownloads(paths.own_models, self)
        self.downloads.ended.connect(lambda _: self.read())
        self.downloads.failed.connect(self.failed)

    def read(self) -> None:
        """Read the folders; `changed` follows."""
        self._reading.cancel()
        self._reading = self._work.run(_read, self._show, self.failed.emit)

    def look(self) -> None:
        """Read the folders if anything in them has come or gone."""
        self._work.run(_folder_state, self._look, self.failed.emit)

    def find_device(self) -> None:
        """Have the engine find out where models run, whatever it has loaded so far."""
        self._engine.find_device()

    def add(self, path: Path) -> None:
        """Search a folder or a file too, where it lies."""
        self._work.run(partial(_searched, path), self._add, self.failed.emit)

    def forget_folder(self, folder: Path) -> None:
        """Search an added folder no longer; its files stay."""
        self._keep_folders(one for one in paths.added_model_folders() if one != folder)
        self.read()

    def close(self) -> None:
        """Pause all downloads."""
        self._reading.cancel()
        self.downloads.close()

    def _keep_folders(self, folders: Iterable[Path]) -> None:
        self._settings.set("model_folders", [str(folder) for folder in folders])

    def _add(self, folder: Path) -> None:
        added = paths.added_model_folders()
        if folder not in added:
            self._keep_folders((*added, folder))
        self.read()

    def _look(self, state: tuple[object, ...]) -> None:
        before, self._state = self._state, state
        if before is not None and state != before:
            self.read()

    def _show(self, read: tuple[LibraryFacts, Sequence[Path], tuple[object, ...]]) -> None:
        facts, folders, self._state = read
        other = self.facts is None or self.facts.found != facts.found
        self.facts = facts
        if other:
            self._engine.search_models(folders)
            self.models_changed.emit()
        self.changed.emit()


def _read(ticket: Ticket) -> tuple[LibraryFacts, Sequence[Path], tuple[object, ...]]:
    """What the folders hold; for a worker thread."""
    import shutil

    from inference.models.catalogue.reader import catalogue
    from inference.models.downloads.install_record import read_record
    from inference.models.downloads.staging import begun_downloads
    from inference.models.store import ModelStore
    from inference.models.system_memory import system_bytes

    state = _folder_state(ticket)
    own, added = paths.own_models(), paths.added_model_folders()
    folders = model_folders.read().folders
    store = ModelStore(folders)
    entries = catalogue()
    facts = LibraryFacts(
        entries,
        tuple(_model(found, own) for found in store.found),
        store.adapters,
        store.refused,
        frozenset(name for name in entries if read_record(own / name) is not None),
        begun_downloads(own, entries),
        own,
        added,
        shutil.disk_usage(paths.home()).free,
        system_bytes(),
    )
    return facts, folders, state


def _model(found: FoundModel, own: Path) -> LibraryModel:
    from inference.models.downloads.install_record import read_record

    shipped = paths.shipped_models()
    place, entry, frees = ModelPlace.ELSEWHERE, "", 0
    if shipped is not None and found.folder.is_relative_to(shipped):
        place = ModelPlace.STARTER
    elif found.folder.is_relative_to(own):
        place = ModelPlace.OWN
        parts = found.folder.relative_to(own).parts
        record = read_record(own / parts[0]) if parts else None
        if record is not None:
            place, entry, frees = ModelPlace.INSTALLED, record.id, record.bytes
    return LibraryModel(found.role, found.id, found.folder, found.bytes, place, entry, frees)


def _folder_state(ticket: Ticket) -> tuple[object, ...]:
    """Names and times of what lies in the folders and one step below: cheap to compare."""
    del ticket
    folders = (paths.own_models(), *paths.added_model_folders())
    return tuple(entry for folder in folders for entry in _entries(folder, 1))


def _entries(folder: Path, depth: int) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    try:
        inside = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
        for path in inside:
            found.append((str(path), path.lstat().st_mtime_ns))
            if depth and path.is_dir():
                found += _entries(path, depth - 1)
    except OSError:  # it has gone, or cannot be read: reading it says so
        found.append((str(folder), 0))
    return found


def _searched(path: Path, ticket: Ticket) -> Path:
    """The folder or file itself, if there is something in it.

    Raises:
        ExpectedError: there is no model in it that can be used.
    """
    from inference.models.discovery import search

    del ticket
    folder = path.absolute()
    items = list(search(folder))
    if all(isinstance(item, RefusedModel) for item in items):
        refused = next((item for item in items if isinstance(item, RefusedModel)), None)
        raise ExpectedError(
            Message("model.none_in_folder", folder=folder.name),
            refused.reason if refused is not None else Message("do.give_model_folder"),
        )
    return folder
