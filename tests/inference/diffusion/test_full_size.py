"""Which kind of full-size change an edit becomes."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from editor.model.edit import Instruction
from editor.model.image import Image
from editor.render import composite
from editor.render.color import Floats
from editor.render.detail import DETAIL
from editor.render.palette_shift import PALETTE_SHIFT
from inference.diffusion.framing import frame, work_picture
from inference.diffusion.full_size import (
    UpsampledEdit,
    changes_only_colours,
    full_size_patch,
)

SIDE, WORK = 384, 64
RECOLOUR = Instruction("paint it red", "a green box and a tree", "a red box and a tree")
OTHER = Instruction("add a ball", "a green box", "a green box with a ball")


def source() -> Image:
    rng = np.random.default_rng(0)
    pixels = np.full((SIDE, SIDE, 3), (140, 160, 220), np.uint8)
    pixels[96:264, 96:264] = (50, 150, 60)
    pixels[96:264:12, 96:264] = (30, 90, 36)
    return Image.from_array(pixels + rng.integers(0, 6, pixels.shape, np.uint8))


def pair(after: Image) -> tuple[Floats, Floats]:
    framing = frame(after.bounds, None, WORK, 4)
    soft = [cv2.GaussianBlur(work_picture(one, framing), (0, 0), 0.8) for one in (source(), after)]
    return np.asarray(soft[0], np.float32), np.asarray(soft[1], np.float32)


def recoloured() -> Image:
    pixels = source().array().copy()
    paint = pixels[..., 1] > pixels[..., 2]
    pixels[paint] = pixels[paint][:, [1, 0, 2]]
    return Image.from_array(pixels)


def test_a_recolour_moves_colours_and_keeps_the_bytes_around() -> None:
    framing = frame(source().bounds, None, WORK, 4)
    before, after = pair(recoloured())
    patch = full_size_patch(source(), RECOLOUR, before, after, framing)
    assert PALETTE_SHIFT in dict(patch.parameters)
    made = composite.render(source(), patch, None).array()
    assert (made[:70] == source().array()[:70]).all()
    inside = (slice(110, 250), slice(110, 250))
    assert np.abs(made[inside].astype(int) - recoloured().array()[inside]).mean() < 8


def test_another_edit_of_a_part_keeps_the_bytes_around_too() -> None:
    framing = frame(source().bounds, None, WORK, 4)
    before, after = pair(recoloured())
    after = after + np.float32(1.2 / 255)  # a model's noise everywhere
    patch = full_size_patch(source(), OTHER, before, after, framing)
    assert DETAIL in dict(patch.parameters)
    made = composite.render(source(), patch, None).array()
    assert (made[:60] == source().array()[:60]).all()


def test_a_picture_drawn_anew_is_the_models_own() -> None:
    rng = np.random.default_rng(1)
    framing = frame(source().bounds, None, WORK, 4)
    before, _ = pair(source())
    drawn = cv2.GaussianBlur(rng.random((WORK, WORK, 3), np.float32), (0, 0), 1.2)
    patch = full_size_patch(source(), OTHER, before, np.asarray(drawn, np.float32), framing)
    assert patch.parameters == ()


def test_light_on_the_whole_picture_keeps_its_detail() -> None:
    framing = frame(source().bounds, None, WORK, 4)
    before, _ = pair(source())
    patch = full_size_patch(source(), OTHER, before, before * np.float32(0.5), framing)
    assert DETAIL in dict(patch.parameters)
    made = composite.render(source(), patch, None).array().astype(float)
    was = source().array().astype(float)
    assert abs(made.mean() / was.mean() - 0.5) < 0.03
    seams = (slice(98, 262), slice(110, 250))
    assert np.abs(np.diff(made[seams].mean(2), axis=0)).mean() > 2


def with_red_square() -> Image:
    pixels = source().array().copy()
    pixels[30:90, 30:90] = (210, 40, 60)
    return Image.from_array(pixels)


def finer(wanted: Image) -> Callable[[Floats], UpsampledEdit]:
    """An upsampler that makes no mistakes."""
    framing = frame(wanted.bounds, None, WORK, 4).finer(4)
    drawn = UpsampledEdit(4, work_picture(source(), framing), work_picture(wanted, framing))
    return lambda after: drawn


def steepness(picture: Floats) -> float:
    """How much of the rise and fall is in the steepest slopes: fourth moment over second."""
    slopes = np.diff(picture, axis=1)
    return float((slopes**4).mean() / (slopes**2).mean() ** 2)


def _must_not_draw(after: Floats) -> UpsampledEdit:
    raise AssertionError("drawn finer")


def test_an_edit_drawn_finer_has_its_edges() -> None:
    framing = frame(source().bounds, None, WORK, 4)
    wanted = with_red_square()
    drawn = wanted.array()
    before, after = pair(wanted)
    made = [
        composite.render(
            source(), full_size_patch(source(), OTHER, before, after, framing, f), None
        )
        for f in (None, finer(wanted))
    ]
    coarse, fine = (np.abs(m.array().astype(int) - drawn)[24:96, 24:96].mean() for m in made)
    assert fine < 0.5 * coarse
    assert (made[1].array()[200:] == source().array()[200:]).all()


def test_another_style_is_not_drawn_finer() -> None:
    rng = np.random.default_rng(1)
    framing = frame(source().bounds, None, WORK, 4)
    before, _ = pair(source())
    drawn = np.asarray(cv2.GaussianBlur(rng.random((WORK, WORK, 3), np.float32), (0, 0), 1.2))
    patch = full_size_patch(source(), OTHER, before, drawn, framing, _must_not_draw)
    assert patch.parameters == ()
    assert patch.pixels is not None
    assert patch.pixels.shape == (4 * WORK, 4 * WORK, 3)  # enlarged, with steep edges
    enlarged = cv2.resize(drawn, (4 * WORK, 4 * WORK), interpolation=cv2.INTER_CUBIC)
    made = patch.pixels.astype(np.float32)
    assert np.abs(made - enlarged).mean() < 0.4 * np.abs(drawn - drawn.mean()).mean()
    assert steepness(made) > 1.5 * steepness(enlarged)


def test_a_thing_drawn_softly_gets_steep_edges() -> None:
    framing = frame(source().bounds, None, WORK, 4)
    wanted = with_red_square()
    before, after = pair(wanted)
    exact = finer(wanted)(after)
    soft = np.asarray(cv2.GaussianBlur(exact.after, (0, 0), 3), np.float32)
    drawn = UpsampledEdit(4, exact.source, soft)
    patch = full_size_patch(source(), OTHER, before, after, framing, lambda _: drawn)
    made = composite.render(source(), patch, None).array()
    edge = np.abs(np.diff(made[55:65, 20:44].astype(float), axis=1)).max()
    blurred = np.abs(np.diff(soft[37:43, 13:29] * 255, axis=1)).max()
    assert edge > 1.5 * blurred
    assert (made[200:] == source().array()[200:]).all()


def test_nothing_is_drawn_finer_where_a_thing_was_taken_away() -> None:
    framing = frame(source().bounds, None, WORK, 4)
    pixels = source().array().copy()
    pixels[96:264, 96:264] = (140, 160, 220)
    gone = Image.from_array(pixels)
    before, after = pair(gone)
    patch = full_size_patch(source(), OTHER, before, after, framing, _must_not_draw)
    assert patch.pixels is not None
    assert patch.pixels.shape == (2 * WORK, WORK, 3)


@pytest.mark.parametrize(
    ("before", "after", "only"),
    [
        ("a red house by a tree", "a blue house by a tree", True),
        ("a red house", "an orange house", True),
        ("a red house, at noon", "a blue house, at night", False),
        ("a red house", "a red house", False),
        ("a red house", "a red boat", False),
        ("", "a red boat", False),
    ],
)
def test_captions_tell_a_recolour(before: str, after: str, only: bool) -> None:
    assert changes_only_colours(Instruction("x", before, after)) is only
