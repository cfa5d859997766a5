"""The report folder: tables, plots and sheets of any protocol."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from PIL import Image as Pillow

from inference.lab.evaluation.protocol import (
    CurvePlot,
    Estimate,
    PlottedCurve,
    ProtocolReport,
    ReportRow,
)
from inference.lab.evaluation.report.folder import write_report
from inference.lab.evaluation.report.tables import markdown_table, text_table
from inference.lab.evaluation.starter.figures import Example
from tests.app.cli.cli_cases import check

ROWS = [
    ReportRow("fast/do_nothing", 3, {"l1": Estimate(0.1, 0.05, 0.2), "dino": None}),
    ReportRow(
        "fast/sdedit 0.5", 3, {"l1": Estimate(0.25, 0.2, 0.3), "dino": None,
                               "seconds": Estimate(12.0, 11.0, 13.0, 2)}, "pentimento evaluate x",
    ),
]  # fmt: skip

CURVE = PlottedCurve("a", ((0.0, 1.0), (1.0, 0.5)), ("p", "q"))


def report() -> ProtocolReport:
    grey = np.full((16, 16, 3), 90, np.uint8)
    return ProtocolReport(
        "pentimento evaluate magicbrush brush", 4, 6, ["clip"], [row.report() for row in ROWS], 2.0,
        more={"missing": ["No DINO."], "reference": [{"name": "paper", "l1": 0.11}]},
        examples=[Example("fast-sdedit", 1.0, (grey, grey), ("words",), of=7)],
        plots=[CurvePlot("trade-off", "x", "y", (CURVE,))],
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("report") / "out"
    assert all(path.is_file() for path in write_report(report(), place, "the whole command"))
    return place


def test_json_is_in_the_common_form(folder: Path) -> None:
    values = json.loads((folder / "report.json").read_text("utf-8"))
    check("evaluate", values)
    assert values["rows"][0]["dino"] is None
    assert values["rows"][1]["seconds"]["n"] == 2
    del values["seed"]
    with pytest.raises(jsonschema.ValidationError):
        check("evaluate", values)


def test_csv_has_every_figure_and_empty_fields(folder: Path) -> None:
    first, second = csv.DictReader((folder / "rows.csv").read_text("utf-8").splitlines())
    assert first["l1.low"] == "0.05"
    assert first["dino.mean"] == first["seconds.high"] == ""
    assert second["seconds.high"] == "13.0"
    assert (first["command"], second["command"]) == ("the whole command", "pentimento evaluate x")


def test_markdown_names_commands_references_and_pictures(folder: Path) -> None:
    text = (folder / "report.md").read_text("utf-8")
    assert "| sdedit 0.5 | 3 | 0.2500 [0.2000, 0.3000] |  | 12.00 [11.00, 13.00] (n = 2) |" in text
    assert text.startswith("# the whole command\n")
    assert "- sdedit 0.5: `pentimento evaluate x`" in text
    assert "| paper | 0.1100 |" in text
    for line in text.splitlines():
        if line.startswith("!["):
            assert (folder / line.partition("(")[2].rstrip(")")).is_file()


def test_plots_and_sheets_are_pictures(folder: Path) -> None:
    names = sorted(path.name for path in (folder / "plots").iterdir())
    assert names == ["fast.png", "trade-off.png"]
    for path in (*(folder / "plots").iterdir(), *(folder / "sheets").iterdir()):
        with Pillow.open(path) as file:
            assert min(file.size) > 40
            assert len(file.convert("RGB").getcolors(1 << 24) or ()) > 2


def test_a_terminal_shows_means_and_dots() -> None:
    head, first, second = text_table(ROWS, remove="fast/")
    assert head.split() == ["l1", "dino", "seconds"]
    assert first.split() == ["do_nothing", "0.1000", ".", "."]
    assert second.split() == ["sdedit", "0.5", "0.2500", ".", "12.00"]


def test_rows_of_one_figure_are_tables_too() -> None:
    row = {"name": "a.b", "metric": {"mean": 1, "low": 0, "high": 2}, "n": 4, "interval": "wilson"}
    assert markdown_table([row])[2] == "| a.b | 4 | 1.0000 [0.0000, 2.0000] |"
