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
    caption: str,
    instruction: str,
    readings: Sequence[Direction] = (),
    domain: LanguageDomain | None = None,
) -> Question | None:
    """At most one question, with two to four answers; each answer is an instruction to go on with.

    There is one where the instruction names a thing that the caption does not, where it points
    ("remove it") and the caption names several things, or where the readings differ.

    Args:
        caption: of the picture.
        instruction: what the artist asks.
        readings: what the language model made of it, the likeliest first.
        domain: the world that knows picture and caption, if there is one.
    """
    things = things_of(caption, domain)
    if not things:
        return None
    missing = _missing(instruction, caption, domain)
    if missing:
        swapped = [_with(instruction, missing, thing) for thing in things]
        answers = (*swapped[: ANSWERS - 1], instruction)
        return _worded(Message("question.not_in_caption", thing=missing), answers, caption)
    if _POINTING.search(instruction) and len(things) > 1:
        meant = [_pointed(instruction, thing) for thing in things[:ANSWERS]]
        return _worded(Message("question.which_thing"), meant, caption)
    if len(readings) > 1 and not readings[0].agreed:
        by_answer = {_reading_text(r): r for r in reversed(readings[:ANSWERS])}
        if len(by_answer) > 1:
            answers = tuple(reversed(by_answer))
            return Question(
                Message("question.which_reading"),
                answers,
                tuple(
                    Instruction(instruction, caption, by_answer[one].target_prompt)
                    for one in answers
                ),
            )
    return None


def _worded(text: Message, answers: Sequence[str], caption: str) -> Question:
    """A question whose answers are instructions themselves; what they lead to is read then."""
    distinct = _distinct(answers)
    return Question(text, distinct, tuple(Instruction(one, caption) for one in distinct))


def things_of(caption: str, domain: LanguageDomain | None = None) -> tuple[str, ...]:
    """Nouns of a caption that an instruction may be about, in their order.

    A world that knows the caption names them; elsewhere they are the last word of each noun
    phrase that an article opens.
    """
    if domain is not None:
        return domain.things(caption)
    found: list[str] = []
    for match in re.finditer(r"\b(?:an?|the|two|three|some)\s+(?=((?:[\w'-]+\s*){1,4}))", caption):
        noun = _noun(match[1]).rpartition(" ")[2]
        if noun and noun not in found and noun not in _EVERYWHERE:
            found.append(noun)
    return tuple(found)


def _missing(instruction: str, caption: str, domain: LanguageDomain | None) -> str:
    """A thing that the instruction treats as present and the caption does not name; "" if none."""
    known = {_single(word.key) for thing in things_of(caption, domain) for word in words(thing)}
    for name in domain.other_names(caption) if domain is not None else ():
        known |= {_single(word.key) for word in words(name)}
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
