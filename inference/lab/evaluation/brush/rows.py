"""Rows and tables of a run on MagicBrush's layout, from a file or from the command line."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from editor.model.patch import SettingValues
from inference.lab.evaluation.methods import Arm
from inference.lab.evaluation.protocol import BadOption

DO_NOTHING: Final = "do_nothing"
"""The source as it is: wins where little change is asked, so it stands beside every method."""

TARGET: Final = "target"
"""The wanted picture itself: the oracle of figures that compare a picture with words."""

GENERATED: Final = "generated"
"""Pictures of another program, named as the authors' scripts name them."""

SINGLE, MULTI = "single", "multi"
TURNS: Final = (SINGLE, MULTI)
"""Every turn from the given picture, or each from the method's own result of the turn before."""

EXACT, BEFORE, AUTOMATIC = "exact", "before", "automatic"
CAPTIONS: Final = (EXACT, BEFORE, AUTOMATIC)
"""Whose captions a method is given: both of the data; the one before of the data and the one after
by the language model; both by captioner and language model."""

TABLE: Final = Path(__file__).parent / "storybook_brush.toml"
"""The rows of the large table, fixed before any was measured."""


@dataclass(frozen=True)
class BrushRow:
    """How one row edits.

    Attributes:
        name: in tables and folders.
        method: registry name, or `DO_NOTHING`, `TARGET`, `GENERATED`.
        settings: fixed for every edit.
        captions: of `CAPTIONS`.
        written: method and settings as ``--method`` takes them.
    """

    name: str
    method: str
    settings: SettingValues = ()
    captions: str = EXACT
    written: str = ""

    @classmethod
    def parse(cls, text: str, *, name: str = "", captions: str = EXACT) -> BrushRow:
        """METHOD or METHOD:NAME=VALUE,...

        Raises:
            UnknownMethod, BadSetting, BadOption: there is no such thing.
        """
        if captions not in CAPTIONS:
            raise BadOption(f"There are no captions {captions}.", f"One of {', '.join(CAPTIONS)}.")
        if text in (DO_NOTHING, TARGET, GENERATED):
            return cls(name or text, text, written=text)
        arm = Arm.parse(text)
        return cls(name or text, arm.method, arm.settings, captions, text)

    @property
    def key(self) -> str:
        """What its pictures depend on besides turn and seed."""
        return f"{self.written} {self.captions}"


@dataclass(frozen=True)
class BrushTable:
    """Rows that are compared on the same turns.

    Attributes:
        name: of the table.
        turns: of `TURNS`.
        first: as many turns, or sessions of `MULTI`; None for all.
        rows: of the table.
    """

    name: str
    turns: str
    first: int | None
    rows: tuple[BrushRow, ...]


def read_tables(path: Path) -> tuple[BrushTable, ...]:
    """Tables of a TOML file: ``[[row]]`` and ``[[table]]``.

    Raises:
        BadOption: the file cannot be read or lacks something, or a table names a row or way of
            turns that does not exist.
    """
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadOption(f"{path.name} cannot be read: {error}.", "Name a table file.") from error
    try:
        rows = {
            one["name"]: BrushRow.parse(
                one["method"], name=one["name"], captions=one.get("captions", EXACT)
            )
            for one in values["row"]
        }
        return tuple(_table(one, rows) for one in values["table"])
    except KeyError as error:
        raise BadOption(f"{path.name} lacks {error}.", "Correct the file.") from error


def _table(one: dict[str, Any], rows: dict[str, BrushRow]) -> BrushTable:
    unknown = [name for name in one["rows"] if name not in rows]
    if unknown or one["turns"] not in TURNS:
        wrong = ", ".join(unknown) or one["turns"]
        raise BadOption(f"Table {one['name']} names {wrong}: there is none.", "Correct the file.")
    chosen = tuple(rows[name] for name in one["rows"])
    return BrushTable(one["name"], one["turns"], one.get("first"), chosen)


def named_tables(
    methods: Sequence[str], turns: Sequence[str], first: int | None, captions: str
) -> tuple[BrushTable, ...]:
    """The tables of ``--method``: doing nothing and the target beside the methods."""
    rows = tuple(BrushRow.parse(text, captions=captions) for text in (DO_NOTHING, TARGET, *methods))
    return tuple(BrushTable(way, way, first, rows) for way in turns)
