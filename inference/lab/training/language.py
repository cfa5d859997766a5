"""Recipe 7: a GPT-2 of 6 × 224 that reads instructions.

`inference.starter.lines` holds the lines it learns; here they are filled from the storybook:
captions in the canonical and in other words, instructions as people type them, and paths of edits
that lead to the picture, with some that were refused on the way.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor, nn

from inference.lab.storybook.edits import Edit, edit_of, sample_edit
from inference.lab.storybook.instructions import instruct
from inference.lab.training.export import save_pretrained
from inference.lab.training.phrasing import as_typed, ask
from inference.lab.training.tokenizers import corpus
from inference.lab.training.trainer import Batch, TrainingPlan
from inference.starter import lines
from inference.starter.captions import canonical, random_caption
from inference.starter.lines import LINE_FORMAT, TASKS, ParsedEdit, Task, parse_edit, question_line
from inference.starter.scene import Scene

__all__ = ["TASKS", "LanguageRecipe", "ParsedEdit", "Task", "apply", "parse_edit", "question_line"]

HARDER: Final = ("weather", "weather", "add", "remove", "replace")
"""Kinds drawn more often: said in more ways, and with words that also stand for their contrary
("clouds" in "no clouds")."""

_MIX: Final[tuple[Task, ...]] = ("after", "edit", "after", "next")
"""Tasks in turn; the caption after an edit is the longest answer and the one most depends on."""

_OTHER_WORDS: Final = 0.3
"""Share of captions in other words than the captioner's: an artist may write the caption."""


def edit_line(edit: Edit) -> str:
    """The parsed edit: what is done, to which attribute, and its new value with its colour."""
    changes = {edit.attribute: edit.value}
    if edit.attribute == "second" and edit.value != "none":
        changes["second_colour"] = edit.target.second_colour
    return lines.edit_line(edit.kind, changes)


@dataclass(frozen=True)
class ScenePath:
    """How a picture came to be, and what might come next.

    Attributes:
        done: edits from the first scene to the present one, oldest first.
        refused: edits of the present scene that were offered and not wanted.
        next: an edit of the present scene that is neither refused nor a step back.
    """

    done: tuple[Edit, ...]
    refused: tuple[Edit, ...]
    next: Edit


def sample_path(rng: np.random.Generator) -> ScenePath:
    """A path of up to four edits, up to three refused ones, and the next edit."""
    while True:
        first = sample_edit(rng)
        scene, done = first.source, list[Edit]()
        for _ in range(int(rng.integers(0, lines.DONE_LIMIT + 1))):
            edit = edit_of(scene, rng)
            if edit is None:
                break
            done.append(edit)
            scene = edit.target
        wanted = [edit_of(scene, rng) for _ in range(int(rng.integers(0, 4)))]
        refused = tuple(e for e in wanted if e is not None)
        # An artist goes on rather than back: mostly something else than the last two edits.
        fresh = {e.attribute for e in done[-2:]} if rng.random() < 0.8 else set()
        taken = {(e.attribute, getattr(e.source, e.attribute)) for e in done}
        taken |= {(e.attribute, e.value) for e in refused}
        for _ in range(64):
            edit = edit_of(scene, rng)
            if edit is None or edit.attribute in fresh or (edit.attribute, edit.value) in taken:
                continue
            return ScenePath(tuple(done), refused, edit)


def _caption(scene: Scene, rng: np.random.Generator, *, complete: bool) -> str:
    if rng.random() < _OTHER_WORDS:
        return random_caption(scene, rng, complete=complete or bool(rng.random() < 0.5))
    return canonical(scene)


def example(edit: Edit, task: Task, rng: np.random.Generator) -> tuple[str, str]:
    """(question, answer) for an edit of a scene; for "next" the edit is the end of a path."""
    if task == "next":
        path = sample_path(rng)
        done = tuple(ask(e, rng) for e in path.done)
        refused = tuple(instruct(e, rng).text for e in path.refused)
        now = _caption(path.next.source, rng, complete=False)
        answer = instruct(path.next, rng).text + lines.DIVIDER + edit_line(path.next)
        return question_line("next", now, done=done, refused=refused), answer
    # What the caption omits cannot be in the caption after it.
    now = _caption(edit.source, rng, complete=task == "after")
    typed = as_typed(ask(edit, rng), rng)
    return question_line(task, now, typed), canonical(
        edit.target
    ) if task == "after" else edit_line(edit)


def language_corpus() -> list[str]:
    """What the tokenizer learns from: the picture corpus and whole lines of every task."""
    rng = np.random.default_rng(0x1A2)
    corpus_lines = corpus(edits=2000)
    for i in range(3000):
        prompt, answer = example(sample_edit(rng), TASKS[i % len(TASKS)], rng)
        corpus_lines.append(f"{prompt} {answer}")
    # Words as inside a line: with a space before them.
    return corpus_lines + [f" {line}" for line in corpus_lines if " " not in line]


