"""The lines the starter language model is trained on and asked in.

A question is a few lines of plain text (here divided by slashes); the answer follows the last
keyword after one space, then end of text:

- ``caption: C`` / ``ask: I`` / ``after:`` the caption after the edit, complete and plain;
- ``caption: C`` / ``ask: I`` / ``edit:`` the parsed edit, ``kind attribute = value``;
- ``caption: C`` / ``done: I1; I2`` / ``no: I3`` / ``next:`` an instruction one might give now and,
  after `` | ``, its parsed edit. ``done`` is the path so far, ``no`` what was refused here.

No other module spells these lines out: training writes them, inference asks in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from inference.starter.scene import ATTRIBUTES

LINE_FORMAT: Final = "storybook-lines-2"
"""The ``line_format`` in the config of a model that was trained on these lines."""

Task = Literal["after", "edit", "next"]
TASKS: Final[tuple[Task, ...]] = ("after", "edit", "next")
DIVIDER: Final = " | "
DONE_LIMIT: Final = 4
REFUSED_LIMIT: Final = 3

_KINDS: Final = ("replace", "recolour", "add", "remove", "light", "weather", "season", "style")


@dataclass(frozen=True)
class ParsedEdit:
    """An edit as the model understood it.

    Attributes:
        kind: one of the storybook's kinds of edit.
        changes: attributes and their new values, ready for `Scene.with_`.
    """

    kind: str
    changes: dict[str, str]

    @property
    def attribute(self) -> str:
        """What the edit is about; the colour of a new thing only goes with it."""
        return next(name for name in self.changes if name != "second_colour" or self.only_colour)

    @property
    def only_colour(self) -> bool:
        """True if nothing but the second object's colour changes."""
        return set(self.changes) == {"second_colour"}


def question_line(
    task: Task,
    caption: str,
    instruction: str = "",
    done: tuple[str, ...] = (),
    refused: tuple[str, ...] = (),
) -> str:
    """What the model is asked; its answer follows after one space.

    Of a long path only the last `DONE_LIMIT` instructions and `REFUSED_LIMIT` refusals are given.
    Instructions are in lower case, as all that the model learnt from.
    """
    caption = _one_line(caption)
    if task == "next":
        path = "; ".join(_one_line(text).lower() for text in done[-DONE_LIMIT:])
        no = "; ".join(_one_line(text).lower() for text in refused[-REFUSED_LIMIT:])
        return f"caption: {caption}\ndone: {path}\nno: {no}\nnext:"
    return f"caption: {caption}\nask: {_one_line(instruction).lower()}\n{task}:"


def edit_line(kind: str, changes: dict[str, str]) -> str:
    """The parsed edit: what is done, to which attribute, and its new value with its colour."""
    parsed = ParsedEdit(kind, changes)
    value = changes[parsed.attribute]
    if parsed.attribute == "second" and value != "none":
        value = f"{changes['second_colour']} {value}"
    return f"{kind} {parsed.attribute} = {value}"


def parse_edit(line: str) -> ParsedEdit | None:
    """Inverse of `edit_line`; None for anything that is no edit of this world."""
    left, _, value = line.strip().partition(" = ")
    kind, _, attribute = left.partition(" ")
    if kind not in _KINDS or attribute not in ATTRIBUTES or not _belongs(kind, attribute, value):
        return None
    changes: dict[str, str] = {}
    if attribute == "second" and value != "none":
        colour, _, value = value.partition(" ")
        changes["second_colour"] = colour
    changes[attribute] = value
    if any(v not in ATTRIBUTES[name] for name, v in changes.items()):
        return None
    return ParsedEdit(kind, changes)


def parse_next(answer: str) -> tuple[str, ParsedEdit] | None:
    """The instruction and its edit in an answer to ``next:``; None if it is anything else."""
    text, divider, line = answer.strip().partition(DIVIDER)
    parsed = parse_edit(line)
    text = text.strip()
    if not divider or parsed is None or not text or "\n" in answer.strip():
        return None
    return text, parsed


def _belongs(kind: str, attribute: str, value: str) -> bool:
    """Whether this kind of edit is ever about this attribute, and with such a value."""
    if kind in ("light", "weather", "season", "style"):
        return attribute == kind
    if kind == "recolour":
        return attribute in ("colour", "second_colour")
    nothing = value in ("none", "bare")
    if kind == "remove":
        return attribute in ("second", "ground") and nothing
    if kind == "add":
        return attribute in ("second", "ground") and not nothing
    return attribute in ("subject", "second") and not nothing


def _one_line(text: str) -> str:
    return " ".join(text.split())
