"""Figures of CLIP: does it distinguish neighbours, and does the ranking put gold first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from editor.model.image import Pixels
from inference.lab.evaluation.starter.attributes import changed_attributes
from inference.lab.evaluation.starter.figures import Findings
from inference.lab.evaluation.starter.models import StarterModels
from inference.lab.evaluation.starter.ranking import clip_scores, order
from inference.lab.evaluation.starter.testset import (
    SPLITS,
    Counts,
    edits,
    scenes,
    stream,
    wrong_edit,
)
from inference.lab.storybook.edits import Edit
from inference.lab.storybook.neighbours import neighbour
from inference.lab.storybook.render import render
from inference.starter.captions import canonical, random_caption
from inference.starter.scene import Scene, sample_any

AMONG: Final = 64
NEIGHBOURS: Final = 31
_OTHERS: Final = ("source", "wrong edit", "other scene", "one more change")


def gallery(scene: Scene, rng: np.random.Generator) -> list[Scene]:
    """64 scenes: the scene itself first, 31 with one other attribute, 32 drawn at random."""
    found = {canonical(scene): scene}
    while len(found) < 1 + NEIGHBOURS:
        other = neighbour(scene, rng)
        found.setdefault(canonical(other), other)
    while len(found) < AMONG:
        other = sample_any(rng)
        found.setdefault(canonical(other), other)
    return list(found.values())


def evaluate_clip(models: StarterModels, seed: int, counts: Counts) -> Findings:
    """Rows ``clip.retrieval`` (picture to captions) and ``clip.gold_first``.

    Beside them: ``clip.retrieval.synonyms`` (a quarter, in other words),
    ``clip.retrieval_pictures`` (caption to 64 pictures, a tenth as many), ``clip.gold_first.<way>``
    for ranking by one cosine alone, and ``clip.gold_first.over.<candidate>`` against one candidate.
    Chance is 1/64 and 1/5.
    """
    found = Findings()
    for suffix, unseen in SPLITS:
        _retrieval(found, models, seed, counts, suffix, unseen)
        _gold_first(found, models, seed, counts, suffix, unseen)
    return found


def _retrieval(
    found: Findings, models: StarterModels, seed: int, counts: Counts, suffix: str, unseen: bool
) -> None:
    side, clip = models.side(), models.clip
    drawn = scenes(seed, counts.scenes(unseen), unseen=unseen)
    features = clip.embed_images(np.stack([render(scene, side) for scene in drawn]))
    for i, scene in enumerate(drawn):
        rng = stream(seed, f"gallery{unseen:d}", i)
        among = gallery(scene, rng)
        ways = {"": [canonical(s) for s in among]}
        if i < math.ceil(len(drawn) / 4):
            ways[".synonyms"] = [random_caption(s, rng, plain=0.0) for s in among]
        for way, texts in ways.items():
            first = int((clip.embed_texts(texts) @ features[i]).argmax())
            found.share(f"clip.retrieval{way}{suffix}", first == 0)
        if i < math.ceil(len(drawn) / 10):
            pictures = clip.embed_images(np.stack([render(s, side) for s in among]))
            words = clip.embed_texts(ways[""][:1])[0]
            found.share(f"clip.retrieval_pictures{suffix}", int((pictures @ words).argmax()) == 0)


def rivals(edit: Edit, rng: np.random.Generator) -> list[Scene]:
    """What must rank below gold: unedited, wrong edit, right edit elsewhere, one change more."""
    wrong = wrong_edit(edit, rng).target
    taken = {name: getattr(edit.target, name) for name in changed_attributes(edit)}
    if "second_colour" in taken:  # invisible without the second object
        taken["second"] = edit.target.second
    while True:
        elsewhere = sample_any(rng).with_(**taken)
        clash = elsewhere.second.split()[-1] == elsewhere.subject
        if not clash and canonical(elsewhere) != canonical(edit.target):
            break
    while True:
        more = neighbour(edit.target, rng)
        if all(
            getattr(more, name) == getattr(edit.target, name) for name in changed_attributes(edit)
        ):
            break
    return [edit.source, wrong, elsewhere, more]


def _gold_first(
    found: Findings, models: StarterModels, seed: int, counts: Counts, suffix: str, unseen: bool
) -> None:
    side = models.side()
    per_kind = max(1, math.ceil(counts.scenes(unseen) / 8))
    for i, edit in enumerate(edits(seed, per_kind, unseen=unseen)):
        others = rivals(edit, stream(seed, f"rivals{unseen:d}", i))
        source = render(edit.source, side)
        # Gold is not always the first of equals: the sort is stable.
        candidates = np.stack([*(render(s, side) for s in others), render(edit.target, side)])
        captions = canonical(edit.source), canonical(edit.target)
        scores = clip_scores(models.clip, source, candidates, *captions)
        best = order(scores, models.clip.calibration)[0]
        last = len(others)
        found.share(f"clip.gold_first{suffix}", best == last)
        for way in ("direction", "image", "target"):
            values = [getattr(s, way) for s in scores]
            found.share(f"clip.gold_first.by_{way}{suffix}", int(np.argmax(values)) == last)
        if not unseen:
            _over(found, [s.direction for s in scores])
        margin = scores[last].direction - max(s.direction for s in scores[:last])
        found.show(
            f"clip.gold_first{suffix}",
            margin,
            source,
            *_first(candidates, last, best),
            words=[captions[1], "gold first" if best == last else _OTHERS[best]],
        )


def _over(found: Findings, directions: Sequence[float]) -> None:
    for name, value in zip(_OTHERS, directions, strict=False):
        found.share(f"clip.gold_first.over.{name.replace(' ', '_')}", directions[-1] > value)


def _first(candidates: Pixels, gold: int, best: int) -> tuple[Pixels, Pixels]:
    return candidates[gold], candidates[best]
