"""Runs rows over the sessions of a folder, and gathers what was measured into tables."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image as Pillow

from editor.errors import ExpectedError
from editor.model.image import Image, Pixels
from inference.lab.evaluation.brush.editor import BrushEditor
from inference.lab.evaluation.brush.layout import (
    BrushSession,
    BrushTurn,
    generated_name,
    read_picture,
)
from inference.lab.evaluation.brush.measures import COLUMNS, BrushMeasures, WantedPicture
from inference.lab.evaluation.brush.rows import (
    DO_NOTHING,
    EXACT,
    GENERATED,
    MULTI,
    TARGET,
    BrushRow,
    BrushTable,
)
from inference.lab.evaluation.estimates import mean_over_sessions
from inference.lab.evaluation.partial import ItemValues, PartialResults
from inference.lab.evaluation.processes import ProcessShare
from inference.lab.evaluation.protocol import Estimate, ReportRow
from inference.lab.evaluation.report.folder import file_name

PICTURES: Final = "pictures"
"""Folder of results in a report: ``TURNS/ROW/ID/``, named as the authors' scripts name them."""

SECONDS: Final = "seconds"
REFUSED: Final = "refused"


class NoResult(ExpectedError):
    """The folder of generated pictures lacks one."""

    kind = "bad_data"


@dataclass(frozen=True)
class BrushPlace:
    """Where results are written and read.

    Attributes:
        report: None keeps no pictures.
        generated: pictures of another program, for the row `GENERATED`.
    """

    report: Path | None = None
    generated: Path | None = None

    def result(self, row: BrushRow, turns: str, turn: BrushTurn) -> Path | None:
        """File of a result; None where none is kept or given."""
        if row.method == GENERATED:
            folder = self.generated
        elif self.report is not None:
            folder = self.report / PICTURES / turns / file_name(row.name)
        else:
            folder = None
        if folder is None:
            return None
        name = generated_name(turn.session, turn.number, carried_on=turns == MULTI)
        return folder / turn.session / name


