"""The lines that language models fine-tuned on traces are trained on and asked in.

A question is a few lines of plain text; what is not known is left out. The answer follows after one
space and ends with the text:

- ``Picture: C`` / ``Asked: I1; I2`` / ``Refused: I3`` / ``Next:`` an instruction to give now;
- ``Picture: C`` / ``Asked: I`` / ``After:`` the caption after that edit.

No other module spells these lines out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from inference.language.fitted_question import fitted_question
from inference.language.proposals import Context

TRACE_LINES: Final = "trace-lines-1"
"""The ``suggest_lines`` in the config of a model that was trained on these lines."""

DONE_LIMIT: Final = 6
REFUSED_LIMIT: Final = 4
NEXT_TOKENS: Final = 32
AFTER_TOKENS: Final = 96
"""The longest answers, with some room."""


def speaks_trace_lines(config: Any) -> bool:
    """Whether a model's config says that it was trained on these lines."""
    return getattr(config, "suggest_lines", None) == TRACE_LINES


def next_line(caption: str, done: Sequence[str] = (), refused: Sequence[str] = ()) -> str:
    """The question for a next edit; of a long path only its end is asked about."""
    asked = "; ".join(_one_line(text) for text in done[-DONE_LIMIT:])
    no = "; ".join(_one_line(text) for text in refused[-REFUSED_LIMIT:])
    return _lines(("Picture", caption), ("Asked", asked), ("Refused", no)) + "Next:"


def after_line(caption: str, instruction: str) -> str:
    """The question for the caption after an edit."""
    return _lines(("Picture", caption), ("Asked", instruction)) + "After:"


def fitting_next_line(context: Context, room: int, count: Callable[[str], int]) -> str | None:
    """The question for a next edit in at most `room` tokens, the path cut from its beginning.

    Args:
        context: caption, path and refusals.
        room: tokens the question may have.
        count: tokens of a text.

    Returns:
        None where even the bare caption is too long.
    """
    return fitted_question(
        lambda done, refused: next_line(context.caption, done, refused), context, room, count
    )


def _lines(*named: tuple[str, str]) -> str:
    parts = ((name, _one_line(text)) for name, text in named)
    return "".join(f"{name}: {text}\n" for name, text in parts if text)


def _one_line(text: str) -> str:
    return " ".join(text.split())
