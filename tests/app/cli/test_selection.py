"""Masks that hold labels, and masks that are hardly white anywhere."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pil

from app.cli.inputs import open_selection
from editor.errors import ExpectedError
from editor.formats import open_image
from editor.model.image import Image
from tests.app.cli.cli_cases import Run, check, picture

SOURCE = Image.from_array(np.zeros((4, 6, 3), np.uint8))


def mask_file(folder: Path, values: list[int], dtype: str = "uint8") -> Path:
    """4 × 6 pixels, one column for each value."""
    file = folder / "mask.png"
    Pil.fromarray(np.tile(np.array(values, dtype), (4, 1))).save(file)
    return file


def test_a_mask_of_labels_read_as_white_is_remarked_on(tmp_path: Path) -> None:
    selection, remarks = open_selection(mask_file(tmp_path, [0, 0, 1, 1, 1, 0]), SOURCE)
    assert int(selection.array().max()) == 1
    assert str(remarks[0]) == (
        "The brightest value of the selection is 1 of 255, so the edit hardly acts. "
        "If its values are labels, choose one: --label 1."
    )


def test_a_faint_mask_in_16_bits_is_no_empty_one_without_a_word(tmp_path: Path) -> None:
    file = mask_file(tmp_path, [0, 0, 1, 1, 2, 0], "uint16")
    with pytest.raises(ExpectedError) as refused:
        open_selection(file, SOURCE)
    assert "2 of 65535" in str(refused.value.fix)
    assert "--label 2" in str(refused.value.fix)


@pytest.mark.parametrize("values", [[0, 30, 0, 0, 0, 0], [0, 255, 0, 0, 0, 0]])
def test_a_feather_is_not_remarked_on(tmp_path: Path, values: list[int]) -> None:
    assert open_selection(mask_file(tmp_path, values), SOURCE)[1] == ()


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_a_label_selects_its_pixels_wholly(tmp_path: Path, dtype: str) -> None:
    file = mask_file(tmp_path, [0, 3, 7, 3, 0, 200], dtype)
    selection, remarks = open_selection(file, SOURCE, 3)
    assert selection.array()[0].tolist() == [0, 255, 0, 255, 0, 0]
    assert remarks == ()
    with pytest.raises(ExpectedError, match="No pixel has the label 5") as refused:
        open_selection(file, SOURCE, 5)
    assert str(refused.value.fix) == "The labels are 0, 3, 7, 200."


def test_colours_are_no_labels(tmp_path: Path) -> None:
    Pil.fromarray(np.full((4, 6, 3), (9, 0, 0), np.uint8)).save(tmp_path / "m.png")
    with pytest.raises(ExpectedError, match="in colour"):
        open_selection(tmp_path / "m.png", SOURCE, 1)
    assert "--label" not in str(open_selection(tmp_path / "m.png", SOURCE)[1][0])


def test_the_command_says_it_and_takes_the_label(run: Run, tmp_path: Path) -> None:
    source = picture(tmp_path, width=60, height=40)
    labels = np.zeros((40, 60), np.uint8)
    labels[10:20] = 1
    mask = tmp_path / "labels.png"
    Pil.fromarray(labels).save(mask)
    words = ["edit", source, "warmer", "--count", 1, "-o", tmp_path / "o", "--selection", mask]
    code, result = run(*words)
    check("edit", result)
    assert code == 0
    assert "--label 1" in result["warning"]
    code, result = run(*words, "--label", 1)
    assert (code, result["warning"]) == (0, None)
    made = open_image(tmp_path / "o" / result["candidates"][0]["file"]).image.array()
    before = open_image(source).image.array()
    assert (made != before)[10:20].any()
    assert np.array_equal(made[20:], before[20:])
    code, result = run(*words[:-2], "--label", 1)
    assert (code, result["error"]["kind"]) == (2, "usage")
