"""Texts of edits by the storybook's grammar, and whether such a text is true."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from inference.lab.finetune.edit_texts.text_triple import TextTriple
from inference.lab.storybook.edits import sample_edit
from inference.lab.storybook.instructions import instruct
from inference.starter.captions import canonical, parse_caption
from inference.starter.language import edit_named, knows, says
from inference.starter.plain import edits_between
from inference.starter.scene import Scene, from_attributes, sample_scene
from inference.starter.world_captions import read_caption, reword

# Training draws from (seed, index): a key of three numbers keeps the streams apart.
_TRIPLES: Final = 0xED17
_CAPTIONS: Final = 0xCA97


def storybook_triples(count: int, seed: int) -> Iterator[TextTriple]:
    """Random edits in the words that training uses; triple i depends on seed and i only."""
    for index in range(count):
        rng = np.random.default_rng((_TRIPLES, seed, index))
        edit = sample_edit(rng)
        text = instruct(edit, rng).text
        yield TextTriple(canonical(edit.source), text, canonical(edit.target))


def storybook_captions(count: int, seed: int) -> list[str]:
    """Captions of random scenes, apart from those of `storybook_triples`; no two are equal."""
    found: dict[str, None] = {}
    index = 0
    while len(found) < count:
        rng = np.random.default_rng((_CAPTIONS, seed, index))
        found[canonical(sample_scene(rng))] = None
        index += 1
    return list(found)


def is_true(triple: TextTriple) -> bool:
    """Whether the instruction, applied to the caption by the grammar, gives the edited caption.

    The captions must differ by exactly one edit that the world knows. The instruction must ask for
    it: where its words name one edit outright, for this one; else it names what the edit does and
    only things that are there.
    """
    before, after = read_caption(triple.caption), read_caption(triple.output)
    edits = edits_between(before, after)
    if len(edits) != 1:
        return False
    wanted = reword(before, edits[0])
    if wanted is None or parse_caption(wanted) != parse_caption(triple.output):
        return False
    named = edit_named(triple.edit, before)
    if named is not None:
        return named.changes == edits[0].changes
    return says(triple.edit, edits[0], before) and knows(triple.edit, edits[0], before)


def scene_of(caption: str, seed: int) -> Scene | None:
    """The scene of a caption that names every attribute, laid out by a seed; else None.

    What is not said of second thing and ground is that there are none.
    """
    try:
        scene = from_attributes({**parse_caption(caption), "seed": seed})
    except (TypeError, ValueError):
        return None
    return scene if parse_caption(canonical(scene)) == parse_caption(caption) else None
