from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import psutil
import pytest

from app.runtime import paths
from app.runtime.inference_thread import InferenceThread
from inference.ipc.domains import register_domains
from tests.leaks import ENDING_SECONDS, child_processes, left_running
from tests.needs import NO_GPU, NO_SHARED_DATA, SHARED_DATA, has_gpu

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ.setdefault("PENTIMENTO_NO_WARMUP", "1")

register_domains()  # what window, command line and engine do when they start

# No clock decides: an example may take long on a busy machine.
hypothesis.settings.register_profile(
    "suite", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("suite")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests marked `gpu` run where there is one; torch is imported only if there are any."""
    marked = [item for item in items if item.get_closest_marker("gpu") is not None]
    if marked and not has_gpu():
        for item in marked:
            item.add_marker(pytest.mark.skip(reason=NO_GPU))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in the last lines how many tests did not run for what this machine lacks."""
    skipped = terminalreporter.stats.get("skipped", [])
    for reason in (NO_SHARED_DATA, NO_GPU):
        count = sum(reason in str(report.longrepr) for report in skipped)
        if count:
            terminalreporter.write_line(f"{count} skipped: {reason}")


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
        pytest.skip(NO_SHARED_DATA)
    return SHARED_DATA


@pytest.fixture(autouse=True)
def _nothing_left_running(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A test that leaves threads or processes behind fails and says which."""
    before = set(threading.enumerate())
    children = {process.pid for process in child_processes()}
    engines = _watch_engines(monkeypatch)
    yield
    names = left_running(before)
    names += [thread.objectName() for thread in engines if thread.isRunning()]
    processes = [process for process in child_processes() if process.pid not in children]
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
