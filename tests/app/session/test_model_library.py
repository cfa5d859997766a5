"""What the window knows of the models: read off its thread, noticed when it changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.runtime import paths
from app.runtime.settings import Settings
from app.runtime.thread_pool import ThreadPool
from app.session.model_library import LibraryFacts, ModelLibrary, ModelPlace
from editor.messages import Message
from inference.models.downloads import conversion
from tests.app.session_cases import ScriptedEngine
from tests.inference.models.small_files import safetensors
from tests.waiting import wait_for


class Case:
    def __init__(self) -> None:
        self.engine = ScriptedEngine()
        self.work = ThreadPool(1)
        self.library = ModelLibrary(self.engine, self.work, Settings(paths.settings_file()))
        self.read_count, self.other_count = 0, 0
        self.failed: list[BaseException] = []
        self.library.changed.connect(self._on_read)
        self.library.models_changed.connect(self._on_other)
        self.library.failed.connect(self.failed.append)

    def _on_read(self) -> None:
        self.read_count += 1

    def _on_other(self) -> None:
        self.other_count += 1

    @property
    def facts(self) -> LibraryFacts:
        assert self.library.facts is not None
        return self.library.facts

    def read(self) -> LibraryFacts:
        before = self.read_count
        self.library.read()
        wait_for(lambda: self.read_count > before)
        return self.facts

    def rest(self) -> None:
        """Until the worker thread has done everything that was asked of it."""
        done: list[None] = []
        self.work.run(lambda ticket: None, done.append, None, 99)
        wait_for(lambda: bool(done))


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> Iterator[Case]:
    monkeypatch.setenv("PENTIMENTO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PENTIMENTO_MODELS", str(tmp_path / "none"))
    made = Case()
    yield made
    made.library.close()
    made.work.close()


def language_model(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "config.json").write_text('{"architectures": ["GPT2LMHeadModel"]}')
    safetensors(folder / "model.safetensors", {"w": (4,)})
    return folder


def test_files_that_come_are_noticed_and_the_engine_is_informed(case: Case) -> None:
    assert case.read().found == ()
    assert len(case.facts.catalogue) > 25
    assert case.facts.free_bytes > 0
    assert case.facts.memory > 0
    assert case.engine.searched == [()]
    language_model(paths.own_models() / "my-gpt")
    case.library.look()
    wait_for(lambda: case.other_count == 2)
    assert [(m.id, m.place) for m in case.facts.found] == [("my-gpt", ModelPlace.OWN)]
    assert case.engine.searched[-1] == (paths.own_models(),)
    case.library.look()  # nothing came or went: nothing is read
    case.rest()
    assert case.read_count == 2


def test_an_added_folder_is_used_where_it_lies_until_it_is_forgotten(
    case: Case, tmp_path: Path
) -> None:
    gpt = language_model(tmp_path / "drive" / "gpt")
    case.library.add(gpt)
    wait_for(lambda: case.read_count == 1)
    assert [(m.folder, m.place) for m in case.facts.found] == [(gpt, ModelPlace.ELSEWHERE)]
    assert case.facts.added == (gpt,)
    case.library.add(gpt)
    wait_for(lambda: case.read_count == 2)
    assert case.facts.added == (gpt,)
    case.library.forget_folder(gpt)
    wait_for(lambda: case.read_count == 3)
    assert case.facts.found == ()
    assert (gpt / "model.safetensors").exists()


def test_a_folder_without_a_model_is_refused_with_its_reason(case: Case, tmp_path: Path) -> None:
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "old.ckpt").write_bytes(b"pickle")
    case.library.add(tmp_path / "bad")
    wait_for(lambda: bool(case.failed))
    assert "There is no model in “bad”" in str(case.failed[0])
    assert paths.added_model_folders() == ()


def test_a_packed_language_model_that_is_added_is_converted_or_says_why_not(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def convert(source: Path, models: Path, *_: object) -> Path:
        if source.stem == "bad":
            raise conversion.ConversionFailed(Message("convert.nothing", name=source.name))
        return language_model(models / source.stem)

    monkeypatch.setattr(conversion, "convert", convert)
    case.library.add(tmp_path / "smol.GGUF")
    wait_for(lambda: case.read_count == 1)
    assert [(m.id, m.place) for m in case.facts.found] == [("smol", ModelPlace.OWN)]
    assert case.facts.added == ()
    case.library.add(tmp_path / "bad.gguf")
    wait_for(lambda: bool(case.failed))
    assert str(case.failed[0]) == "bad.gguf holds nothing to convert."


def test_what_was_fetched_in_part_is_known_after_a_restart(case: Case) -> None:
    partial = paths.own_models() / ".downloads" / "blip-large" / "partial"
    partial.mkdir(parents=True)
    (partial / "model.safetensors").write_bytes(bytes(1000))
    temporary = paths.own_models() / ".downloads" / "dat-light-x2" / "temporary"
    temporary.mkdir(parents=True)
    (temporary / "half.whl").write_bytes(bytes(1000))  # pip begins it anew
    assert case.read().begun == {"blip-large": 1000}
