"""Questions and answers that traces teach, with as much context as each arm is given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from editor.model.prompt_edit.prompt_edit import EditKind, prompt_edit
from editor.model.trace import Trace, TraceStep
from inference.language.remaining_edits import kind_of_words
from inference.language.trace_lines import after_line, next_line
from inference.starter import lines as storybook_lines
from inference.starter.captions import parse_caption
from inference.starter.grammar import instruction_of
from inference.starter.lines import ParsedEdit
from inference.starter.world_captions import read_caption

ContextKind = Literal["prompt", "path", "caption"]
CONTEXTS: Final[tuple[ContextKind, ...]] = ("prompt", "path", "caption")
"""What a model is told: the present prompt alone; and the path with its refusals; and the caption
of the picture in the place of the prompt."""

LearntExample = tuple[str, str]
"""A question and its answer."""

Lines = Callable[["NextEdit", ContextKind], LearntExample | None]
"""Writes an example in the lines of a model; None where it has no words for it."""


@dataclass(frozen=True)
class NextEdit:
    """A place in a trace and the edit that follows.

    Attributes:
        now, then: the kept steps before and after the edit.
        done: instructions that led to `now`, oldest first.
        refused: instructions that were refused on the way and at this place.
    """

    now: TraceStep
    then: TraceStep
    done: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()

    @property
    def kind(self) -> EditKind | None:
        """The kind of the edit by words; None where a prompt or caption is missing."""
        before, after = self.now.prompt or self.now.caption, self.then.prompt or self.then.caption
        return kind_of_words(prompt_edit(before, after)) if before and after else None


def next_edits(trace: Trace) -> Iterator[NextEdit]:
    """Every place of a trace that an edit follows."""
    done: list[str] = []
    refused: list[str] = []
    now: TraceStep | None = None
    for step in trace.steps:
        if not step.accepted:
            refused.append(step.instruction)
            continue
        if now is not None:
            yield NextEdit(now, step, tuple(done), tuple(refused))
        if step.instruction:
            done.append(step.instruction)
        now = step


def general_example(edit: NextEdit, context: ContextKind) -> LearntExample | None:
    """An example in the lines of `inference.language.trace_lines`."""
    if not edit.then.instruction:
        return None
    seen = edit.now.caption if context == "caption" and edit.now.caption else edit.now.prompt
    path = (edit.done, edit.refused) if context != "prompt" else ((), ())
    return next_line(seen, *path), edit.then.instruction


def after_example(edit: NextEdit) -> LearntExample | None:
    """The caption after an edit, where both captions are known."""
    before, after = edit.now.prompt or edit.now.caption, edit.then.prompt or edit.then.caption
    if not before or not after or not edit.then.instruction:
        return None
    return after_line(before, edit.then.instruction), after


def storybook_example(edit: NextEdit, context: ContextKind) -> LearntExample | None:
    """An example in the lines of the starter language model.

    The answer has the edit in plain words and as it is parsed: in the artist's words most of what
    is learnt would be how artists vary them.
    """
    parsed = parsed_between(edit.now.caption, edit.then.caption)
    if parsed is None:
        return None
    caption = edit.now.caption if context == "caption" else edit.now.prompt
    path = (edit.done, edit.refused) if context != "prompt" else ((), ())
    question = storybook_lines.question_line("next", caption, done=path[0], refused=path[1])
    plain = instruction_of(read_caption(edit.now.prompt), parsed)
    edit_words = storybook_lines.edit_line(parsed.kind, parsed.changes)
    return question, f"{plain}{storybook_lines.DIVIDER}{edit_words}"


def parsed_between(before: str, after: str) -> ParsedEdit | None:
    """The one edit between two whole captions of the storybook; None for none or several."""
    old, new = parse_caption(before), parse_caption(after)
    changed = {n for n in {**old, **new} if old.get(n) != new.get(n)} - {"second_colour"}
    if not changed and old.get("second_colour") != new.get("second_colour"):
        return ParsedEdit("recolour", {"second_colour": new.get("second_colour", "")})
    if len(changed) != 1:
        return None
    name = changed.pop()
    nothing = {"second": "none", "ground": "bare"}.get(name)
    changes = {name: new[name]} if name in new else {}
    if not changes:
        return None
    if name == "second" and new[name] != nothing:
        changes["second_colour"] = new.get("second_colour", "")
    if name in ("light", "weather", "season", "style"):
        kind = name
    elif name == "colour":
        kind = "recolour"
    elif nothing is None:
        kind = "replace"
    else:
        kind = "remove" if new[name] == nothing else "add" if old[name] == nothing else "replace"
    found = ParsedEdit(kind, changes)
    return storybook_lines.parse_edit(storybook_lines.edit_line(kind, changes)) and found


@dataclass(frozen=True)
class SuggestExamples:
    """The examples of some traces, drawn with a context of any kind.

    Attributes:
        edits: places to learn from.
        lines: how an example is written.
        contexts: that are drawn, equally often.
        after: share of examples that ask for the caption after an edit, where it is known.
    """

    edits: Sequence[NextEdit]
    lines: Lines
    contexts: tuple[ContextKind, ...] = CONTEXTS
    after: float = 0.0

    @classmethod
    def of(
        cls,
        traces: Iterable[Trace],
        lines: Lines,
        *,
        contexts: tuple[ContextKind, ...] = CONTEXTS,
        kinds: frozenset[str] = frozenset(),
        after: float = 0.0,
    ) -> SuggestExamples:
        """The examples that can be written of some traces.

        Args:
            traces: to learn from.
            lines: how an example is written.
            contexts: that are drawn.
            kinds: of edits by words; empty for all. Edits of unknown kind are left out then.
            after: share of examples that ask for the caption after an edit.
        """
        found = [edit for trace in traces for edit in next_edits(trace)]
        chosen = [edit for edit in found if not kinds or edit.kind in kinds]
        usable = [edit for edit in chosen if lines(edit, contexts[0]) is not None]
        return cls(usable, lines, contexts, after)

    def draw(self, rng: np.random.Generator) -> LearntExample:
        """One example; equal states give equal examples."""
        edit = self.edits[int(rng.integers(len(self.edits)))]
        context = self.contexts[int(rng.integers(len(self.contexts)))]
        if rng.random() < self.after:
            after = after_example(edit)
            if after is not None:
                return after
        example = self.lines(edit, context)
        assert example is not None  # `of` left out what cannot be written
        return example
