"""From what a small model made to a change of the full-size picture that stays sharp."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import ImageColor

from editor.model.edit import Instruction
from editor.model.image import Image
from editor.model.patch import Patch, settings_of
from editor.model.prompt_edit.prompt_edit import prompt_edit
from editor.render.changed_area import changed_area
from editor.render.color import Floats
from editor.render.detail import DETAIL, fit_gain_offset, is_redrawn
from editor.render.palette_shift import explained, find_palette_shift
from editor.render.shock_filter import TIMES, enlarge, steepen
from inference.diffusion.framing import Framing, work_picture

_WINDOW: Final = 64
"""The fit's window has a radius of one in so many work pixels of the longer side."""
_FINE_RADIUS: Final = 3
"""Radius of the window where the edit was drawn finer (`UpsampledEdit`), in its own pixels."""
_PALETTE_PIXELS: Final = 1 << 20
"""Colours are found on at most so many pixels of the source."""
_TAKEN_AWAY: Final = 0.6
"""Share of the edges that are left where a thing was taken away: .15 to .45 on three removals,
.84 and more on nine edits that put, replaced or coloured one."""
_LEAST_EXPLAINED: Final = 0.4
"""Share of a recolour that movements of colours must account for."""
_ARTICLES: Final = ("a", "an", "the")


@dataclass(frozen=True, eq=False)
class UpsampledEdit:
    """An edit as the model's upsampler drew it, several times as fine as the model.

    Attributes:
        times: how fine.
        source, after: (times·h, times·w, 3) sRGB 0..1: the picture itself, and the edit.
    """

    times: int
    source: Floats
    after: Floats


def full_size_patch(
    source: Image,
    instruction: Instruction,
    before: Floats,
    after: Floats,
    framing: Framing,
    upsample: Callable[[Floats], UpsampledEdit] | None = None,
) -> Patch:
    """The edit as a change of the source's own pixels.

    A recolour of a part moves the source's colours and keeps its edges. A picture redrawn in
    another style is the model's own, enlarged. Other edits are a gain and an offset for each work
    pixel (`fit_gain_offset`); where only a part changed, both are neutral elsewhere, so the
    source's bytes stay. With an upsampler, what the source does not account for gets steep edges
    (`steepen`): a model has one where its pictures are drawn with such.

    Args:
        source: the full-size picture.
        instruction: captions before and after tell a recolour.
        before: the source through the autoencoder, (h, w, 3) sRGB 0..1 with the framing's padding.
        after: what the model made, of the same shape and range.
        framing: how both lie on the source.
        upsample: draws `after` finer; None where the model has no upsampler.
    """
    area = changed_area(before, after)
    if area is not None and changes_only_colours(instruction):
        patch = _recoloured(source, before, after, area, framing)
        if patch is not None:
            return patch
    radius = max(1, max(framing.width, framing.height) // _WINDOW)
    if area is None and is_redrawn(before, after, radius):
        # Not finer either: the strokes of the old style are no guide to those of the new one.
        if upsample is not None:
            after, framing = enlarge(after), framing.finer(TIMES)
        return Patch((), after.astype(np.float16), framing.placement)
    drawn = None
    if upsample is not None and not (area is not None and takes_away(before, after, area)):
        finer = upsample(after)
        radius, framing = _FINE_RADIUS, framing.finer(finer.times)
        before, after = finer.source, finer.after
        drawn = steepen(after)
        if area is not None:
            area = area.repeat(finer.times, axis=0).repeat(finer.times, axis=1)
    values = fit_gain_offset(before, after, radius, drawn)
    if area is not None:
        height = len(before)
        values[:height][~area], values[height:][~area] = 1.0, 0.0
    return Patch(settings_of({DETAIL: True}), values, framing.placement)


def takes_away(before: Floats, after: Floats, area: NDArray[np.bool_]) -> bool:
    """True if an edit of a part left far fewer edges than there were: something is gone.

    Nothing is there to be drawn finer then, and what is left of the thing would be.
    """
    was, now = _edges(before)[area].mean(), _edges(after)[area].mean()
    return bool(now < _TAKEN_AWAY * was)


def _edges(picture: Floats) -> Floats:
    """Magnitude of the luma's gradient (Rec. 601), (h, w)."""
    luma = picture @ np.array([0.299, 0.587, 0.114], np.float32)
    return np.asarray(np.hypot(*np.gradient(luma)), np.float32)


def changes_only_colours(instruction: Instruction) -> bool:
    """True if the captions before and after differ in names of colours (CSS) and nothing else."""
    if not instruction.source_prompt or not instruction.target_prompt:
        return False
    changes = prompt_edit(instruction.source_prompt, instruction.target_prompt).changes
    return bool(changes) and all(
        word in ImageColor.colormap or word in _ARTICLES
        for change in changes
        for word in f"{change.text} {change.other}".lower().split()
    )


def _recoloured(
    source: Image, before: Floats, after: Floats, area: NDArray[np.bool_], framing: Framing
) -> Patch | None:
    """The recolour as a movement of colours, None where that does not account for it."""
    if explained(before, after, area) < _LEAST_EXPLAINED:
        return None
    width, height = framing.work_size
    times = max(1, min(int(1 / framing.scale), int((_PALETTE_PIXELS / (width * height)) ** 0.5)))
    shift = find_palette_shift(work_picture(source, framing.finer(times)), before, after, area)
    if shift is None:
        return None
    share = np.repeat(area[:, :, None], 3, axis=2).astype(np.float16)
    return Patch(shift.settings, share, framing.placement)
