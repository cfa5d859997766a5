"""What the window does today, session by session; see `record.py` for new logs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.characterisation.window import (
    sessions_editing,
    sessions_keeping,
    sessions_models,
    sessions_window,
)
from tests.characterisation.window.driver import start_real
from tests.characterisation.window.engines import RealEngine
from tests.characterisation.window.recording import LOGS, Session, check, run

SESSIONS: dict[str, Session] = {
    **sessions_editing.SESSIONS,
    **sessions_keeping.SESSIONS,
    **sessions_window.SESSIONS,
    **sessions_models.SESSIONS,
}

pytestmark = [
    pytest.mark.qt_no_exception_capture,  # what reaches the event loop is in the log
    pytest.mark.qt_log_ignore("This plugin does not support"),  # menus, without a screen
]


def names(engine: str) -> list[str]:
    return [name for name, session in SESSIONS.items() if session.engine == engine]


@pytest.fixture
def tone(tmp_path_factory: pytest.TempPathFactory, qapp: QApplication) -> Iterator[RealEngine]:
    """The real child without models, which may be killed."""
    engine = start_real(tmp_path_factory.mktemp("tone"), models=False)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory, qapp: QApplication) -> Iterator[RealEngine]:
    """The real child with the starter models, one for all sessions: they load once."""
    engine = start_real(tmp_path_factory.mktemp("starter"), models=True)
    yield engine
    engine.close()


@pytest.mark.parametrize("name", names("local"))
def test_session(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> None:
    check(name, run(SESSIONS[name], tmp_path, monkeypatch))


@pytest.mark.parametrize("name", names("tone"))
def test_session_with_the_real_engine(
    name: str, tone: RealEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check(name, run(SESSIONS[name], tmp_path, monkeypatch, tone))


@pytest.mark.xdist_group("starter-models")
@pytest.mark.parametrize("name", names("models"))
def test_session_with_the_starter_models(
    name: str, starter: RealEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check(name, run(SESSIONS[name], tmp_path, monkeypatch, starter))


def test_every_log_belongs_to_a_session() -> None:
    assert {file.stem for file in LOGS.glob("*.json")} == set(SESSIONS)
