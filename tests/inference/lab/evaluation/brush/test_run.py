"""Rows over sessions: own results are carried on, masks are not seen, a killed run goes on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from editor.model.image import Image
from inference.lab.evaluation.brush.layout import BrushTurn, read_brush, read_picture
from inference.lab.evaluation.brush.measures import BrushMeasures
from inference.lab.evaluation.brush.report import row_command
from inference.lab.evaluation.brush.rows import (
    MULTI,
    SINGLE,
    TABLE,
    BrushRow,
    BrushTable,
    named_tables,
    read_tables,
)
from inference.lab.evaluation.brush.run import BrushPlace, BrushRun
from inference.lab.evaluation.partial import PartialResults
from inference.lab.evaluation.processes import ProcessShare
from inference.lab.evaluation.protocol import BadOption, ReportRow
from inference.models.store import ModelStore
from tests.inference.lab.evaluation.brush import made_brush

ROW = BrushRow.parse("sdedit")


class Darker:
    """Every edit takes 40 from each sample; keeps what it was given."""

    def __init__(self, stop_after: int = 1000) -> None:
        self.given: list[tuple[str, Any]] = []
        self._left = stop_after

    def edited(self, row: BrushRow, source: Image, turn: BrushTurn, seed: int) -> Image:
        if not self._left:
            raise KeyboardInterrupt
        self._left -= 1
        pixels = source.array()
        self.given.append((turn.item, pixels))
        return Image.from_array(np.maximum(pixels, 40) - np.uint8(40))


def run(
    data: Path, editor: Darker, report: Path | None = None, generated: Path | None = None,
    process: int = 0,
) -> BrushRun:  # fmt: skip
    return BrushRun(
        read_brush(data),
        editor,  # type: ignore[arg-type]
        BrushMeasures(ModelStore([]), None),
        PartialResults(report, {"seed": 0}, process),
        BrushPlace(report, generated),
        0,
    )


def tables(*turns: str, rows: Sequence[BrushRow] = (ROW,)) -> tuple[BrushTable, ...]:
    return tuple(BrushTable(way, way, None, tuple(rows)) for way in turns)


def rows_of(one: BrushRun, measured: Sequence[BrushTable]) -> list[ReportRow]:
    return [row for table in measured for row in one.rows(table)]


def everything(one: BrushRun, measured: Sequence[BrushTable]) -> list[ReportRow]:
    one.measure(measured, ProcessShare(), lambda name, done, total: None)
    return rows_of(one, measured)


def without_time(rows: Sequence[ReportRow]) -> list[dict[str, Any]]:
    return [{k: v for k, v in row.report().items() if k != "seconds"} for row in rows]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_brush.write(tmp_path_factory.mktemp("brush"))


def test_single_turns_begin_at_the_given_picture_and_carried_ones_at_the_result(
    data: Path,
) -> None:
    editor = Darker()
    everything(run(data, editor), tables(SINGLE, MULTI))
    single, carried = editor.given[:3], editor.given[3:]
    assert [item for item, _ in single] == ["242679/1", "242679/2", "90/1"]
    assert [item for item, _ in carried] == ["242679/1", "242679/2", "90/1"]
    first = read_brush(data)[0]
    assert (single[1][1] == read_picture(first.turns[1].source)).all()
    assert (carried[1][1] == np.maximum(carried[0][1], 40) - 40).all()


def test_masks_are_measured_by_and_never_given(data: Path, tmp_path: Path) -> None:
    other = made_brush.write(tmp_path / "other")
    for mask in other.rglob("*mask*"):
        mask.unlink()
    with_masks, without = Darker(), Darker()
    (row,) = everything(run(data, with_masks), tables(SINGLE))
    (bare,) = everything(run(other, without), tables(SINGLE))
    assert all((a[1] == b[1]).all() for a, b in zip(with_masks.given, without.given, strict=True))
    assert row.metrics["psnr_out"] is not None
    assert bare.metrics["psnr_out"] is None
    assert row.metrics["l1"] == bare.metrics["l1"]


def test_doing_nothing_and_the_target(data: Path) -> None:
    measured = named_tables([], [SINGLE], None, "exact")
    nothing, target = everything(run(data, Darker()), measured)
    assert nothing.name == "single/do_nothing"
    assert nothing.n == 3
    out, l1 = nothing.metrics["psnr_out"], nothing.metrics["l1"]
    assert out is not None
    assert out.mean == 100.0
    assert l1 is not None
    assert l1.mean > 0.1
    assert target.metrics["l1"] is not None
    assert target.metrics["l1"].mean == 0.0


def test_networks_that_are_not_there_leave_their_columns_empty(data: Path) -> None:
    measures = BrushMeasures(ModelStore([]), None)
    (row,) = everything(run(data, Darker()), tables(SINGLE))
    for name in ("clip_i", "clip_t", "clip_t_global", "direction", "dino"):
        assert row.metrics[name] is None
    assert len(measures.missing()) == 2


def test_a_killed_run_goes_on_to_the_same_result(data: Path, tmp_path: Path) -> None:
    measured = tables(SINGLE, MULTI)
    unbroken = everything(run(data, Darker(), tmp_path / "whole"), measured)
    with pytest.raises(KeyboardInterrupt):
        everything(run(data, Darker(stop_after=4), tmp_path / "part"), measured)
    editor = Darker()
    again = everything(run(data, editor, tmp_path / "part"), measured)
    assert without_time(again) == without_time(unbroken)
    assert [item for item, _ in editor.given] == ["242679/1", "242679/2", "90/1"]


def test_two_processes_give_what_one_gives(data: Path, tmp_path: Path) -> None:
    measured = tables(SINGLE, MULTI)
    alone = everything(run(data, Darker()), measured)
    runs = [run(data, Darker(), tmp_path, process=index) for index in range(2)]
    for index, one in enumerate(runs):
        one.measure(measured, ProcessShare(index, 2), lambda name, done, total: None)
    assert rows_of(runs[0], measured) == []  # it lacks the other's sessions
    runs[0]._results.read()
    assert without_time(rows_of(runs[0], measured)) == without_time(alone)


def test_results_are_kept_under_the_authors_names_and_can_be_measured(
    data: Path, tmp_path: Path
) -> None:
    measured = tables(SINGLE, MULTI)
    rows = everything(run(data, Darker(), tmp_path), measured)
    kept = tmp_path / "pictures" / "single" / "sdedit"
    assert sorted(path.name for path in kept.rglob("*.png")) == [
        "242679_1.png", "242679_inde_2.png", "90_1.png",
    ]  # fmt: skip
    generated = BrushRow.parse("generated")
    again = everything(run(data, Darker(), generated=kept), tables(SINGLE, rows=[generated]))
    assert again[0].metrics["l1"] == rows[0].metrics["l1"]


def test_the_first_turns_alone(data: Path) -> None:
    one = run(data, Darker())
    single = BrushTable("x", SINGLE, 2, (ROW,))
    assert [turn.item for _, turns in one.items(single) for turn in turns] == [
        "242679/1", "242679/2",
    ]  # fmt: skip
    multi = BrushTable("x", MULTI, 1, (ROW,))
    assert [turn.item for _, turns in one.items(multi) for turn in turns] == ["242679/2"]


def test_the_shipped_table_can_be_read() -> None:
    found = read_tables(TABLE)
    sizes = {table.name: (table.turns, table.first, len(table.rows)) for table in found}
    assert sizes["single turns"] == (SINGLE, None, 6)
    assert sizes["all methods, 300 turns"][1] == 300
    assert sizes["on the fly"][1:] == (100, 14)
    assert sum(row.method == "sdedit" for row in found[1].rows) == 3
    carried = [row for row in found[2].rows if row.method not in ("do_nothing", "target")]
    assert found[2].turns == MULTI
    assert len(carried) == 3


def test_the_command_of_a_row_gives_that_row(tmp_path: Path) -> None:
    options = {
        "directory": tmp_path / "data", "generated": tmp_path / "theirs", "dino": None,
        "models": tmp_path / "my models", "model": ["clip=x"], "seed": 3,
    }  # fmt: skip
    table = BrushTable("t", SINGLE, 5, ())
    end = "--models 'my models' --model clip=x --seed 3"
    assert row_command(options, table, BrushRow.parse("generated")) == (
        f"pentimento evaluate magicbrush data --turns single --n 5 --generated theirs {end}"
    )
    assert row_command(options, table, ROW) == (
        "pentimento evaluate magicbrush data --method sdedit --captions exact --turns single --n 5 "
        + end
    )


def test_tables_that_name_what_is_not_there(tmp_path: Path) -> None:
    file = tmp_path / "rows.toml"
    file.write_text('[[row]]\nname="a"\nmethod="sdedit"\n[[table]]\nname="t"\nturns="single"\n'
                    'rows=["b"]\n', "utf-8")  # fmt: skip
    with pytest.raises(BadOption, match="names b"):
        read_tables(file)
    file.write_text('[[row]]\nname="a"\n', "utf-8")
    with pytest.raises(BadOption, match="lacks 'method'"):
        read_tables(file)
    file.write_bytes(b"\xff")
    with pytest.raises(BadOption, match="cannot be read"):
        read_tables(file)
    with pytest.raises(BadOption, match="no captions"):
        BrushRow.parse("sdedit", captions="guessed")
