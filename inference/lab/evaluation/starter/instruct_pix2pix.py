"""Figures of InstructPix2Pix: is what was asked there, and is the rest as it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from editor.model.image import Pixels
from inference.lab.evaluation.starter.attributes import (
    change_made,
    changed_attributes,
    judged,
    rest_unchanged,
)
from inference.lab.evaluation.starter.figures import Findings
from inference.lab.evaluation.starter.judge import psnr
from inference.lab.evaluation.starter.models import StarterModels
from inference.lab.evaluation.starter.ranking import ClipRanker, Ranker
from inference.lab.evaluation.starter.testset import SPLITS, Counts, edits, stream, wrong_edit
from inference.lab.evaluation.starter.text_to_image import ImageSampling, as_bytes, generators
from inference.lab.storybook.edits import Edit, Gold, gold
from inference.lab.storybook.instructions import instruct
from inference.starter.captions import canonical

CANDIDATES: Final = 4
DONE_NOTHING: Final = 0.2
"""An edit that goes less than this share of gold's way from the source has done nothing."""

_AT_ONCE: Final = 4
_LEAST_OUTSIDE: Final = 0.01


@dataclass(frozen=True)
class Case:
    """One edit with everything that was made of it.

    Attributes:
        text: the instruction.
        gold: source, gold and mask at the model's size.
        source_vae, gold_vae: both through the autoencoder.
        made: (4, S, S, 3), one candidate for each seed.
        best: the candidate that the ranking puts first, None without a ranking.
    """

    edit: Edit
    text: str
    gold: Gold
    source_vae: Pixels
    gold_vae: Pixels
    made: Pixels
    best: int | None

    @property
    def rows(self) -> tuple[str, str]:
        """The kinds of edit its figures count for."""
        return self.edit.kind, "all"


def repaint(
    pipeline: Any, texts: Sequence[str], sources: Pixels, how: ImageSampling, seeds: Sequence[int]
) -> Pixels:
    """One picture for each instruction, source (N, S, S, 3) uint8 and seed, by the stock call."""
    from PIL import Image

    out = pipeline(
        list(texts),
        image=[Image.fromarray(source) for source in sources],
        num_inference_steps=how.steps,
        guidance_scale=how.guidance_scale,
        image_guidance_scale=how.image_guidance_scale,
        generator=generators(seeds),
        output_type="np",
    )
    return as_bytes(out.images)


def cases(
    models: StarterModels,
    asked_edits: Sequence[Edit],
    seed: int,
    how: ImageSampling,
    ranker: Ranker | None,
) -> Iterator[Case]:
    """Carry out every edit four times and rank the candidates, a few edits at a time.

    The ranking gets the true captions, so that the figure is of this model and the ranking,
    not of the captioner.
    """
    side = models.side()
    pipeline = how.prepare(models.instruct_pix2pix)
    for start in range(0, len(asked_edits), _AT_ONCE):
        chosen = asked_edits[start : start + _AT_ONCE]
        golds = [gold(edit, side) for edit in chosen]
        texts = [
            instruct(edit, stream(seed, "words", start + i)).text for i, edit in enumerate(chosen)
        ]
        both = models.round_trip(np.stack([p for g in golds for p in (g.source, g.target)]))
        made = repaint(
            pipeline,
            [text for text in texts for _ in range(CANDIDATES)],
            np.stack([g.source for g in golds for _ in range(CANDIDATES)]),
            how,
            [
                1_000_003 * seed + CANDIDATES * (start + i) + j
                for i in range(len(chosen))
                for j in range(CANDIDATES)
            ],
        )
        for i, (edit, pixels) in enumerate(zip(chosen, golds, strict=True)):
            four = made[CANDIDATES * i : CANDIDATES * (i + 1)]
            captions = canonical(edit.source), canonical(edit.target)
            best = None if ranker is None else ranker(pixels.source, four, *captions)[0]
            yield Case(edit, texts[i], pixels, both[2 * i], both[2 * i + 1], four, best)


