"""What is added to folders with models is noticed without a restart."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from inference.models.store import ModelStore
from tests.inference import tiny_models
from tests.inference.models.small_files import safetensors

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)


def later(*paths: Path) -> None:
    """Move the times of changes on: two changes may fall into one tick of the file system."""
    for path in paths:
        facts = path.stat()
        os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns + 10**9))


def ids(store: ModelStore) -> list[str]:
    """Names of the models that the next job would find."""
    with store.job(()):
        return [model.id for model in store.found]


def test_a_job_finds_what_was_added_and_misses_what_was_removed(tmp_path: Path) -> None:
    gpt = tiny_models.gpt2(tmp_path / "models" / "gpt")
    store = ModelStore([gpt.parent, tmp_path / "drive"], device="cpu")
    assert ids(store) == ["gpt"]
    model = store.language().model
    scan = store._scan
    assert ids(store) == ["gpt"]
    assert store._scan is scan  # nothing changed, so nothing was read
    shutil.copytree(gpt, gpt.parent / "second")
    later(gpt.parent)
    assert ids(store) == ["gpt", "second"]
    assert store.language().model is model
    shutil.copytree(gpt, tmp_path / "drive" / "third")  # a drive that was plugged in
    assert ids(store) == ["gpt", "second", "third"]
    shutil.rmtree(gpt)
    later(gpt.parent)
    assert ids(store) == ["second", "third"]
    assert store.loaded_bytes == 0


def test_a_file_that_was_still_being_copied_is_looked_at_again(tmp_path: Path) -> None:
    names = ("conv_first.weight", "body.0.rdb1.conv1.weight", "conv_last.weight")
    file = safetensors(tmp_path / "up.safetensors", dict.fromkeys(names, (4, 3, 3, 3)))
    content = file.read_bytes()
    file.write_bytes(content[:50])
    store = ModelStore([tmp_path])
    assert ids(store) == []
    assert "cut short" in str(store.refused[0].reason)
    with file.open("ab") as rest:
        rest.write(content[50:])
    assert ids(store) == ["up"]


def test_a_part_that_was_missing_is_looked_at_again(tmp_path: Path) -> None:
    gpt = tiny_models.gpt2(tmp_path / "gpt")
    weights = gpt / "model.safetensors"
    content = weights.read_bytes()
    weights.unlink()
    store = ModelStore([tmp_path])
    assert ids(store) == []
    weights.write_bytes(content)
    later(gpt)
    assert ids(store) == ["gpt"]
