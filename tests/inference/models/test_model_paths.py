"""ComfyUI's `extra_model_paths.yaml`: which folders it names, and what it cannot do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from inference.models.found_model import Refused
from inference.models.model_paths import named_folders


def folders(root: Path, text: str) -> list[Path]:
    file = root / "extra_model_paths.yaml"
    file.write_text(text)
    return list(named_folders(file))


def test_paths_are_relative_to_the_base_and_the_base_to_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODELS", str(tmp_path / "drive"))
    text = """
a111:
    base_path: ../webui
    checkpoints: models/Stable-diffusion
    loras: |
        models/Lora
        models/LyCORIS
    custom_nodes: nodes
    is_default: true
other:
    vae: $MODELS/vae
    embeddings: [a, list]
    loras: $MODELS/loras
again:
    loras: $MODELS/loras
"""
    base, drive = tmp_path / "../webui/models", tmp_path / "drive"
    assert folders(tmp_path, text) == [
        base / "Stable-diffusion", base / "Lora", base / "LyCORIS", drive / "vae", drive / "loras",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "words", "[1, 2]", "a: 3", "a: {base_path: 3, loras: 4}"])
def test_a_file_that_names_nothing(tmp_path: Path, text: str) -> None:
    assert folders(tmp_path, text) == []


@pytest.mark.parametrize(
    "text",
    ["a: [b", "a: !!python/object/apply:os.system ['true']", "[" * 50_000, "a: b: c"],
    ids=["cut", "code", "nested", "two"],
)
def test_damaged_and_hostile_files_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(Refused) as caught:
        folders(tmp_path, text)
    assert str(caught.value.reason) == "Its extra_model_paths.yaml is damaged."


def test_files_without_an_end_are_not_read(tmp_path: Path) -> None:
    large = tmp_path / "extra_model_paths.yaml"
    with large.open("wb") as file:
        file.truncate(1 << 23)
    with pytest.raises(Refused, match="too large"):
        list(named_folders(large))
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(Refused, match="no file"):
        list(named_folders(pipe))
