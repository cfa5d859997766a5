"""From the language model's answers to what is done with an instruction: carried out, or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from editor.messages import Message
from inference.language.direction import (
    AlreadyShown,
    Direction,
    ModelAnswer,
    ThingAbsent,
    WordsUnknown,
)
from inference.language.verbs import ADDING
from inference.starter.captions import GROUND_WORDS, SECOND_WORDS, article, parse_caption
from inference.starter.known_words import (
    absent_thing,
    content_count,
    is_of_world,
    named_share,
    unknown_words,
)
from inference.starter.language import edit_named
from inference.starter.lines import ParsedEdit, parse_edit
from inference.starter.plain import edits_between
from inference.starter.word_confidence import ENOUGH, Evidence, confidence
from inference.starter.world_captions import CaptionReading, read_caption, reword

_NAMED_MOST: Final = 3
"""So many unknown words are named."""


@dataclass(frozen=True)
class Understanding:
    """One edit that an instruction may ask for.

    Attributes:
        edit: what it would set.
        target: the caption after it; None where the caption says so already.
        evidence: what speaks for it.
        unknown: words of the instruction that have no part in it.
    """

    edit: ParsedEdit
    target: str | None
    evidence: Evidence
    unknown: tuple[str, ...]

    @property
    def confidence(self) -> float:
        """How sure it is that this is meant, 0 to 1."""
        return confidence(self.evidence)


def readings(caption: str, instruction: str, answers: Sequence[ModelAnswer]) -> list[Understanding]:
    """The edits that an instruction may ask for, none to three.

    Args:
        caption: before the edit.
        instruction: what the artist asks.
        answers: to `direction_questions`: the parsed edit, and the caption after it.
    """
    before = read_caption(caption)
    return [
        _reading(before, edit, instruction, saying)
        for edit, saying in _edits(before, instruction, answers)
    ]


def understood(
    caption: str, instruction: str, answers: Sequence[ModelAnswer], *, every_word: bool = False
) -> tuple[Direction, ...]:
    """The direction that words surely ask for.

    Args:
        caption: before the edit.
        instruction: what the artist asks.
        answers: to `direction_questions`.
        every_word: refuse where a single word has no part in what was read.

    Raises:
        ThingAbsent: they are about a thing of this world that the caption does not name.
        AlreadyShown: the caption says so already.
        WordsUnknown: it is not sure enough what they ask for.
    """
    before = read_caption(caption)
    if missing := absent_thing(instruction, before):
        raise ThingAbsent(
            Message("words.thing_absent", thing=missing), Message("do.change_caption")
        )
    found = readings(caption, instruction, answers)
    # Of two that are equally sure the one that changes something is meant.
    best = max(found, key=lambda one: (one.confidence, one.target is not None), default=None)
    if best is None or best.confidence < ENOUGH or (every_word and best.unknown):
        raise unknown(instruction, best.unknown if best is not None else ())
    if best.target is None:
        raise already_shown(before, best.edit)
    return (Direction(caption, best.target, agreed=True),)


def unknown(instruction: str, words: Sequence[str]) -> WordsUnknown:
    """The refusal of words that the models of this world do not know, or cannot carry out."""
    fix = Message("do.say_what_models_know")
    if ADDING.search(instruction):
        fix = Message("do.say_addable", things=", ".join(addable()))
    if not words:
        return WordsUnknown(Message("words.unclear"), fix)
    strange = [word for word in words if not is_of_world(word)]
    named = ", ".join(f"“{word}”" for word in (strange or words)[:_NAMED_MOST])
    return WordsUnknown(
        Message("words.unknown_to_models" if strange else "words.beyond_models", words=named), fix
    )


def addable() -> tuple[str, ...]:
    """What an edit can add, with its article."""
    things = (article(row[0]) for row in SECOND_WORDS.values())
    return (*things, *(row[0] for row in GROUND_WORDS.values()))


def already_shown(before: CaptionReading, edit: ParsedEdit) -> AlreadyShown:
    """The answer to words that ask for what a caption says already."""
    shown = ", ".join(
        dict.fromkeys(words for name in edit.changes if (words := before.words_of(name)))
    )
    fix = Message("do.change_caption")
    if not shown:
        return AlreadyShown(Message("words.already_so"), fix)
    return AlreadyShown(Message("words.already_shown", shown=shown), fix)


def _edits(
    before: CaptionReading, instruction: str, answers: Sequence[ModelAnswer]
) -> Iterator[tuple[ParsedEdit, Sequence[ModelAnswer]]]:
    """The edits in both answers and in the words alone, each with the answers that say so."""
    line, after = answers
    said = parse_edit(line.text)
    then = read_caption(after.text)
    changed = edits_between(before, then) if then.inside else ()
    if said is not None:
        wanted = before.values | dict(said.changes)
        if wanted["second"] == "none":
            wanted.pop("second_colour", None)
        yield said, answers if parse_caption(after.text) == wanted else (line,)
    found = [said.changes] if said is not None else []
    if len(changed) == 1 and changed[0].changes not in found:
        found.append(changed[0].changes)
        yield changed[0], (after,)
    named = edit_named(instruction, before)
    if named is not None and named.changes not in found:
        yield named, ()


def _reading(
    before: CaptionReading, edit: ParsedEdit, instruction: str, saying: Sequence[ModelAnswer]
) -> Understanding:
    """What speaks for an edit.

    Args:
        before: of the caption before.
        edit: what is read in the words.
        instruction: the words.
        saying: the answers that say so; none where only the words do.
    """
    missing = unknown_words(instruction, edit, before)
    evidence = Evidence(
        sum(answer.log_probability for answer in saying),
        len(saying) > 1,
        named_share(instruction, edit, before),
        len(missing) / max(1, content_count(instruction)),
    )
    return Understanding(edit, reword(before, edit), evidence, missing)
