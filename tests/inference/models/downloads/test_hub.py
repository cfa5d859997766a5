"""Downloads from a server that behaves, and misbehaves, as the model hub does."""

from __future__ import annotations

import itertools
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from editor.errors import DiskFull, ExpectedError
from inference.models.catalogue.entry import CatalogueEntry, Fact, HubSource
from inference.models.downloads.failures import DownloadFailed
from inference.models.downloads.install_record import FILE
from inference.models.downloads.installer import ModelInstaller
from inference.models.store import ModelStore
from inference.request.cancel import Cancelled
from tests.inference import tiny_models
from tests.inference.models.downloads.hub_server import COMMIT, REPOSITORY, HubServer, sha256
from tests.inference.models.small_files import safetensors

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

WEIGHTS = "model.safetensors"


def never() -> None:
    """A check that cancels nothing."""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A small GPT-2 as it lies on the hub, with weights of 3.4 MB and files that nobody wants.

    Its own weights, which can be loaded, are called "gpt2".
    """
    folder = tiny_models.gpt2(tmp_path_factory.mktemp("gpt2") / "model")
    found = {path.name: path.read_bytes() for path in folder.iterdir()}
    large = safetensors(folder / "large.safetensors", {"w": (1_700_000,)}).read_bytes()
    return {**found, WEIGHTS: large, "onnx/model.onnx": b"O" * 5000, "gpt2": found[WEIGHTS]}


@pytest.fixture
def hub(files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
        ) -> Iterator[HubServer]:  # fmt: skip
    server = HubServer(files)
    for name in ("HF_TOKEN", "HF_HUB_OFFLINE", "HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_ENDPOINT", server.address)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf-home"))
    yield server
    server.end()


@pytest.fixture
def case(hub: HubServer, tmp_path: Path) -> Case:
    return Case(tmp_path / "models")


class Case:
    def __init__(self, models: Path) -> None:
        source = HubSource(REPOSITORY, ("*.json", "*.safetensors", "merges.txt"), Fact(), Fact())
        self.models = models
        self.entry = CatalogueEntry(
            "some-model", "Some Model", "causal-language", ("language",), "words", Fact(), Fact(),
            source,
        )  # fmt: skip

    @property
    def installer(self) -> ModelInstaller:
        return ModelInstaller(self.models, {self.entry.id: self.entry})

    @property
    def weights(self) -> Path:
        """The weights file where it has its name."""
        (found,) = (self.models / self.entry.id).rglob(WEIGHTS)
        return found

    def install(self, check: Callable[[], None] = never) -> None:
        self.installer.install(self.entry.id, check)

    def is_whole(self) -> bool:
        return self.installer.verify(self.entry.id, never) == ()

    def is_not_there(self) -> bool:
        return not (self.models / self.entry.id).exists() and ModelStore([self.models]).found == ()


def test_a_model_is_installed_and_found_by_its_family(case: Case, hub: HubServer) -> None:
    hub.files[WEIGHTS] = hub.files["gpt2"]
    said: list[tuple[str, int, int]] = []
    record = case.installer.install(case.entry.id, never, lambda *one: said.append(one))
    assert record.origin == {"repository": REPOSITORY, "revision": COMMIT}
    assert record.licence == "unknown"
    assert sum(file.path.endswith(WEIGHTS) for file in record.files) == 1
    paths = {request.split()[1] for request in hub.requests}
    wanted = ("/api/models/owner/", "/owner/some-model/resolve/", "/contents/")
    assert all(path.startswith(wanted) for path in paths)  # no reports of any kind
    assert not any("onnx" in path for path in paths)
    stage, done, total = said[-1]
    assert (stage, done) == ("download", total)
    assert case.is_whole()
    store = ModelStore([case.models], device="cpu")
    (found,) = store.found
    assert (found.id, found.family, store.refused) == (REPOSITORY, "causal-language", ())
    assert store.language().found == found
    case.installer.remove(case.entry.id)
    assert case.is_not_there()


def test_what_a_listener_of_the_progress_raises_passes(case: Case, hub: HubServer) -> None:
    def fail(stage: str, done: int, total: int) -> None:
        raise ValueError("the listener's own fault")

    with pytest.raises(ValueError, match="the listener's own fault"):
        case.installer.install(case.entry.id, never, fail)
    assert case.is_not_there()


def test_a_connection_that_is_cut_goes_on_where_it_was(case: Case, hub: HubServer) -> None:
    hub.cut_after, hub.cuts = 1_100_000, 1
    case.install()
    assert case.is_whole()
    first, second = hub.bytes_of_large_files()
    assert "bytes=" not in first
    assert "bytes=1048576-" in second


def test_a_download_that_was_ended_goes_on_after_a_restart(case: Case, hub: HubServer) -> None:
    partial = case.models / ".downloads" / case.entry.id / "partial"
    weights = partial / sha256(hub.files[WEIGHTS])

    def cancel() -> None:
        if weights.exists() and weights.stat().st_size:
            raise Cancelled

    ended, pieces = threading.Event(), itertools.count()

    def wait_after_some() -> None:
        if next(pieces) == 20:  # 1.3 MB; it cannot be done before the cancel
            ended.wait()

    hub.pieces = wait_after_some
    with pytest.raises(Cancelled):
        case.installer.install(case.entry.id, cancel)
    ended.set()
    assert case.is_not_there()
    hub.requests.clear()
    case.install()
    assert case.is_whole()
    (request,) = hub.bytes_of_large_files()
    assert "bytes=" in request


def test_what_was_downloaded_before_needs_no_more_room(
    case: Case, hub: HubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs = case.models / ".downloads" / case.entry.id / "model"

    def cancel() -> None:
        if list(blobs.rglob(f"blobs/{sha256(hub.files[WEIGHTS])}")):
            raise Cancelled

    free = (64 << 20) + len(hub.files[WEIGHTS]) // 2
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=free))
        with pytest.raises(DiskFull):
            case.install()
    with pytest.raises(Cancelled):
        case.install(cancel)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=free))
    case.install()
    assert case.is_whole()
    assert len(hub.bytes_of_large_files()) == 1


def test_without_symbolic_links_each_file_is_there_once(
    case: Case, hub: HubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_DISABLE_SYMLINKS", "1")
    record = case.installer.install(case.entry.id, never)
    assert case.is_whole()
    files = [path for path in (case.models / case.entry.id).rglob("*") if path.is_file()]
    assert not any(path.is_symlink() for path in files)
    sizes = sorted(path.stat().st_size for path in files if path.name != FILE)
    assert sizes == sorted(file.bytes for file in record.files)
    hub.requests.clear()
    config = case.weights.with_name("config.json")
    config.write_bytes(b"damaged")
    (damage,) = case.installer.repair(case.entry.id, never)
    assert damage.path.endswith("config.json")
    assert case.is_whole()
    assert hub.bytes_of_large_files() == []


@pytest.mark.parametrize("disabled", ["0", "1"])
@pytest.mark.parametrize("name", ["../../outside.json", "/outside.json"])
def test_a_name_that_leads_out_of_the_folder_is_refused(
    name: str, disabled: str, case: Case, hub: HubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_DISABLE_SYMLINKS", disabled)
    hub.files[name] = b"{}"
    with pytest.raises(DownloadFailed, match=r"outside\.json is not the file that was expected"):
        case.install()
    assert case.is_not_there()


def test_a_server_that_ignores_ranges_sends_the_whole_file_again(
    case: Case, hub: HubServer
) -> None:
    hub.cut_after, hub.cuts, hub.ranges = 1_100_000, 1, False
    case.install()
    assert case.is_whole()
    assert len(hub.bytes_of_large_files()) == 2


def test_a_beginning_that_is_wrong_is_read_again(case: Case, hub: HubServer) -> None:
    partial = case.models / ".downloads" / case.entry.id / "partial"
    partial.mkdir(parents=True)
    (partial / sha256(hub.files[WEIGHTS])).write_bytes(b"wrong" * 100)
    case.install()
    assert case.is_whole()
    assert len(hub.bytes_of_large_files()) == 2


@pytest.mark.parametrize("name", [WEIGHTS, "config.json"])
def test_a_file_of_other_content_installs_nothing(name: str, case: Case, hub: HubServer) -> None:
    hub.served[name] = hub.files[name][:-1] + b"!"
    with pytest.raises(DownloadFailed, match=f"{name} is not the file that was expected"):
        case.install()
    assert case.is_not_there()
    hub.served.clear()
    case.install()
    assert case.is_whole()


def test_what_needs_a_sign_in_says_so_and_a_token_opens_it(
    case: Case, hub: HubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.token = "hf_secret"
    with pytest.raises(DownloadFailed, match="signed in") as caught:
        case.install()
    assert "HF_TOKEN" in str(caught.value.fix)
    assert case.is_not_there()
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    case.install()
    assert case.is_whole()
    assert len(hub.bytes_of_large_files()) == 1
    assert hub.leaked == 0


def test_a_server_that_is_busy_for_a_moment_is_asked_again(case: Case, hub: HubServer) -> None:
    begun = False

    def busy() -> None:
        nonlocal begun
        if not begun:
            begun = True
            hub.refuse, hub.refusals, hub.cut_after, hub.cuts = 429, 1, 1_100_000, 1

    hub.pieces = busy
    hub.cut_after, hub.cuts = 1_100_000, 1
    case.install()
    assert case.is_whole()


@pytest.mark.parametrize(
    ("status", "said"), [(429, "come back later"), (403, "signed in"), (500, "status 500")]
)
def test_a_server_that_refuses_is_said_in_a_sentence(
    status: int, said: str, case: Case, hub: HubServer
) -> None:
    hub.refuse, hub.refusals = status, 100
    with pytest.raises(DownloadFailed, match=said):
        case.install()
    assert case.is_not_there()


def test_a_repository_or_revision_that_is_not_there_is_said(case: Case, hub: HubServer) -> None:
    source = case.entry.source
    assert isinstance(source, HubSource)
    missing = Fact("f" * 40, "a test", "2026-11-30")
    for other in (replace(source, repository="owner/other"), replace(source, revision=missing)):
        case.entry = replace(case.entry, source=other)
        with pytest.raises(DownloadFailed, match="has no owner/"):
            case.install()
    assert case.is_not_there()


def test_a_hub_that_is_not_reached_is_said(
    case: Case, hub: HubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.end()
    with pytest.raises(DownloadFailed, match="cannot be reached") as caught:
        case.install()
    assert "HF_ENDPOINT" in str(caught.value.fix)
    assert case.is_not_there()


def test_a_repository_without_safetensors_is_refused_before_any_file(
    case: Case, hub: HubServer
) -> None:
    del hub.files[WEIGHTS]
    with pytest.raises(DownloadFailed, match="no safetensors"):
        case.install()
    assert not any("resolve" in request for request in hub.requests)


def test_a_repair_reads_only_what_is_damaged_in_the_same_revision(
    case: Case, hub: HubServer
) -> None:
    case.install()
    blob = case.weights.resolve()
    blob.write_bytes(b"damaged")
    hub.requests.clear()
    (damage,) = case.installer.repair(case.entry.id, never)
    assert damage.path.endswith(WEIGHTS)
    assert case.is_whole()
    assert len(hub.bytes_of_large_files()) == 1
    assert any(COMMIT in request for request in hub.requests)
    assert not any(
        request.startswith("GET") and request.endswith("config.json") for request in hub.requests
    )


def test_a_repair_does_not_take_other_weights_under_the_same_name(
    case: Case, hub: HubServer
) -> None:
    case.install()
    case.weights.resolve().write_bytes(b"damaged")
    hub.files[WEIGHTS] += b"more"
    with pytest.raises(DownloadFailed, match="not the file that was expected"):
        case.installer.repair(case.entry.id, never)
    assert case.weights.read_bytes() == b"damaged"


def test_another_revision_between_two_attempts_leaves_nothing_of_the_first(
    case: Case, hub: HubServer
) -> None:
    hub.served[WEIGHTS] = b"!" * len(hub.files[WEIGHTS])
    with pytest.raises(ExpectedError):
        case.install()  # the small files are there by now
    hub.served.clear()
    hub.commit = "f" * 40
    hub.files["config.json"] = hub.files["config.json"] + b"\n"
    case.install()
    folder = case.models / case.entry.id
    assert [path.name for path in folder.glob("models--*/snapshots/*")] == ["f" * 40]
    names = {path.resolve() for path in folder.glob("models--*/snapshots/*/*")}
    assert {path.resolve() for path in folder.glob("models--*/blobs/*")} == names
    assert case.is_whole()


def test_proxies_are_taken_as_the_library_takes_them(
    case: Case, hub: HubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hub's name leads nowhere; the proxy, which here answers itself, is asked for it."""
    monkeypatch.setenv("HF_ENDPOINT", "http://hub.invalid")
    monkeypatch.setenv("HTTP_PROXY", hub.address)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    case.install()
    assert case.is_whole()
