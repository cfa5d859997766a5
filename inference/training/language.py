"""Recipe 7: a GPT-2 of 6 × 224 that reads instructions.

A question is three lines of plain text (here divided by strokes); the answer follows the last
keyword, then end of text:

- ``caption: C`` / ``ask: I`` / ``after:`` the caption after the edit, complete and plain;
- ``caption: C`` / ``ask: I`` / ``edit:`` the parsed edit, ``kind attribute = value``;
- ``caption: C`` / ``done: I1; I2`` / ``next:`` an instruction one might give now.

`question` writes them and `parse_edit` reads the second one; nobody else spells them out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import torch
from torch import Tensor, nn

from inference.training.export import save_pretrained
from inference.training.phrasing import as_typed
from inference.training.storybook.captions import canonical
from inference.training.storybook.edits import EDIT_KINDS, Edit, sample_edit
from inference.training.storybook.instructions import instruct
from inference.training.storybook.scene import ATTRIBUTES, Scene
from inference.training.trainer import Batch, Plan
from inference.training.words import corpus

Task = Literal["after", "edit", "next"]
TASKS: Final[tuple[Task, ...]] = ("after", "edit", "next")


def question(task: Task, caption: str, instruction: str = "", done: tuple[str, ...] = ()) -> str:
    """What the model is asked; its answer follows after one space."""
    if task == "next":
        return f"caption: {caption}\ndone: {'; '.join(done)}\nnext:"
    return f"caption: {caption}\nask: {instruction}\n{task}:"


def edit_line(edit: Edit) -> str:
    """The parsed edit: what is done, to which attribute, and its new value with its colour."""
    value = edit.value
    if edit.attribute == "second" and value != "none":
        value = f"{edit.target.second_colour} {value}"
    return f"{edit.kind} {edit.attribute} = {value}"


@dataclass(frozen=True)
class ParsedEdit:
    """An edit as the model understood it.

    Attributes:
        kind: one of `EDIT_KINDS`.
        changes: attributes and their new values, ready for `Scene.with_`.
    """

    kind: str
    changes: dict[str, str]


def parse_edit(line: str) -> ParsedEdit | None:
    """Inverse of `edit_line`; None for anything that is no edit of this world."""
    left, _, value = line.strip().partition(" = ")
    kind, _, attribute = left.partition(" ")
    if kind not in EDIT_KINDS or attribute not in ATTRIBUTES:
        return None
    changes: dict[str, str] = {}
    if attribute == "second" and value != "none":
        colour, _, value = value.partition(" ")
        changes["second_colour"] = colour
    changes[attribute] = value
    if any(v not in ATTRIBUTES[name] for name, v in changes.items()):
        return None
    return ParsedEdit(kind, changes)


def example(edit: Edit, task: Task, rng: np.random.Generator) -> tuple[str, str]:
    """(question, answer) for an edit of a scene."""
    if task == "next":
        # What came before: a few edits of earlier scenes, oldest first; what comes now: this one.
        earlier = tuple(
            instruct(sample_edit(rng), rng).text for _ in range(int(rng.integers(0, 4)))
        )
        return question("next", canonical(edit.source), done=earlier), instruct(edit, rng).text
    asked = as_typed(instruct(edit, rng).text, rng)
    answer = canonical(edit.target) if task == "after" else edit_line(edit)
    return question(task, canonical(edit.source), asked), answer


def language_corpus() -> list[str]:
    """What the tokenizer learns from: the picture corpus and whole lines of every task."""
    rng = np.random.default_rng(0x1A2)
    lines = corpus(edits=2000)
    for i in range(3000):
        asked, answer = example(sample_edit(rng), TASKS[i % len(TASKS)], rng)
        lines.append(f"{asked} {answer}")
    # Words as they stand inside a line: with a space before them.
    return lines + [f" {line}" for line in lines if " " not in line]


class LanguageLoss(nn.Module):
    """Cross entropy on the answer, and faintly on the question."""

    def __init__(self, gpt: Any, question_weight: float) -> None:
        super().__init__()
        self.gpt, self.question_weight = gpt, question_weight

    def forward(self, ids: Tensor, mask: Tensor, answer: Tensor) -> dict[str, Tensor]:
        """``answer`` (N, T) is 1 on the answer and its end of text; ``mask`` 0 on padding."""
        logits = self.gpt(input_ids=ids, attention_mask=mask).logits[:, :-1].float()
        wanted = ids[:, 1:]
        losses = nn.functional.cross_entropy(logits.transpose(1, 2), wanted, reduction="none")
        inside = answer[:, 1:].float()
        before = mask[:, 1:].float() - inside
        told = (losses * inside).sum() / inside.sum()
        read = (losses * before).sum() / before.sum().clamp_min(1)
        right = ((logits.argmax(-1) == wanted) | (inside == 0)).all(-1).float().mean()
        return {"loss": told + self.question_weight * read, "answer": told, "whole": right}


@dataclass(frozen=True)
class LanguageSize:
    """The numbers of GPT-2's config; the defaults are the shipped model's."""

    layers: int = 6
    width: int = 224
    heads: int = 7
    context: int = 192


@dataclass(frozen=True)
class LanguageRecipe:
    """Fresh edits of the training split, tasks in turn; it needs no pictures."""

    tokenizer: Any
    size: LanguageSize = field(default_factory=LanguageSize)
    batch_size: int = 48
    question_weight: float = 0.1
    plan: Plan = field(default_factory=lambda: Plan(steps=2500, lr=1e-3, weight_decay=0.05))
    name: str = "language"

    def network(self) -> nn.Module:
        """See `Recipe.network`."""
        from transformers import GPT2Config, GPT2LMHeadModel

        end = self.tokenizer.eos_token_id
        config = GPT2Config(
            vocab_size=len(self.tokenizer),
            n_positions=self.size.context,
            n_embd=self.size.width,
            n_layer=self.size.layers,
            n_head=self.size.heads,
            bos_token_id=end,
            eos_token_id=end,
            pad_token_id=end,
        )
        return LanguageLoss(GPT2LMHeadModel(config), self.question_weight)

    def batch(self, step: int, rng: np.random.Generator) -> Batch:
        """Padded at the right to the longest line, at most ``context`` pieces."""
        rows = []
        for i in range(self.batch_size):
            edit = sample_edit(rng)
            asked, answer = example(edit, TASKS[i % len(TASKS)], rng)
            head = self.tokenizer(asked).input_ids
            tail = [*self.tokenizer(" " + answer).input_ids, self.tokenizer.eos_token_id]
            rows.append((head, tail))
        longest = min(self.size.context, max(len(h) + len(t) for h, t in rows))
        ids = torch.full((len(rows), longest), self.tokenizer.pad_token_id)
        mask, told = torch.zeros_like(ids), torch.zeros_like(ids)
        for i, (head, tail) in enumerate(rows):
            line = (head + tail)[:longest]
            ids[i, : len(line)] = torch.tensor(line)
            mask[i, : len(line)] = 1
            told[i, len(head) : len(line)] = 1
        return {"ids": ids, "mask": mask, "answer": told}

    def export(self, network: nn.Module, folder: Path) -> None:
        """A stock causal language model folder."""
        save_pretrained(network.gpt, folder)
        self.tokenizer.save_pretrained(folder)


def apply(scene: Scene, parsed: ParsedEdit) -> Scene:
    """The scene after a parsed edit."""
    return scene.with_(**parsed.changes)
