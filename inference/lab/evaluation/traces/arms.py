"""Language models that propose the next edit of a trace, each asked in its own lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from editor.messages import verbatim
from inference.lab.finetune.suggest_examples import ContextKind, NextEdit
from inference.language import chat
from inference.language.generate import Language, best_answers, context_of, token_count
from inference.language.proposals import Context, Proposal
from inference.language.trace_lines import (
    AFTER_TOKENS,
    NEXT_TOKENS,
    after_line,
    fitting_next_line,
    speaks_trace_lines,
)
from inference.request.jobs import PathStep
from inference.starter.language import ANSWER_TOKENS, next_question, speaks_lines
from inference.starter.lines import parse_next
from inference.starter.world_captions import read_caption, reword


class SuggestArm(Protocol):
    """One way to propose."""

    @property
    def name(self) -> str:
        """In tables."""

    def propose(self, edits: Sequence[NextEdit], context: ContextKind) -> list[Proposal | None]:
        """One proposal for each place, None where the answer cannot be used.

        All arms edit the present prompt; `context` says what else they see.
        """


@dataclass(frozen=True)
class StorybookArm:
    """A model that speaks the lines of the starter language model."""

    name: str
    language: Language

    def propose(self, edits: Sequence[NextEdit], context: ContextKind) -> list[Proposal | None]:
        """See `SuggestArm.propose`; the likeliest answer, read by the grammar."""
        tokens = ANSWER_TOKENS["next"]
        room = context_of(self.language) - tokens
        contexts = [context_for(edit, context) for edit in edits]
        questions = [
            next_question(one, room, lambda text: token_count(self.language, text))
            for one in contexts
        ]
        answers = _answers(self.language, questions, tokens)
        return [self._read(answer, edit) for answer, edit in zip(answers, edits, strict=True)]

    def _read(self, answer: str, edit: NextEdit) -> Proposal | None:
        parsed = parse_next(answer)
        if parsed is None:
            return None
        target = reword(read_caption(edit.now.prompt), parsed[1])
        return None if target is None else Proposal(parsed[0], target, verbatim(""))


@dataclass(frozen=True)
class TraceLinesArm:
    """A model that was fine-tuned on the lines of `inference.language.trace_lines`."""

    name: str
    language: Language

    def propose(self, edits: Sequence[NextEdit], context: ContextKind) -> list[Proposal | None]:
        """See `SuggestArm.propose`; first the instruction, then the prompt after it."""
        room = context_of(self.language) - NEXT_TOKENS
        questions = [
            fitting_next_line(
                context_for(edit, context), room, lambda text: token_count(self.language, text)
            )
            for edit in edits
        ]
        texts = _answers(self.language, questions, NEXT_TOKENS)
        asked = [
            after_line(edit.now.prompt, text) if text and edit.now.prompt else None
            for edit, text in zip(edits, texts, strict=True)
        ]
        targets = _answers(self.language, asked, AFTER_TOKENS)
        return [
            Proposal(text, target, verbatim("")) if text else None
            for text, target in zip(texts, targets, strict=True)
        ]


@dataclass(frozen=True)
class ChatArm:
    """Any other model, asked for JSON with some examples of each kind before the question."""

    name: str
    language: Language
    shots: int = 0

    def propose(self, edits: Sequence[NextEdit], context: ContextKind) -> list[Proposal | None]:
        """See `SuggestArm.propose`."""
        contexts = [context_for(edit, context) for edit in edits]
        questions: list[str | None] = [
            chat.as_text(
                chat.suggest_messages(one, self.shots),
                self.language.tokenizer,
                template=self.language.has_template,
            )
            for one in contexts
        ]
        answers = _answers(self.language, questions, chat.ANSWER_TOKENS, ends=True)
        return [
            chat.read_loosely(answer, edit.now.prompt)
            for answer, edit in zip(answers, edits, strict=True)
        ]


def arms_of(name: str, language: Language) -> tuple[SuggestArm, ...]:
    """The ways a model is asked: in the lines it was trained on, else zero-shot and few-shot."""
    config = language.model.config
    if speaks_lines(config):
        return (StorybookArm(name, language),)
    if speaks_trace_lines(config):
        return (TraceLinesArm(name, language),)
    return (ChatArm(f"{name}.zero-shot", language), ChatArm(f"{name}.few-shot", language, 3))


def context_for(edit: NextEdit, context: ContextKind) -> Context:
    """What an arm is told at a place of a trace."""
    if context == "prompt":
        return Context(edit.now.prompt)
    seen = edit.now.caption if context == "caption" and edit.now.caption else edit.now.prompt
    path = tuple(PathStep(text) for text in edit.done)
    return Context(seen, path, edit.refused)


def _answers(
    language: Language, questions: Sequence[str | None], tokens: int, *, ends: bool = False
) -> list[str]:
    """The likeliest answer to each question, "" where there is none or it does not fit."""
    most = context_of(language) - tokens
    asked = [
        i for i, q in enumerate(questions) if q is not None and token_count(language, q) <= most
    ]
    found = best_answers(
        language,
        [str(questions[i]) for i in asked],
        tokens,
        lambda: None,
        chat.answer_ends if ends else None,
    )
    answers = [""] * len(questions)
    for i, answer in zip(asked, found, strict=True):
        answers[i] = answer.text
    return answers
