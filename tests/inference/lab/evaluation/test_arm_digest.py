"""What makes two folders the same model, for figures that are taken up again."""

from __future__ import annotations

from pathlib import Path

import pytest

from inference.lab.evaluation.arm_digest import arm_digest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "model"
    made.mkdir()
    for name, text in {
        "model.safetensors": "weights",
        "config.json": "{}",
        "tokenizer.json": "words",
        "merges.txt": "pairs",
        "curves.png": "a picture",
    }.items():
        (made / name).write_text(text, "utf-8")
    return made


@pytest.mark.parametrize(
    "name", ["model.safetensors", "config.json", "tokenizer.json", "merges.txt"]
)
def test_other_weights_or_words_are_another_model(folder: Path, name: str) -> None:
    before = arm_digest([folder])
    assert arm_digest([folder]) == before
    (folder / name).write_text("changed", "utf-8")
    assert arm_digest([folder]) != before


def test_a_picture_beside_the_weights_does_not_count(folder: Path) -> None:
    before = arm_digest([folder])
    (folder / "curves.png").write_text("another", "utf-8")
    (folder / "checkpoint.json").mkdir()
    assert arm_digest([folder]) == before


def test_a_model_and_its_lora_are_told_apart(folder: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert arm_digest([folder, empty]) != arm_digest([empty, folder])
    assert arm_digest([folder, None]) != arm_digest([None, folder])
