"""From hand-written words to pictures: the language model reads them, InstructPix2Pix paints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch

from editor.errors import NotUnderstood
from editor.model.edit import Instruction
from inference.lab.evaluation.starter.attributes import change_made, judged, rest_unchanged
from inference.lab.evaluation.starter.figures import Findings
from inference.lab.evaluation.starter.instruct_pix2pix import repaint
from inference.lab.evaluation.starter.language import Phrasing
from inference.lab.evaluation.starter.models import StarterModels
from inference.lab.evaluation.starter.text_to_image import ImageSampling
from inference.lab.storybook.edits import Edit
from inference.lab.storybook.render import render
from inference.language.directions import directions
from inference.starter.captions import parse_caption
from inference.starter.plain import in_storybook_words
from inference.starter.scene import Scene

_AT_ONCE: Final = 16


@dataclass(frozen=True)
class _Language:
    """The evaluated model as `inference.language` asks it."""

    model: Any
    tokenizer: Any
    device: torch.device
    has_template: bool = False


def edit_of(line: Phrasing, seed: int) -> Edit:
    """The edit a hand-written line asks for, of a scene that its caption describes."""
    attributes: dict[str, Any] = parse_caption(line.before)
    source = Scene(**attributes, seed=seed)
    attribute = "second" if "second" in line.after else next(iter(line.after))
    changes: dict[str, Any] = line.after
    return Edit(line.kind, attribute, source, source.with_(**changes))


def words_for(models: StarterModels, line: Phrasing) -> str:
    """What the program asks InstructPix2Pix for when someone types this line."""
    language = _Language(*models.language, torch.device("cpu"))
    try:
        read = directions(language, line.before, line.ask, lambda: None)[0]
    except NotUnderstood:
        return line.ask
    return in_storybook_words(Instruction(line.ask, read.source_prompt, read.target_prompt))


def evaluate_phrased(
    found: Findings,
    models: StarterModels,
    lines: Sequence[Phrasing],
    count: int,
    seed: int,
    how: ImageSampling,
) -> None:
    """Rows ``instruct_pix2pix.phrasings.asked`` and ``.kept``, one candidate each.

    Beside them ``.asked.as_typed``: the same lines given to the model as they were typed, without
    what the language model makes of them.

    Args:
        found: gets the rows.
        models: judge, language model and InstructPix2Pix are there.
        lines: hand-written ones.
        count: how many of them at most, evenly taken.
        seed: of scenes and noise.
        how: the sampler.
    """
    chosen = list(lines)[:: max(1, -(-len(lines) // max(1, count)))]
    side, pipeline = models.side(), models.instruct_pix2pix
    for start in range(0, len(chosen), _AT_ONCE):
        part = chosen[start : start + _AT_ONCE]
        drawn = [edit_of(line, 7919 * seed + start + i) for i, line in enumerate(part)]
        sources = np.stack([render(edit.source, side) for edit in drawn])
        seeds = [1_000_003 * seed + start + i for i in range(len(part))]
        ways = {"": [words_for(models, line) for line in part], ".as_typed": [p.ask for p in part]}
        for way, texts in ways.items():
            made = repaint(pipeline, texts, sources, how, seeds)
            for edit, read in zip(drawn, judged(models.judge, made), strict=True):
                found.share(f"instruct_pix2pix.phrasings.asked{way}", change_made(edit, read))
                if not way:
                    held = rest_unchanged(edit, read)
                    found.value("instruct_pix2pix.phrasings.kept", sum(held) / len(held))
