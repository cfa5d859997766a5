from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from app.runtime import paths

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ.setdefault("PENTIMENTO_NO_WARMUP", "1")

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test has a state folder of its own, and no models unless it brings some."""
    monkeypatch.setenv("PENTIMENTO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PENTIMENTO_MODELS", str(tmp_path / "no-models"))


@pytest.fixture
def starter_models(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The models that come with the program, for a test of what an artist meets."""
    monkeypatch.delenv("PENTIMENTO_MODELS")
    folder = paths.shipped_models()
    assert folder is not None
    return folder


@pytest.fixture
def shared_data() -> Path:
    """Real files outside the repository; tests that need them are skipped elsewhere."""
    if not SHARED_DATA.is_dir():
        pytest.skip("no ../shared/data beside this checkout")
    return SHARED_DATA


@pytest.fixture(autouse=True)
def _nothing_left_running() -> Iterator[None]:
    """A test that leaves threads or processes behind fails and says which."""
    threads = set(threading.enumerate())
    children = {p.pid for p in psutil.Process().children(recursive=True)}
    yield
    late = [t for t in threading.enumerate() if t not in threads and _counts(t)]
    for thread in late:
        thread.join(timeout=3)
    late = [t for t in late if t.is_alive()]
    processes = [p for p in psutil.Process().children(recursive=True) if p.pid not in children]
    _, alive = psutil.wait_procs(processes, timeout=3)
    alive = [p for p in alive if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]
    names = [t.name for t in late]
    commands = [" ".join(p.cmdline()[:4]) for p in alive]
    for process in alive:
        process.kill()
    assert not names, f"threads left running: {names}"
    assert not commands, f"processes left running: {commands}"


def _counts(thread: threading.Thread) -> bool:
    # Pool workers and Qt's own foreign threads end with the process; hypothesis keeps none.
    return not thread.daemon and not thread.name.startswith(("ThreadPoolExecutor", "Dummy"))
