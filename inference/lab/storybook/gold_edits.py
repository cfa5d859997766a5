"""Gold edits of the storybook with their captions, apart from what training drew."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from inference.lab.storybook.edits import EDIT_KINDS, Edit, sample_edit
from inference.starter.captions import canonical, random_caption

# Training draws from (seed, index): a key of three numbers keeps the streams apart.
CALIBRATION_STREAM: Final = 0xCA11
"""Stream of the edits that a CLIP model's gates are measured on."""


def gold_edits(
    count: int, seed: int, stream: int = CALIBRATION_STREAM
) -> Iterator[tuple[Edit, str, str]]:
    """Edits that training never drew, the kinds in turn, each with its captions."""
    for i in range(count):
        rng = np.random.default_rng((stream, seed, i))
        while True:
            edit = sample_edit(rng, EDIT_KINDS[i % len(EDIT_KINDS)])
            before, after = captions_of(edit, rng)
            if before != after:  # an incomplete caption may leave out just what changed
                break
        yield edit, before, after


def captions_of(edit: Edit, rng: np.random.Generator) -> tuple[str, str]:
    """Captions before and after in the same words, as a language model that edits one gives them.

    Half are canonical; the others have synonyms, and a quarter leave things out, as people do.
    """
    kind = rng.random()
    if kind < 0.5:
        return canonical(edit.source), canonical(edit.target)
    state = int(rng.integers(2**31))
    before, after = (
        random_caption(scene, np.random.default_rng(state), complete=kind < 0.75)
        for scene in (edit.source, edit.target)
    )
    return before, after