class LanguageLoss(nn.Module):
    """Cross entropy on the answer, and faintly on the question.

    Rows of like length go through the model together where much of a batch is padding, and only
    the tokens that count are compared: of uneven lengths a batch takes less than half the time.
    """

    def __init__(self, gpt: Any, question_weight: float) -> None:
        super().__init__()
        self.gpt, self.question_weight = gpt, question_weight

    def forward(self, ids: Tensor, mask: Tensor, answer: Tensor) -> dict[str, Tensor]:
        """Loss and figures of a batch.

        Args:
            ids: (N, T), padded at the right.
            mask: (N, T), 0 on padding.
            answer: (N, T), 1 on the answer and its end of text.
        """
        read_too = self.question_weight > 0
        losses, inside = [], []
        wrong = torch.zeros(len(ids), dtype=torch.bool, device=ids.device)
        for rows in rows_of_like_length(mask):
            length = int(mask[rows].sum(1).max())
            logits = self.gpt(
                input_ids=ids[rows, :length], attention_mask=mask[rows, :length]
            ).logits[:, :-1]
            of_answer = answer[rows, 1:length].bool()
            kept = mask[rows, 1:length].bool() if read_too else of_answer
            found, wanted = logits[kept].float(), ids[rows, 1:length][kept]
            losses.append(nn.functional.cross_entropy(found, wanted, reduction="none"))
            inside.append(of_answer[kept])
            missed = (found.detach().argmax(-1) != wanted) & inside[-1]
            wrong[rows[kept.nonzero()[missed, 0]]] = True
        each, is_answer = torch.cat(losses), torch.cat(inside).float()
        answer_loss = (each * is_answer).sum() / is_answer.sum()
        before = 1 - is_answer
        read = (each * before).sum() / before.sum().clamp_min(1)
        return {
            "loss": answer_loss + self.question_weight * read,
            "answer": answer_loss,
            "whole": 1 - wrong.float().mean(),
        }


def rows_of_like_length(mask: Tensor) -> list[Tensor]:
    """Numbers of the rows (N, T) in four groups from short to long, or in one.

    Args:
        mask: (N, T), 0 on padding; one group where less than a quarter of it is padding.
    """
    order = mask.sum(1).argsort(stable=True)
    full = float(mask.float().mean()) > 0.75
    return [order] if full or len(order) < 4 else list(order.tensor_split(4))


@dataclass(frozen=True)
class LanguageSize:
    """The numbers of GPT-2's config; the defaults are the shipped model's."""

    layers: int = 6
    width: int = 224
    heads: int = 7
    context: int = 192


@dataclass(frozen=True)
class LanguageRecipe:
    """Fresh edits of the training split, tasks in turn; it needs no pictures.

    Attributes:
        start: a `GPT2LMHeadModel` of an earlier training to go on from.
    """

    tokenizer: Any
    size: LanguageSize = field(default_factory=LanguageSize)
    batch_size: int = 48
    question_weight: float = 0.1
    plan: TrainingPlan = field(
        default_factory=lambda: TrainingPlan(steps=2000, lr=1e-3, weight_decay=0.05, shared=True)
    )
    name: str = "language"
    start: Any = None

    def network(self) -> nn.Module:
        """See `Recipe.network`."""
        from transformers import GPT2Config, GPT2LMHeadModel

        if self.start is not None:
            return LanguageLoss(copy.deepcopy(self.start), self.question_weight)
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
            line_format=LINE_FORMAT,
        )
        return LanguageLoss(GPT2LMHeadModel(config), self.question_weight)

    def batch(self, step: int, rng: np.random.Generator) -> Batch:
        """Padded at the right to the longest line, at most ``context`` pieces."""
        rows = []
        tasks = [_MIX[i % len(_MIX)] for i in range(self.batch_size)]
        rng.shuffle(tasks)  # processes that share a batch get some of each
        for task in tasks:
            kind = HARDER[int(rng.integers(len(HARDER)))] if rng.random() < 0.4 else None
            edit = sample_edit(rng, kind)
            prompt, answer = example(edit, task, rng)
            head = self.tokenizer(prompt).input_ids
            tail = [*self.tokenizer(" " + answer).input_ids, self.tokenizer.eos_token_id]
            rows.append((head, tail))
        longest = min(self.size.context, max(len(h) + len(t) for h, t in rows))
        ids = torch.full((len(rows), longest), self.tokenizer.pad_token_id)
        mask, in_answer = torch.zeros_like(ids), torch.zeros_like(ids)
        for i, (head, tail) in enumerate(rows):
            line = (head + tail)[:longest]
            ids[i, : len(line)] = torch.tensor(line)
            mask[i, : len(line)] = 1
            in_answer[i, len(head) : len(line)] = 1
        return {"ids": ids, "mask": mask, "answer": in_answer}

    def export(self, network: nn.Module, folder: Path) -> None:
        """A stock causal language model folder."""
        save_pretrained(network.gpt, folder)
        self.tokenizer.save_pretrained(folder)


def apply(scene: Scene, parsed: ParsedEdit) -> Scene:
    """The scene after a parsed edit."""
    return scene.with_(**parsed.changes)
