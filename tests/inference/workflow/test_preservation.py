"""What is kept outside: of the selection, else of the region of the words, else nothing is said."""

from __future__ import annotations

import numpy as np
import pytest

from editor.model.edit import Candidate, EditRequest, Instruction
from editor.model.image import Image
from editor.model.patch import Patch, Placement
from editor.model.rect import Rect
from editor.model.score import Score
from editor.model.selection import Selection
from inference.models.store import ModelStore
from inference.request.edit_region import EditRegion
from inference.workflow.preservation import outside_of, with_preservation
from inference.workflow.scoring import Scorer
from tests.inference.engine_cases import picture

LEFT = Rect(0, 0, 32, 64)
BEFORE = picture(64, 64)
REGION = EditRegion(np.eye(2, dtype=np.bool_), (0.0, 0.0, 64.0, 64.0))


def spilt(image: Image, columns: slice) -> Image:
    pixels = image.array()
    pixels[:, columns] = np.iinfo(pixels.dtype).max - pixels[:, columns]
    return Image.from_array(pixels)


def test_outside_the_selection_where_there_is_one() -> None:
    selection = Selection.from_rect(LEFT, 64, 64)
    outside = outside_of(Patch(), BEFORE, 1.0, selection, REGION)
    assert outside is not None
    assert outside[:, 32:].all()
    assert not outside[:, :32].any()
    inverted = outside_of(Patch((("invert_selection", True),)), BEFORE, 1.0, selection, None)
    assert inverted is not None
    assert np.array_equal(inverted, ~outside)


def test_else_outside_the_region_of_the_words() -> None:
    outside = outside_of(Patch(), BEFORE, 1.0, None, REGION)
    assert outside is not None
    assert np.array_equal(outside, ~REGION.at(64, 64, 1.0))


def test_nothing_where_neither_is_known_or_nothing_can_be_compared() -> None:
    everywhere = EditRegion(np.ones((2, 2), np.bool_), REGION.place)
    assert outside_of(Patch(), BEFORE, 1.0, None, None) is None
    assert outside_of(Patch(), BEFORE, 1.0, None, everywhere) is None
    assert outside_of(Patch((("quarter_turns", 1),)), BEFORE, 1.0, None, REGION) is None
    score = Score("a")
    assert with_preservation(score, BEFORE, BEFORE, None) == score
    outside = np.ones((64, 64), np.bool_)
    assert with_preservation(score, BEFORE, picture(32, 64), outside) == score


def test_what_changes_inside_does_not_count_and_what_spills_does() -> None:
    outside = np.zeros((64, 64), np.bool_)
    outside[:, 32:] = True
    kept = with_preservation(Score("a"), BEFORE, spilt(BEFORE, slice(0, 32)), outside)
    assert (kept.outside_psnr, kept.outside_ssim) == (100.0, 1.0)
    lost = with_preservation(Score("a"), BEFORE, spilt(BEFORE, slice(0, 50)), outside)
    assert lost.outside_psnr is not None
    assert lost.outside_ssim is not None
    assert lost.outside_psnr < 20
    assert lost.outside_ssim < 0.8


def test_pictures_of_16_bit_have_the_same_figures() -> None:
    outside = np.ones((64, 64), np.bool_)
    deep = [
        Image.from_array(image.array().astype(np.uint16) * 257)
        for image in (BEFORE, spilt(BEFORE, slice(0, 9)))
    ]
    eight = with_preservation(Score("a"), BEFORE, spilt(BEFORE, slice(0, 9)), outside)
    sixteen = with_preservation(Score("a"), deep[0], deep[1], outside)
    assert sixteen.outside_psnr == pytest.approx(eight.outside_psnr, abs=0.01)
    assert sixteen.outside_ssim == pytest.approx(eight.outside_ssim, abs=1e-3)


def test_the_scorer_says_it_of_sampled_results_whose_region_is_known() -> None:
    asked = Instruction("make it a boat", "a house", "a boat")
    requests = [EditRequest(BEFORE.pixel_digest, None, asked, "sdedit", seed) for seed in (1, 2)]
    pixels = (BEFORE.array()[:, :, :3] / 255).astype(np.float16)
    repainted = Patch((), pixels, Placement(BEFORE.bounds, 1.0))
    made = [Candidate(request, repainted) for request in requests]
    scores = list(
        Scorer(ModelStore()).scores(
            BEFORE, made, None, (), (), lambda: False, regions={made[0].key: REGION}
        )
    )
    assert scores[0].outside_psnr is not None
    assert scores[0].outside_psnr > 45
    assert scores[0].outside_ssim == pytest.approx(1.0, abs=0.01)
    assert (scores[1].outside_psnr, scores[1].outside_ssim) == (None, None)
    assert {"outside_psnr", "outside_ssim"} <= scores[0].figures().keys()
    assert not {"outside_psnr", "outside_ssim"} & scores[1].figures().keys()
