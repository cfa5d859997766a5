"""The one question worth asking before an edit, where caption and instruction do not meet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from editor.messages import Message
from editor.model.edit import Instruction
from editor.model.prompt_edit.prompt_edit import prompt_edit
from editor.model.prompt_edit.prompt_tokens import PromptToken, words
from inference.language.direction import Direction
from inference.language.language_domain import LanguageDomain
from inference.request.analysis import Question

ANSWERS: Final = 4
_NO_VERBS: Final = frozenset({"could", "can", "would", "please", "i", "the", "for", "with", "and"})

_NAMED: Final = re.compile(
    r"\b(?:the|this|that|these|those|my|his|her|their)\s+((?:[\w'-]+\s+){0,2}[\w'-]+)",
    re.IGNORECASE,
)
_POINTING: Final = re.compile(
    r"\b(?:remove|delete|erase|replace|recolour|recolor|paint|colour|move|swap|drop|lose)\s+"
    r"(?:it|this|that|them)\b|\bget rid of (?:it|this|that|them)\b",
    re.IGNORECASE,
)
# "the light", "the scene": of every picture, so no caption need name them.
_EVERYWHERE: Final = frozenset(
    """picture image photo photograph scene drawing painting whole everything light lighting time
    day night weather season style mood look colours colors colour color contrast sky background
    foreground shadows highlights edges corners horizon sun moon stars rain snow fog mist clouds
    tones atmosphere middle left right top bottom front back side corner center centre evening
    morning afternoon dark fall same way place hour""".split()  # noqa: SIM905  # reads as prose
)
_STOPPERS: Final = frozenset(
    """a an the of in on at with and by to near beside next for from into as is are was were be it
    its gold golden silver violet turquoise beige orange red yellow green blue purple pink white
    black grey gray brown big small little large
    old new should needs would could has have turn make than instead become more less please if
    behind before under over there out off up down away""".split()  # noqa: SIM905
)


_COMPARED: Final = re.compile(r"\w{2,}(?:er|ing)$", re.IGNORECASE)
_NOT_COMPARED: Final = frozenset(
    """water tower flower river paper corner letter winter summer tiger spider ladder feather
    weather finger sweater mother father brother sister player singer farmer border""".split()  # noqa: SIM905
)


def question(
    caption: str, instruction: str, domain: LanguageDomain | None = None
) -> Question | None:
    """At most one question, with two to four answers; each answer is an instruction to go on with.

    There is one where the instruction names a thing that is not in the picture, or where it points
    ("remove it") and the caption names several things. Answers name only things of the caption,
    and only those that the verb can be about.

    Args:
        caption: of the picture.
        instruction: what the artist asks.
        domain: the world that knows picture and caption, if there is one.
    """
    things = things_of(caption, domain, instruction)
    if not things:
        return None
    if domain is not None:
        missing = domain.absent(caption, instruction)
        return (
            _about_absent(instruction, missing, things, caption)
            if missing
            else _about_pointing(instruction, things, caption)
        )
    missing = _missing(instruction, caption)
    if missing:
        swapped = [_with(instruction, missing, thing) for thing in things]
        # A caption does not name everything, so the words as they are may be right.
        answers = (*swapped[: ANSWERS - 1], instruction)
        return _worded(Message("question.not_in_caption", thing=missing), answers, caption)
    return _about_pointing(instruction, things, caption)


def question_of_readings(instruction: str, readings: Sequence[Direction]) -> Question | None:
    """A question where a language model read words in several ways that do not contradict them.

    Args:
        instruction: what the artist asks.
        readings: what the model made of it, the likeliest first; see `contradicts`.
    """
    if len(readings) < 2 or readings[0].agreed:
        return None
    by_answer = {_reading_text(r): r for r in reversed(readings[:ANSWERS])}
    if len(by_answer) < 2:
        return None
    answers = tuple(reversed(by_answer))
    return Question(
        Message("question.which_reading"),
        answers,
        tuple(
            Instruction(instruction, by_answer[one].source_prompt, by_answer[one].target_prompt)
            for one in answers
        ),
    )


def _about_absent(
    instruction: str, missing: str, things: Sequence[str], caption: str
) -> Question | None:
    """Which of the things that are there is meant, in place of one that is not."""
    if len(things) < 2:
        return None
    shown = things[:ANSWERS]
    return Question(
        _absent(instruction, missing),
        tuple(f"The {thing}" for thing in shown),
        tuple(Instruction(_with(instruction, missing, thing), caption) for thing in shown),
        may_assume=False,
    )


def _about_pointing(instruction: str, things: Sequence[str], caption: str) -> Question | None:
    if not _POINTING.search(instruction) or len(things) < 2:
        return None
    meant = [_pointed(instruction, thing) for thing in things[:ANSWERS]]
    return _worded(Message("question.which_thing"), meant, caption)


def _absent(instruction: str, missing: str) -> Message:
    """That the thing is not there, and the instruction as a question: "Paint what gold?"."""
    thing = rf"(?:the|this|that|my)\s+(?:[\w'-]+\s+){{0,2}}?{re.escape(missing)}"
    words = re.match(
        rf"([\w']+) {thing}((?: [\w' -]+)?)[.!?]*$", instruction.strip(), re.IGNORECASE
    )
    if words is None or words[1].lower() in _NO_VERBS:
        return Message("question.absent", thing=missing)
    verb, rest = words[1].capitalize(), words[2]
    return Message("question.absent_from_order", thing=missing, verb=verb, rest=rest)


def _worded(text: Message, answers: Sequence[str], caption: str) -> Question | None:
    """A question whose answers are instructions themselves; what they lead to is read then."""
    distinct = _distinct(answers)
    if len(distinct) < 2:
        return None
    return Question(text, distinct, tuple(Instruction(one, caption) for one in distinct))


def things_of(
    caption: str, domain: LanguageDomain | None = None, instruction: str = ""
) -> tuple[str, ...]:
    """Nouns of a caption that an instruction may be about, in their order.

    A world that knows the caption names them; elsewhere they are the last word of each noun
    phrase that an article opens.
    """
    if domain is not None:
        return domain.things(caption, instruction)
    found: list[str] = []
    for match in re.finditer(r"\b(?:an?|the|two|three|some)\s+(?=((?:[\w'-]+\s*){1,4}))", caption):
        noun = _noun(match[1]).rpartition(" ")[2]
        if noun and noun not in found and noun not in _EVERYWHERE:
            found.append(noun)
    return tuple(found)


def _missing(instruction: str, caption: str) -> str:
    """A thing that the instruction treats as present and the caption does not name; "" if none."""
    known = {_single(word.key) for thing in things_of(caption) for word in words(thing)}
    known |= {_single(word.key) for word in words(caption)} - _STOPPERS
    if known & {_single(word.key) for word in words(instruction)}:
        return ""
    for match in _NAMED.finditer(instruction):
        noun = _noun(match[1])
        if noun and not {word.key for word in words(noun)} & _EVERYWHERE:
            return noun
    return ""


def _noun(phrase: str) -> str:
    """The words of a phrase that name the thing, up to the next preposition or verb."""
    found: list[PromptToken] = []
    for word in words(phrase):
        compared = _COMPARED.search(word.key) and word.key not in _NOT_COMPARED
        if word.key not in _STOPPERS and not (found and compared):
            found.append(word)
        elif found:
            break
    return phrase[found[0].start : found[-1].end] if found else ""


def _single(word: str) -> str:
    """A word without the ending of its plural."""
    for ending, rest in (("ies", "y"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"), ("s", "")):
        if word.endswith(ending) and len(word) > len(ending) + 2 and not word.endswith("ss"):
            return word[: -len(ending)] + rest
    return word


def _with(instruction: str, missing: str, thing: str) -> str:
    return re.sub(rf"\b{re.escape(missing)}\b", lambda _: thing, instruction, flags=re.IGNORECASE)


def _pointed(instruction: str, thing: str) -> str:
    def named(match: re.Match[str]) -> str:
        return re.sub(r"\b(?:it|this|that|them)$", f"the {thing}", match[0], flags=re.IGNORECASE)

    return _POINTING.sub(named, instruction, count=1)


def _reading_text(direction: Direction) -> str:
    """A reading in words: what it does to the caption."""
    forms = {"insert": "add {0}", "delete": "without {0}", "replace": "{1} instead of {0}"}
    changes = prompt_edit(direction.source_prompt, direction.target_prompt).changes
    return ", ".join(
        forms.get(c.op, "swap {0} and {1}").format(*([c.text, c.other])) for c in changes
    )


def _distinct(answers: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(answers))[:ANSWERS]
