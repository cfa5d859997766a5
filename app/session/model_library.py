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
from app.session.model_downloads import RUNNING, ModelDownloads
from editor.errors import ExpectedError
from editor.messages import Message
from inference.models.catalogue.entry import CatalogueEntry
from inference.models.found_model import FoundAdapter, FoundModel, RefusedModel
from inference.models.model_folder import PACKED


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
        family: of models.
        scale: how many times longer an upscaler makes a side, None where that is not known.
        lends: roles that it can serve too, once it is loaded or chosen for them.
    """

    role: str
    id: str
    folder: Path
    bytes: int
    place: ModelPlace
    entry: str = ""
    frees: int = 0
    family: str = ""
    scale: int | None = None
    lends: tuple[str, ...] = ()


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
        own: the program's own folder of models.
        install_folder: where models are installed now.
        installed_places: folders in which they may have been installed.
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
    install_folder: Path = Path()
    installed_places: tuple[Path, ...] = ()
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
        self.downloads = ModelDownloads(self._install_folder, self, paths.installed_places)
        self.downloads.ended.connect(lambda _: self.read())
        self.downloads.failed.connect(self.failed)
        self.downloads.changed.connect(self._on_download)
        self._converting: set[str] = set()

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
        """Search a folder or a file too, where it lies; a packed language model is converted."""
        if path.suffix.lower() == PACKED:  # adding it says that it is to be used
            self._converting.add(str(path))
            self.downloads.convert(path)
            return
        self._work.run(partial(_searched, path), self._add, self.failed.emit)

    def forget_folder(self, folder: Path) -> None:
        """Search an added folder no longer; its files stay."""
        if self._settings["install_folder"] == str(folder):
            self._settings.set("install_folder", "")
        self._keep_folders(one for one in paths.added_model_folders() if one != folder)
        self.read()

    def install_elsewhere(self, name: str, folder: Path) -> None:
        """Install into another folder from now on, and there what a full disk stopped.

        Args:
            name: id of a model of the catalogue, or the path of a file that is converted.
            folder: it is searched too from now on.
        """
        self._settings.set("install_folder", str(folder))
        self._search(folder)
        if self.facts is not None and name in self.facts.catalogue:
            self.downloads.install(name)
        else:
            self.downloads.convert(Path(name))

    def install_here(self) -> None:
        """Install into the program's own folder again; what lies elsewhere stays there."""
        self._settings.set("install_folder", "")
        self.read()

    def close(self) -> None:
        """Pause all downloads."""
        self._reading.cancel()
        self.downloads.close()

    def _keep_folders(self, folders: Iterable[Path]) -> None:
        self._settings.set("model_folders", [str(folder) for folder in folders])

    def _on_download(self, name: str) -> None:
        """An added file has no row of its own that could say why it is not used."""
        state = self.downloads.state(name)
        if name not in self._converting or (state is not None and state.stage in RUNNING):
            return
        self._converting.discard(name)
        if state is not None and state.error is not None:
            self.failed.emit(state.error)

    def _add(self, folder: Path) -> None:
        self._search(folder)
        self.read()

    def _search(self, folder: Path) -> None:
        added = paths.added_model_folders()
        if folder not in added:
            self._keep_folders((*added, folder))

    def _install_folder(self) -> Path:
        """The setting as it is here: a disk that is full may not have kept it."""
        chosen = str(self._settings["install_folder"])
        return Path(chosen) if chosen else paths.own_models()

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
    places, target = paths.installed_places(), paths.install_folder()
    folders = model_folders.read().folders
    store = ModelStore(folders)
    entries = catalogue()
    facts = LibraryFacts(
        entries,
        tuple(_model(found, places) for found in store.found),
        store.adapters,
        store.refused,
        frozenset(name for name in entries if any(read_record(place / name) for place in places)),
        begun_downloads(target, entries),
        paths.own_models(),
        target,
        places,
        paths.added_model_folders(),
        shutil.disk_usage(target if target.is_dir() else paths.home()).free,
        system_bytes(),
    )
    return facts, folders, state


def _model(found: FoundModel, places: Sequence[Path]) -> LibraryModel:
    from inference.models.downloads.install_record import read_record
    from inference.models.families import families

    shipped = paths.shipped_models()
    place, entry, frees = ModelPlace.ELSEWHERE, "", 0
    within = next((folder for folder in places if found.folder.is_relative_to(folder)), None)
    if shipped is not None and found.folder.is_relative_to(shipped):
        place = ModelPlace.STARTER
    elif within is not None:
        if within == paths.own_models():
            place = ModelPlace.OWN
        parts = found.folder.relative_to(within).parts
        record = read_record(within / parts[0]) if parts else None
        if record is not None:
            place, entry, frees = ModelPlace.INSTALLED, record.id, record.bytes
    return LibraryModel(
        found.role,
        found.id,
        found.folder,
        found.bytes,
        place,
        entry,
        frees,
        found.family,
        found.scale,
        families()[found.family].lends,
    )


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