def evaluate_instruct_pix2pix(
    models: StarterModels,
    seed: int,
    counts: Counts,
    how: ImageSampling,
    ranker: Ranker | None = None,
) -> Findings:
    """Rows ``instruct_pix2pix.<kind>.<measure>``, and over all kinds ``instruct_pix2pix.all.…``.

    Measures of the candidate ranked first: ``asked``, ``kept`` (share of attributes), ``kept_all``;
    of the first candidate alone: ``asked_single``, ``kept_single``, ``kept_all_single``,
    ``nothing`` (`DONE_NOTHING`), ``psnr_outside`` (against the source, outside the gold mask).
    Ceilings: ``.gold`` and ``.gold_vae``; floors: ``.do_nothing`` (the source through the
    autoencoder) and ``.wrong_instruction`` (asked for something else).

    Args:
        models: judge, autoencoder and InstructPix2Pix are there.
        seed: of the test set and the noise.
        counts: how many edits.
        how: the sampler.
        ranker: None for CLIP's where there is a CLIP; without either the best-of-four rows are
            left out.
    """
    found = Findings()
    if ranker is None and models.has("clip"):
        ranker = ClipRanker(models.clip)
    for suffix, unseen in SPLITS:
        drawn = edits(seed, counts.edits(unseen), unseen=unseen)
        for case in cases(models, drawn, seed, how, ranker):
            _judge_case(found, models.judge, case, suffix)
        if not unseen:
            _wrong_instructions(found, models, drawn[: max(8, len(drawn) // 4)], seed, how)
    return found


def _judge_case(found: Findings, judge: Any, case: Case, suffix: str) -> None:
    first = 0 if case.best is None else case.best
    shown = {
        "": case.made[first],
        "_single": case.made[0],
        ".gold": case.gold.target,
        ".gold_vae": case.gold_vae,
        ".do_nothing": case.source_vae,
    }
    if case.best is None:
        del shown[""]
    for way, read in zip(shown, judged(judge, np.stack(list(shown.values()))), strict=True):
        done, held = change_made(case.edit, read), rest_unchanged(case.edit, read)
        for kind in case.rows:
            name = f"instruct_pix2pix.{kind}"
            found.share(f"{name}.asked{way}{suffix}", done)
            found.value(f"{name}.kept{way}{suffix}", sum(held) / len(held))
            found.share(f"{name}.kept_all{way}{suffix}", all(held))
        if way == ("" if case.best is not None else "_single"):
            _show(found, case, suffix, done, held)
    nothing = _way_gone(case) < DONE_NOTHING
    for kind in case.rows:
        found.share(f"instruct_pix2pix.{kind}.nothing{suffix}", nothing)
    outside = case.gold.mask == 0
    if outside.mean() >= _LEAST_OUTSIDE:
        source = case.gold.source[outside]
        for way, pixels in (("", case.made[0]), (".vae", case.source_vae)):
            for kind in case.rows:
                name = f"instruct_pix2pix.{kind}.psnr_outside{way}{suffix}"
                found.value(name, psnr(pixels[outside], source))


def _way_gone(case: Case) -> float:
    """How far the first candidate went inside the mask, as a share of gold's way."""
    inside = case.gold.mask > 0
    start = case.source_vae[inside].astype(float)
    gone = np.abs(case.made[0][inside] - start).mean()
    whole = np.abs(case.gold_vae[inside] - start).mean()
    return float(gone / max(float(whole), 1e-6))


def _show(found: Findings, case: Case, suffix: str, done: bool, held: list[bool]) -> None:
    first = 0 if case.best is None else case.best
    inside = psnr(case.made[first], case.gold.target)
    found.show(
        f"instruct_pix2pix.{case.edit.kind}{suffix}",
        2 * done + sum(held) / len(held) + inside / 1000,
        case.gold.source,
        case.gold.target,
        case.made[first],
        words=[case.text, f"asked: {'yes' if done else 'no'}, kept {sum(held)} of {len(held)}"],
    )


def _wrong_instructions(
    found: Findings, models: StarterModels, drawn: Sequence[Edit], seed: int, how: ImageSampling
) -> None:
    """The floor of ``asked``: the model was asked for something else of the same source."""
    side = models.side()
    pipeline = models.instruct_pix2pix
    for start in range(0, len(drawn), 4 * _AT_ONCE):
        chosen = drawn[start : start + 4 * _AT_ONCE]
        texts = []
        for i, edit in enumerate(chosen):
            rng = stream(seed, "wrong", start + i)
            texts.append(instruct(wrong_edit(edit, rng), rng).text)
        sources = np.stack([gold(edit, side).source for edit in chosen])
        seeds = [1_000_003 * seed + start + i for i in range(len(chosen))]
        made = repaint(pipeline, texts, sources, how, seeds)
        for edit, read in zip(chosen, judged(models.judge, made), strict=True):
            assert changed_attributes(edit)
            for kind in (edit.kind, "all"):
                name = f"instruct_pix2pix.{kind}.asked.wrong_instruction"
                found.share(name, change_made(edit, read))
