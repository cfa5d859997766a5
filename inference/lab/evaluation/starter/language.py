"""Figures of the language model: the caption after an edit, and the edit as it was understood."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch

from inference.lab.evaluation.starter.attributes import changed_attributes
from inference.lab.evaluation.starter.figures import Findings
from inference.lab.evaluation.starter.models import StarterModels
from inference.lab.evaluation.starter.testset import SPLITS, Counts, edits, stream
from inference.lab.storybook.edits import Edit
from inference.lab.storybook.instructions import instruct
from inference.starter.captions import canonical, parse_caption
from inference.starter.lines import Task, parse_edit, question_line

PHRASINGS: Final = Path(__file__).resolve().parents[4] / "tests" / "data" / "phrasings.jsonl"
"""Hand-written instructions of a checkout (`tests/data/README.md`); an installation has none."""

_BATCH: Final = 32
_LONGEST: Final = 64


@dataclass(frozen=True)
class Phrasing:
    """One hand-written instruction.

    Attributes:
        before: the canonical caption of the source.
        ask: what was typed.
        after: attributes that the caption after must name otherwise than ``before``.
        kind: the kind of edit.
    """

    before: str
    ask: str
    after: dict[str, str]
    kind: str

    def wanted(self) -> dict[str, str]:
        """Everything the caption after must say, by attribute."""
        wanted = parse_caption(self.before) | self.after
        if wanted["second"] == "none":
            wanted.pop("second_colour", None)
        return wanted


def phrasings(path: Path = PHRASINGS) -> list[Phrasing]:
    """All hand-written lines."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [Phrasing(**json.loads(line)) for line in lines if line.strip()]


@torch.inference_mode()
def answers(models: StarterModels, questions: Sequence[str]) -> list[str]:
    """Greedy answers, up to the end of text."""
    model, tokenizer = models.language
    texts: list[str] = []
    for start in range(0, len(questions), _BATCH):
        chosen = list(questions[start : start + _BATCH])
        inputs = tokenizer(chosen, padding=True, return_tensors="pt")
        room = model.config.n_positions - inputs.input_ids.shape[1]
        ids = model.generate(
            input_ids=inputs.input_ids,
            attention_mask=inputs.attention_mask,
            max_new_tokens=max(1, min(_LONGEST, room)),
            do_sample=False,
            pad_token_id=tokenizer.pad_token_id,
        )
        new = ids[:, inputs.input_ids.shape[1] :]
        texts += [text.strip() for text in tokenizer.batch_decode(new, skip_special_tokens=True)]
    return texts


def caption_attributes(text: str) -> dict[str, str]:
    """What a caption says; the colour of a second thing that is not there counts for nothing."""
    found = parse_caption(text)
    if found["second"] == "none":
        found.pop("second_colour", None)
    return found


def evaluate_language(
    models: StarterModels, seed: int, counts: Counts, lines: Sequence[Phrasing] | None = None
) -> Findings:
    """Rows ``language.after_caption`` (held-out templates) and ``language.phrasings``.

    Beside them per kind of edit, ``.edit`` (the parsed edit of the same questions),
    ``language.trained_templates`` as ceiling and ``.do_nothing`` (the caption before) as floor.

    Args:
        models: the language model is there.
        seed: of the test set.
        counts: how many edits.
        lines: the hand-written lines; None for the checkout's, if there is one.
    """
    found = Findings()
    for suffix, unseen in SPLITS:
        per_kind = max(1, counts.scenes(unseen) // 8)
        drawn = edits(seed, per_kind, unseen=unseen)
        for name, held_out in (("after_caption", True), ("trained_templates", False)):
            texts = [
                instruct(e, stream(seed, name + suffix, i), held_out=held_out).text
                for i, e in enumerate(drawn)
            ]
            _templates(found, models, drawn, texts, f"language.{name}", suffix)
    if lines is None and PHRASINGS.is_file():
        lines = phrasings()
    if lines:
        _phrasings(found, models, lines)
    return found


def _asked(models: StarterModels, task: Task, pairs: Sequence[tuple[str, str]]) -> list[str]:
    return answers(models, [question_line(task, before, ask) for before, ask in pairs])


def _templates(
    found: Findings,
    models: StarterModels,
    drawn: Sequence[Edit],
    texts: Sequence[str],
    name: str,
    suffix: str,
) -> None:
    pairs = [(canonical(e.source), text) for e, text in zip(drawn, texts, strict=True)]
    after, parsed = _asked(models, "after", pairs), _asked(models, "edit", pairs)
    for edit, caption, line in zip(drawn, after, parsed, strict=True):
        wanted = caption_attributes(canonical(edit.target))
        found.share(f"{name}{suffix}", caption_attributes(caption) == wanted)
        if not suffix:
            found.share(f"{name}.{edit.kind}", caption_attributes(caption) == wanted)
            found.share(f"{name}.do_nothing", caption_attributes(canonical(edit.source)) == wanted)
        changes: dict[str, Any] = {n: getattr(edit.target, n) for n in changed_attributes(edit)}
        understood = parse_edit(line)
        right = understood is not None and understood.changes == _with_colour(edit, changes)
        found.share(f"{name}.edit{suffix}", right)


def _with_colour(edit: Edit, changes: dict[str, Any]) -> dict[str, Any]:
    """A parsed edit of the second thing always names its colour, changed or not."""
    if edit.attribute == "second" and edit.value != "none":
        return changes | {"second": edit.value, "second_colour": edit.target.second_colour}
    return changes


def _phrasings(found: Findings, models: StarterModels, lines: Sequence[Phrasing]) -> None:
    pairs = [(line.before, line.ask) for line in lines]
    after, parsed = _asked(models, "after", pairs), _asked(models, "edit", pairs)
    for line, caption, edit in zip(lines, after, parsed, strict=True):
        wanted = line.wanted()
        found.share("language.phrasings", caption_attributes(caption) == wanted)
        found.share(f"language.phrasings.{line.kind}", caption_attributes(caption) == wanted)
        changed = caption_attributes(caption)
        # What was asked for is there, whatever else slipped.
        found.share(
            "language.phrasings.asked",
            all(changed.get(name) == value for name, value in line.after.items()),
        )
        understood = parse_edit(edit)
        found.share(
            "language.phrasings.edit",
            understood is not None
            and all(understood.changes.get(n) == v for n, v in line.after.items()),
        )
        found.share("language.phrasings.do_nothing", caption_attributes(line.before) == wanted)
