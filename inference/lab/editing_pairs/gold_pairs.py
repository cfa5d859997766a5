"""Pairs that the storybook's renderer draws of the same texts, to compare with drawn ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from editor.errors import ExpectedError
from inference.lab.editing_pairs.pair_sampler import DrawnPair
from inference.lab.finetune.edit_texts.storybook_triples import scene_of
from inference.lab.finetune.edit_texts.text_triple import TextTriple
from inference.lab.storybook.render import render


class NotStorybook(ExpectedError):
    """A caption is not one that the renderer can draw."""

    kind = "bad_triples"


def gold_pairs(triple: TextTriple, seeds: Sequence[int], side: int) -> Iterator[DrawnPair]:
    """Both scenes of a triple, laid out by each seed; the share is 1, there is no guidance.

    Raises:
        NotStorybook: a caption does not name a whole scene.
    """
    for seed in seeds:
        before, after = scene_of(triple.caption, seed), scene_of(triple.output, seed)
        if before is None or after is None:
            raise NotStorybook(
                f"“{triple.caption}” or what it becomes is no whole storybook caption.",
                "Leave out --gold.",
            )
        yield DrawnPair(seed, 1.0, 0.0, render(before, side), render(after, side))
