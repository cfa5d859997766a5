"""The layout is read as MagicBrush's authors read it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from inference.lab.evaluation.brush.layout import (
    BadBrush,
    generated_name,
    read_brush,
    read_inside,
    read_picture,
)
from tests.inference.lab.evaluation.brush import made_brush


def test_turns_with_their_captions_in_the_order_of_the_file(tmp_path: Path) -> None:
    first, second = read_brush(made_brush.write(tmp_path))
    assert [session.id for session in (first, second)] == ["242679", "90"]
    one, two = first.turns
    assert (one.source.name, one.target.name) == ("242679-input.png", "242679-output1.png")
    assert two.source == one.target
    assert (two.source_caption, two.target_caption) == ("242679 after 1", "242679 after 2")
    assert (two.local_caption, two.instruction, two.item) == ("thing 2", "turn 2", "242679/2")


def test_other_names_of_the_caption_files_and_folders(tmp_path: Path) -> None:
    made_brush.write(tmp_path)
    (tmp_path / "global_descriptions.json").rename(tmp_path / "global_description.json")
    (tmp_path / "local_descriptions.json").unlink()
    for folder in list((tmp_path / "images").iterdir()):
        folder.rename(tmp_path / folder.name)
    (first, _) = read_brush(tmp_path)
    assert first.turns[0].target_caption == "242679 after 1"
    assert first.turns[0].local_caption == ""


def test_masks_are_where_they_are_transparent_or_white(tmp_path: Path) -> None:
    made_brush.write(tmp_path)
    turn = read_brush(tmp_path)[0].turns[1]
    assert turn.mask is not None
    inside = read_inside(turn.mask)
    assert inside[:8, :24].all()
    assert inside.sum() == 8 * 24
    Pillow.fromarray(inside.astype(np.uint8) * 255).save(tmp_path / "white.png")
    assert (read_inside(tmp_path / "white.png") == inside).all()
    assert read_picture(turn.mask).shape == (24, 36, 3)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[1]", "holds no sessions"),
        ('{"1": [5]}', "holds no sessions"),
        ('{"1": [{"input": "a.png"}]}', "holds no sessions"),
        ('{"../x": [{"input": "a", "output": "b", "instruction": "c"}]}', "names a file elsewhere"),
        ('{"1": [{"input": "../a", "output": "b", "instruction": "c"}]}', "names a file elsewhere"),
        ("[" * 5000, "no JSON"),
    ],
)
def test_another_form_and_files_elsewhere_are_refused(
    tmp_path: Path, text: str, sentence: str
) -> None:
    (tmp_path / "edit_sessions.json").write_text(text, "utf-8")
    with pytest.raises(BadBrush, match=sentence):
        read_brush(tmp_path)


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadBrush, match="no edit_sessions"):
        read_brush(tmp_path)
    made_brush.write(tmp_path)
    (tmp_path / "images" / "90" / "90-output1.png").unlink()
    with pytest.raises(BadBrush, match=r"Session 90 has no 90-output1\.png"):
        read_brush(tmp_path)
    (tmp_path / "edit_sessions.json").write_text("{", "utf-8")
    with pytest.raises(BadBrush, match="is no JSON"):
        read_brush(tmp_path)


def test_turns_without_a_mask_have_none(tmp_path: Path) -> None:
    made_brush.write(tmp_path)
    listed = json.loads((tmp_path / "edit_sessions.json").read_text("utf-8"))
    del listed["90"][0]["mask"]
    (tmp_path / "edit_sessions.json").write_text(json.dumps(listed), "utf-8")
    assert read_brush(tmp_path)[1].turns[0].mask is None


def test_results_are_named_as_the_authors_name_them() -> None:
    assert generated_name("90", 1, carried_on=False) == "90_1.png"
    assert generated_name("90", 1, carried_on=True) == "90_1.png"
    assert generated_name("90", 2, carried_on=False) == "90_inde_2.png"
    assert generated_name("90", 3, carried_on=True) == "90_iter_3.png"
