"""Models out of wheels: whole or not at all, whatever happens."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from editor.errors import DiskFull
from inference.models.downloads import package_source
from inference.models.downloads.child_process import StepFailed
from inference.models.downloads.failures import (
    BeingInstalled,
    DownloadFailed,
    NotInstallable,
    NotInstalled,
    RemovalFailed,
)
from inference.models.downloads.install_record import FILE
from inference.models.downloads.installer import ModelInstaller
from inference.models.downloads.staging import Staging
from inference.request.cancel import Cancelled
from tests.contract.without_network import refuse_connections
from tests.inference.models.downloads.wheels import FILES, entry_of, make_wheel, only_from


def never() -> None:
    """A check that cancels nothing."""


RENAMES = 2
"""To put a new model in the place of an old one: the old one aside, the new one there."""


class Case:
    """A wheel, its catalogue and a folder for models; the step that runs pip copies the wheel."""

    def __init__(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.wheel = make_wheel(tmp_path / "index")
        self.models = tmp_path / "models"
        self.entry = entry_of(self.wheel)
        self.downloads = 0
        monkeypatch.setattr(package_source, "run_step", self._run_step)

    @property
    def installer(self) -> ModelInstaller:
        return ModelInstaller(self.models, {self.entry.id: self.entry})

    @property
    def folder(self) -> Path:
        return self.models / self.entry.id

    def install(self, check: Callable[[], None] = never) -> None:
        self.installer.install(self.entry.id, check)

    def is_whole(self) -> bool:
        return self.installer.verify(self.entry.id, never) == ()

    def is_not_there(self) -> bool:
        return not self.folder.exists() and self.installer.installed() == {}

    def _run_step(self, name: str, values: Mapping[str, Any], *others: Any) -> Mapping[str, Any]:
        assert name == "package"
        assert {values["package"], values["version"], values["python"]} == {
            "some-weights", "1.0", "3.11",
        }  # fmt: skip
        self.downloads += 1
        shutil.copy(self.wheel, values["folder"])
        return {}


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Case:
    return Case(tmp_path, monkeypatch)


def test_pip_downloads_the_wheel_and_nothing_of_it_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = make_wheel(tmp_path / "index")
    only_from(monkeypatch, tmp_path / "index")
    entry = entry_of(wheel)
    said: list[tuple[str, int, int]] = []
    installer = ModelInstaller(tmp_path / "models", {entry.id: entry})
    record = installer.install(entry.id, never, lambda *progress: said.append(progress))
    folder = tmp_path / "models" / entry.id
    found = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert found == {"model.safetensors", "1_Pooling/config.json", "LICENSE", FILE}
    assert (folder / "LICENSE").read_bytes() == b"May be used."
    assert record.origin["package"] == "some-weights"
    assert record.licence == "May be used"
    assert record.bytes == sum(map(len, FILES.values()))
    assert said[-1] == ("unpack", record.bytes, record.bytes)
    assert installer.verify(entry.id, never) == ()
    assert sorted(p.name for p in (tmp_path / "models").iterdir()) == [".downloads", entry.id]


def test_a_package_that_pip_does_not_find_is_said_in_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = make_wheel(tmp_path / "elsewhere")
    (tmp_path / "index").mkdir()
    only_from(monkeypatch, tmp_path / "index")
    entry = entry_of(wheel)
    with pytest.raises(DownloadFailed, match="No matching distribution found") as caught:
        ModelInstaller(tmp_path / "models", {entry.id: entry}).install(entry.id, never)
    assert "pip config" in str(caught.value.fix)


def test_a_model_that_is_here_is_not_downloaded_again(case: Case) -> None:
    case.install()
    case.install()
    assert case.downloads == 1
    assert case.is_whole()


def test_another_wheel_than_the_catalogues_installs_nothing(case: Case) -> None:
    make_wheel(case.wheel.parent, {**FILES, "more": b"!"})
    with pytest.raises(DownloadFailed, match="not the file that was expected"):
        case.install()
    assert case.is_not_there()
    make_wheel(case.wheel.parent)
    case.entry = entry_of(case.wheel)
    case.install()
    assert case.is_whole()


@pytest.mark.parametrize(
    "files",
    [
        {**FILES, "some_weights/model/model.safetensors": b"W" * 2_999_999 + b"V"},
        {**FILES, "some_weights/model/model.safetensors": b"W" * 3_000_001},
        {**FILES, "some_weights/model/model.safetensors": b"W"},
        {name: data for name, data in FILES.items() if not name.endswith("LICENSE")},
    ],
    ids=["changed", "longer", "shorter", "missing"],
)
def test_a_file_in_the_wheel_that_is_another_installs_nothing(
    files: Mapping[str, bytes], case: Case
) -> None:
    case.entry = entry_of(make_wheel(case.wheel.parent, files), FILES)
    with pytest.raises(DownloadFailed, match="not the file that was expected"):
        case.install()
    assert case.is_not_there()


def test_a_wheel_that_is_no_archive_installs_nothing(case: Case) -> None:
    case.wheel.write_bytes(b"no archive")
    case.entry = entry_of(case.wheel)
    with pytest.raises(DownloadFailed, match="not the file that was expected"):
        case.install()
    assert case.is_not_there()


def test_cancelled_at_any_check_it_is_not_there_and_can_be_gone_on_with(case: Case) -> None:
    calls = 0

    def count() -> None:
        nonlocal calls
        calls += 1

    case.install(count)
    assert calls > 5
    for stop in range(calls):
        case.installer.remove(case.entry.id)
        left = stop

        def cancel() -> None:
            nonlocal left
            if not left:
                raise Cancelled
            left -= 1

        with pytest.raises(Cancelled):
            case.install(cancel)
        assert case.is_not_there()
        case.install()
        assert case.is_whole()


def test_a_wheel_that_is_there_already_is_not_downloaded_again(case: Case) -> None:
    with pytest.raises(Cancelled):
        case.install(lambda: _cancel_when(case.downloads == 1))
    case.install()
    assert case.downloads == 1
    assert case.is_whole()


def _cancel_when(happened: bool) -> None:
    if happened:
        raise Cancelled


@pytest.mark.parametrize("works", range(RENAMES + 1))
def test_a_disk_that_fails_at_any_rename_leaves_the_old_model_or_the_new(
    works: int, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    case.install()
    weights = case.folder / "model.safetensors"
    weights.write_bytes(b"damaged")
    left = works
    rename = Path.rename

    def fail(self: Path, target: Path) -> Path:
        nonlocal left
        left -= 1
        if left == -1:
            raise OSError(5, "Input/output error")
        return rename(self, target)

    with monkeypatch.context() as broken:
        broken.setattr(Path, "rename", fail)
        if works < RENAMES:
            with pytest.raises(DownloadFailed, match="Input/output error"):
                case.installer.repair(case.entry.id, never)
            assert weights.read_bytes() == b"damaged"
        else:
            case.installer.repair(case.entry.id, never)
    case.installer.repair(case.entry.id, never)
    assert case.is_whole()


def test_no_room_is_said_before_anything_is_downloaded(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=1_000_000))
    with pytest.raises(DiskFull, match=r"needs 0\.\d GB on the disk and there are 0\.0 GB"):
        case.install()
    assert case.downloads == 0
    assert case.is_not_there()


def test_a_disk_that_fills_up_installs_nothing(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(package_source, "_write", full)
        with pytest.raises(DiskFull, match="Some Model was not installed"):
            case.install()
    assert case.is_not_there()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda file: file.write_bytes(b"V" * 3_000_000), "changed"),
        (lambda file: file.write_bytes(b"W"), "another size"),
        (lambda file: file.unlink(), "missing"),
    ],
)
def test_damage_is_found_said_and_repaired(
    spoil: Callable[[Path], None], said: str, case: Case
) -> None:
    case.install()
    assert case.installer.repair(case.entry.id, never) == ()
    assert case.downloads == 1
    spoil(case.folder / "model.safetensors")
    (damage,) = case.installer.verify(case.entry.id, never)
    assert damage.path == "model.safetensors"
    assert said in str(damage.reason)
    assert case.installer.repair(case.entry.id, never) == (damage,)
    assert case.is_whole()


def test_what_is_removed_is_gone_and_nothing_else(case: Case) -> None:
    other = case.models / "my-own"
    other.mkdir(parents=True)
    case.install()
    size = case.installer.remove(case.entry.id)
    assert size == sum(map(len, FILES.values()))
    assert case.is_not_there()
    assert other.is_dir()
    with pytest.raises(NotInstalled):
        case.installer.remove(case.entry.id)
    with pytest.raises(NotInstalled):
        case.installer.remove("my-own")
    with pytest.raises(NotInstalled):
        case.installer.verify("my-own", never)


def test_a_model_that_cannot_be_removed_stays_and_says_so(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    case.install()

    def in_use(self: Path, target: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as broken:
        broken.setattr(Path, "rename", in_use)
        with pytest.raises(RemovalFailed, match="could be removed: Permission denied"):
            case.installer.remove(case.entry.id)
    assert case.is_whole()


def test_what_was_downloaded_so_far_can_be_removed_too(case: Case) -> None:
    with pytest.raises(Cancelled):
        case.install(lambda: _cancel_when(case.downloads == 1))
    assert list((case.models / ".downloads" / case.entry.id).iterdir())
    assert case.installer.remove(case.entry.id) == 0
    assert not (case.models / ".downloads" / case.entry.id).exists()


def test_two_programs_do_not_install_one_model_at_once(case: Case) -> None:
    with Staging(case.models, case.entry.id).held(), pytest.raises(BeingInstalled):
        case.install()
    case.install()
    assert case.is_whole()


def test_what_is_not_in_the_catalogue_or_of_no_use_here_is_not_installed(case: Case) -> None:
    with pytest.raises(NotInstallable, match="no other in the catalogue"):
        case.installer.install("other", never)
    case.entry = entry_of(case.wheel, family="a-family-to-come")
    with pytest.raises(NotInstallable, match="a-family-to-come"):
        case.install()
    assert case.downloads == 0


@pytest.mark.parametrize(
    ("code", "values", "said"),
    [
        ("", {}, "the last word"),
        ("memory", {}, "not enough memory"),
        ("conversion", {"file": "a.pth", "reason": "it is odd."}, "a.pth cannot be converted"),
    ],
)
def test_a_step_that_fails_is_said_in_a_sentence(
    code: str, values: Mapping[str, Any], said: str, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: Any) -> None:
        raise StepFailed(code, values, "first\nthe last word")

    monkeypatch.setattr(package_source, "run_step", fail)
    with pytest.raises(DownloadFailed, match=said):
        case.install()
    assert case.is_not_there()


def test_a_disk_that_fills_up_while_pip_downloads_is_said(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: Any) -> None:
        words = "ERROR: Could not install packages due to an OSError: [Errno 28] No space left"
        raise StepFailed("pip", {}, words)

    monkeypatch.setattr(package_source, "run_step", fail)
    with pytest.raises(DiskFull, match="Some Model was not installed"):
        case.install()


def test_a_record_that_leads_elsewhere_or_is_none_is_no_record(case: Case) -> None:
    case.install()
    record = case.folder / FILE
    whole = record.read_text("utf-8")
    for text in ("", "[]", "{}", whole.replace("model.safetensors", "../../model.safetensors")):
        record.write_text(text, "utf-8")
        assert case.installer.installed() == {}


def test_looking_checking_and_removing_reach_no_network(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    case.install()
    refuse_connections(monkeypatch)
    assert list(case.installer.installed()) == [case.entry.id]
    assert case.is_whole()
    case.installer.remove(case.entry.id)
