from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, Flag, auto


class Changes(Flag):
    """What kinds of thing changed; panels redraw only their own part."""

    NONE = 0
    DOCUMENT = auto()
    """Another document, its name, or "saved at"."""
    HISTORY = auto()
    """Nodes, stars, names, notes."""
    HEAD = auto()
    """Where you are: the picture on the canvas."""
    PIXELS = auto()
    """The pixels of the current node arrived."""
    RESULTS = auto()
    """The set of results, their order or their scores."""
    PREVIEW = auto()
    """A picture or progress inside one result."""
    LOOK = auto()
    """Which result is looked at, compared, faded or painted."""
    SELECTION = auto()
    JOB = auto()
    """A job started or ended; Run becomes Cancel and back."""
    MESSAGE = auto()
    """The line under the prompt."""
    READING = auto()
    """How the words in the box were understood."""
    ENGINE = auto()
    """Device, memory, models, whether the child is up."""
    OTHER_IDEA = HEAD | HISTORY | RESULTS | LOOK | JOB | MESSAGE
    """The artist went to another idea."""
    ALL = (
        DOCUMENT
        | HISTORY
        | HEAD
        | PIXELS
        | RESULTS
        | PREVIEW
        | LOOK
        | SELECTION
        | JOB
        | MESSAGE
        | READING
        | ENGINE
    )


Notify = Callable[[Changes], None]
"""How a part of the session says what changed; `Session.changed.emit` in the program."""


class MessageKind(Enum):
    """Order of priority on the line: errors and notices, progress, reading, caption."""

    ERROR = "error"
    NOTICE = "notice"
    PROGRESS = "progress"


@dataclass(frozen=True)
class StatusMessage:
    """One sentence for the line under the prompt, with at most two buttons.

    Attributes:
        kind: see `MessageKind`.
        text: what happened, then what to do; already translated.
        button: a verb, or "" for none.
        action: id of the action the button triggers (`app/window/actions.py`).
        seconds: how long it stays; 0 = until something replaces it.
        details: for "Copy details".
        second_button, second_action: the same of the second button.
        lasting: it is about no picture, so it stays when another one is shown.
        until: it goes when one of these changes, for then its cause is gone.
    """

    kind: MessageKind
    text: str
    button: str = ""
    action: str = ""
    seconds: float = 0.0
    details: str = ""
    second_button: str = ""
    second_action: str = ""
    lasting: bool = False
    until: Changes = Changes.NONE
