"""Rows of the experiment on editing data, and what its options refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from inference.lab.evaluation.editing_data import (
    DO_NOTHING,
    NotAnEditor,
    TrainedEditor,
    editing_rows,
)
from inference.lab.evaluation.protocol import BadOption
from inference.lab.evaluation.protocols.editing_data import named_editors, sampling
from inference.lab.evaluation.starter.text_to_image import ImageSampling


def test_every_two_editors_are_compared_on_the_same_edits() -> None:
    def figures(asked: float) -> dict[str, float]:
        return {"asked": asked, "kept": 1.0, "direction": asked / 2}

    values = [
        {"a": figures(1), "b": figures(i % 2), "c": figures(0), DO_NOTHING: figures(0)}
        for i in range(10)
    ]
    rows = editing_rows(["a", "b", "c"], values)
    assert [row.name for row in rows] == [
        "a", "b", "c", DO_NOTHING, "a over b", "a over c", "b over c",
    ]  # fmt: skip
    found = {row.name: row.metrics for row in rows}
    means = {name: one["asked"].mean for name, one in found.items() if one["asked"] is not None}
    assert means == {
        "a": 1.0, "b": 0.5, "c": 0.0, DO_NOTHING: 0.0, "a over b": 0.5, "a over c": 1.0,
        "b over c": 0.5,
    }  # fmt: skip
    paired = found["a over b"]["asked"]
    assert paired is not None
    assert 0 < paired.low < 0.5 < paired.high < 1
    alike = found["a over c"]["kept"]
    assert alike is not None
    assert (alike.low, alike.mean, alike.high) == (0, 0, 0)


def test_editors_are_named_once_each(tmp_path: Path) -> None:
    assert named_editors(["gold=a/b", "own=c"]) == {"gold": Path("a/b"), "own": Path("c")}
    for words in ([], ["gold"], ["=a"], ["gold="], ["a=b", "a=c"]):
        with pytest.raises(BadOption):
            named_editors(words)
    with pytest.raises(NotAnEditor):
        TrainedEditor.opened("gold", tmp_path, ImageSampling())


def test_guidance_is_two_numbers() -> None:
    assert sampling(5, "3,1.2") == ImageSampling(5, 3.0, 1.2)
    for text in ("3", "3,a", "1,2,3", ""):
        with pytest.raises(BadOption):
            sampling(5, text)
