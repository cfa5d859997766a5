from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from app.runtime import paths
from app.runtime.inference_thread import InferenceThread
from inference.ipc.domains import register_domains
from tests.leaks import ENDING_SECONDS, left_running

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ.setdefault("PENTIMENTO_NO_WARMUP", "1")

register_domains()  # what window, command line and engine do when they start

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
def _nothing_left_running(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A test that leaves threads or processes behind fails and says which."""
    before = set(threading.enumerate())
    children = {p.pid for p in psutil.Process().children(recursive=True)}
    engines = _watch_engines(monkeypatch)
    yield
    names = left_running(before)
    names += [thread.objectName() for thread in engines if thread.isRunning()]
    processes = [p for p in psutil.Process().children(recursive=True) if p.pid not in children]
    _, alive = psutil.wait_procs(processes, timeout=ENDING_SECONDS)
    alive = [p for p in alive if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]
    commands = [" ".join(p.cmdline()[:4]) for p in alive]
    for process in alive:
        process.kill()
    assert not names, f"threads left running: {names}"
    assert not commands, f"processes left running: {commands}"


def _watch_engines(monkeypatch: pytest.MonkeyPatch) -> list[InferenceThread]:
    """The `InferenceThread`s that a test starts; Python does not list Qt's threads by name."""
    started: list[InferenceThread] = []
    start = InferenceThread.start

    def watched(thread: InferenceThread, *arguments: Any) -> None:
        started.append(thread)
        start(thread, *arguments)

    monkeypatch.setattr(InferenceThread, "start", watched)
    return started