class BrushRun:
    """One run: edits what is not measured yet, measures it, and gathers tables.

    Single turns are items by themselves; of a session that is carried on, only the end is measured.
    """

    def __init__(
        self,
        sessions: Sequence[BrushSession],
        editor: BrushEditor,
        measures: BrushMeasures,
        results: PartialResults,
        place: BrushPlace,
        seed: int,
    ) -> None:
        self._sessions = tuple(sessions)
        self._editor = editor
        self._measures = measures
        self._results = results
        self._place = place
        self._seed = seed

    def items(self, table: BrushTable) -> list[tuple[BrushSession, tuple[BrushTurn, ...]]]:
        """The sessions of a table with the turns that are measured."""
        chosen: list[tuple[BrushSession, tuple[BrushTurn, ...]]] = []
        left = table.first
        for session in self._sessions:
            if left is not None and left <= 0:
                break
            if table.turns == MULTI:
                turns, used = session.turns[-1:], 1
            else:
                turns = session.turns[:left]
                used = len(turns)
            chosen.append((session, turns))
            left = None if left is None else left - used
        return chosen

    def measure(
        self,
        tables: Sequence[BrushTable],
        share: ProcessShare,
        on_item: Callable[[str, int, int], None],
    ) -> None:
        """Edit and measure this process's sessions of all rows; what was measured is left out."""
        work = [
            (table, row, session, turn)
            for table in tables
            for row in table.rows
            for session, turns in share.of(self.items(table))
            for turn in turns
        ]
        for done, (table, row, session, turn) in enumerate(work):
            on_item(row.name, done, len(work))
            carried = session if table.turns == MULTI else None
            self._measured(row, table.turns, turn, carried)

    def rows(self, table: BrushTable) -> list[ReportRow]:
        """The rows of a table of which everything was measured."""
        found = []
        for row in table.rows:
            values = [
                [self._results.get(_key(row, table.turns), turn.item) for turn in turns]
                for _, turns in self.items(table)
            ]
            known = [[one for one in some if one is not None] for some in values]
            if all(len(one) == len(all_of) for one, all_of in zip(known, values, strict=True)):
                metrics = self._metrics(known)
                found.append(ReportRow(f"{table.name}/{row.name}", sum(map(len, known)), metrics))
        return found

    def values(
        self, table: BrushTable, row: BrushRow
    ) -> list[tuple[BrushSession, BrushTurn, ItemValues]]:
        """What was measured of a row, for contact sheets."""
        return [
            (session, turn, values)
            for session, turns in self.items(table)
            for turn in turns
            if (values := self._results.get(_key(row, table.turns), turn.item)) is not None
        ]

    def seconds(self, tables: Sequence[BrushTable]) -> float:
        """Of everything that the tables rest on, each item once."""
        once = {
            (_key(row, table.turns), turn.item)
            for table in tables
            for row in table.rows
            for _, turns in self.items(table)
            for turn in turns
        }
        found = (self._results.get(*key) for key in once)
        return sum(float(values["took"]) for values in found if values is not None)

    def _metrics(self, sessions: list[list[ItemValues]]) -> dict[str, Estimate | None]:
        columns = self._measures.columns
        metrics: dict[str, Estimate | None] = {}
        for name in (*COLUMNS, SECONDS, REFUSED):
            known = [[one[name] for one in some if name in one] for some in sessions]
            if any(known):
                estimate = mean_over_sessions(known)
                total = sum(map(len, sessions))
                metrics[columns.get(name, name)] = (
                    Estimate(estimate.mean, estimate.low, estimate.high)
                    if estimate.n == total
                    else estimate
                )
            elif name in COLUMNS:
                metrics[columns.get(name, name)] = None
        return metrics

    def _measured(
        self, row: BrushRow, turns: str, turn: BrushTurn, carried: BrushSession | None
    ) -> ItemValues:
        def measure() -> ItemValues:
            began = time.perf_counter()
            if carried is None:
                made, facts = self._result(row, turns, read_picture(turn.source), turn)
                wanted = WantedPicture.of_turn(turn)
            else:
                made, facts = self._carried_on(row, carried)
                wanted = WantedPicture.of_session(carried)
            values = {**self._measures.of(made, wanted), **facts}
            return {**values, "took": round(time.perf_counter() - began, 3)}

        return self._results.measured(_key(row, turns), turn.item, measure)

    def _carried_on(self, row: BrushRow, session: BrushSession) -> tuple[Pixels, ItemValues]:
        """The last result of a session, each turn from the method's own result before it."""
        made = read_picture(session.turns[0].source)
        seconds, refused = 0.0, 0.0
        for turn in session.turns:
            made, facts = self._result(row, MULTI, made, turn)
            seconds += facts.get(SECONDS, 0.0)
            refused = max(refused, facts.get(REFUSED, 0.0))
        return made, {
            **({SECONDS: seconds} if seconds else {}),
            **({REFUSED: refused} if REFUSED in facts else {}),
        }

    def _result(
        self, row: BrushRow, turns: str, source: Pixels, turn: BrushTurn
    ) -> tuple[Pixels, ItemValues]:
        """The result of a turn, kept as a picture, and facts of its making."""
        if row.method == DO_NOTHING:
            return source, {}
        if row.method == TARGET:
            return read_picture(turn.target), {}
        if row.method == GENERATED:
            return self._generated(row, turns, turn), {}
        began = time.perf_counter()
        image = self._editor.edited(row, Image.from_array(source), turn, self._seed)
        seconds = time.perf_counter() - began
        made = source if image is None else np.asarray(image.array()[..., :3])
        path = self._place.result(row, turns, turn)
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            Pillow.fromarray(made).save(path)
        refused = {} if row.captions == EXACT else {REFUSED: float(image is None)}
        return made, {SECONDS: round(seconds, 3), **refused}

    def _generated(self, row: BrushRow, turns: str, turn: BrushTurn) -> Pixels:
        path = self._place.result(row, turns, turn)
        if path is None or not path.is_file():
            name = generated_name(turn.session, turn.number, carried_on=turns == MULTI)
            raise NoResult(f"There is no {turn.session}/{name}.", "Generate all of them first.")
        return read_picture(path)


def _key(row: BrushRow, turns: str) -> str:
    """What the values of a row depend on: single turns and carried ones are apart."""
    return f"{turns} {row.key}"
