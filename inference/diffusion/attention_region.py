"""Where an edit of a caption belongs: the part that the words which differ attend to."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation
from torch import Tensor

from editor.model.prompt_edit.prompt_tokens import words
from inference.diffusion.framing import Framing
from inference.diffusion.word_attention import latents_attention, map_place
from inference.models.loaded import LoadedDiffusion
from inference.request.cancel import CancelCheck
from inference.request.edit_region import EditRegion

_BAR: Final = 0.6
"""Share of a word's strongest attention from which a place belongs to it (as DAAM does it; Tang et
al. 2023, section 3). Of .25, .4 and .6 this one leaves most outside and tells the better of two
results as often (docs/ranking.md)."""

_MOST: Final = 0.8
"""A region that covers more of the picture is the whole of it: nothing is left to be kept."""


def changed_words(caption: str, other: str) -> list[int]:
    """The words of a caption, separated by blanks, that another one does not have, by number.

    Articles, prepositions and the like do not count.
    """
    known = {token.key for token in words(other)}
    found = []
    for number, word in enumerate(caption.split()):
        if any(token.key not in known and not token.small for token in words(word)):
            found.append(number)
    return found


def attention_to(
    model: LoadedDiffusion,
    latents: Tensor,
    framing: Framing,
    caption: str,
    other: str,
    pause: CancelCheck,
) -> NDArray[np.bool_] | None:
    """Where the words of a caption that another one does not have are seen in a picture.

    A place further on each side belongs to it too, as in Prompt-to-Prompt's local blend.

    Args:
        model: a text-to-image model.
        latents: of the picture, scaled, (1, C, h, w).
        framing: of the picture.
        caption: what it shows.
        other: the caption that it is compared with.
        pause: called before each prediction; may raise to cancel.

    Returns:
        (h, w) bool; None where there are no such words.
    """
    numbers = changed_words(caption, other)
    if not numbers:
        return None
    _, maps = latents_attention(model, latents, framing, caption, pause)
    seen = maps[numbers].max(axis=0) > round(255 * _BAR)
    return np.asarray(binary_dilation(seen, np.ones((3, 3), np.bool_)))


def edit_region(parts: tuple[NDArray[np.bool_] | None, ...], framing: Framing) -> EditRegion | None:
    """The region of an edit: what is seen of the words before, and of those after in the result.

    Args:
        parts: (h, w) bool each, None for one without words of its own.
        framing: of the picture.

    Returns:
        None where there is no part, or where they cover almost the whole picture.
    """
    known = [part for part in parts if part is not None]
    if not known:
        return None
    mask = np.asarray(np.any(known, axis=0))
    return EditRegion(mask, map_place(framing)) if mask.mean() <= _MOST else None
