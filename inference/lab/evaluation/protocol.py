"""What a protocol of `pentimento evaluate` is: its row, its options, and the report it gives."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from editor.errors import ExpectedError

if TYPE_CHECKING:
    from pathlib import Path

    from inference.lab.evaluation.starter.figures import Example

Options = Mapping[str, Any]
"""Values of a protocol's options by `OptionInfo.key`, and `INSTALLED`."""

INSTALLED: Final = "installed_models"
"""Key of a function that gives the `ModelStore` of ``--models`` and ``--model``, without them that
of the installation."""

OnShareDone = Callable[[str, float], None]
"""Called with what is measured and the share that is done, 0..1."""

Evaluate = Callable[[Options, OnShareDone], "ProtocolReport | None"]
"""Runs a protocol; None in all processes of several but the first."""


class BadOption(ExpectedError):
    """Options of a protocol that do not fit together; exit code 2."""

    kind = "usage"


@dataclass(frozen=True)
class OptionInfo:
    """One argument of a protocol on the command line.

    Attributes:
        name: ``"--seed"``, or ``"directory"`` for a word without a name.
        help: a few words.
        kind: "path" gives a `Path`, "folder" one that must be there, "switch" True or False.
        default: where it is left out; a word without a name and a default is required.
        metavar: what stands for the value in the help.
        minimum, maximum: of integers.
        repeated: may be given several times; the value is a list.
    """

    name: str
    help: str = ""
    kind: Literal["integer", "text", "path", "folder", "switch"] = "text"
    default: Any = None
    metavar: str = "N"
    minimum: int = 0
    maximum: int = 1_000_000
    repeated: bool = False
    required: bool = False

    @property
    def key(self) -> str:
        """Its name in `Options`."""
        return self.name.lstrip("-").replace("-", "_")


SEED: Final = OptionInfo("--seed", "of pictures, words and noise", "integer", 0)
MODELS: Final = OptionInfo(
    "--models", "other models than the shipped", kind="folder", metavar="DIR"
)
MODEL: Final = OptionInfo(
    "--model",
    "take this model for that role, as doctor names both; may be repeated",
    metavar="ROLE=ID",
    repeated=True,
)
REPORT: Final = OptionInfo(
    "--report", "write tables, plots and contact sheets; a run goes on there", "path", metavar="DIR"
)


def count(default: int, what: str, *, minimum: int = 1, maximum: int = 100_000) -> OptionInfo:
    """The option ``--n``."""
    return OptionInfo("--n", what, "integer", default, "N", minimum, maximum)


@dataclass(frozen=True)
class ProtocolInfo:
    """The row of a protocol.

    Attributes:
        name: ``pentimento evaluate NAME``.
        summary: a few words for the help.
        options: besides ``--json`` and ``--report``.
        implementation: "module:function" of an `Evaluate`; imported only when it runs.
        paper: whose protocol it is; "" for one of this project.
        reports: takes ``--report``.
    """

    name: str
    summary: str
    options: tuple[OptionInfo, ...]
    implementation: str
    paper: str = ""
    reports: bool = True

    def load(self) -> Evaluate:
        """Import the function that measures (may import torch)."""
        module, name = self.implementation.split(":")
        found: Evaluate = getattr(importlib.import_module(module), name)
        return found


@dataclass(frozen=True)
class Estimate:
    """A mean and its 95 % interval; of ``n`` values where that is not the row's own number."""

    mean: float
    low: float
    high: float
    n: int | None = None

    def report(self) -> dict[str, float]:
        """As in ``resources/schemas/evaluate.json``."""
        values = {name: round(getattr(self, name), 5) for name in ("mean", "low", "high")}
        return values if self.n is None else {**values, "n": self.n}


@dataclass(frozen=True)
class ReportRow:
    """A row of a table.

    Attributes:
        name: ``table/row`` where there are several tables.
        n: items it is the mean of.
        metrics: by column; None where the network that fills the column is missing.
        command: that gives this row alone; "" where the command of the whole does.
    """

    name: str
    n: int
    metrics: Mapping[str, Estimate | None]
    command: str = ""

    def report(self) -> dict[str, Any]:
        """As in ``resources/schemas/evaluate.json``."""
        columns = {
            name: None if value is None else value.report() for name, value in self.metrics.items()
        }
        return {
            "name": self.name,
            "n": self.n,
            **({"command": self.command} if self.command else {}),
            **columns,
        }


@dataclass(frozen=True)
class PlottedCurve:
    """A line of a plot: points (x, y), each with a label."""

    name: str
    points: tuple[tuple[float, float], ...]
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class CurvePlot:
    """Curves over one another, with the names of the axes."""

    name: str
    x: str
    y: str
    curves: tuple[PlottedCurve, ...]


@dataclass
class ProtocolReport:
    """What a protocol found.

    Attributes:
        command: that measured it.
        seed, n: as asked for; 0 where nothing is drawn.
        models: ids of the models that took part.
        rows: as in ``resources/schemas/evaluate.json``.
        seconds: of the measuring, also in earlier runs that this one went on from.
        more: further keys of the JSON.
        lines: for a person.
        examples: for contact sheets of best, middle and worst, by figure.
        plots: curves; the rows are plotted anyway.
        files: that were written by the way.
    """

    command: str
    seed: int
    n: int
    models: Sequence[str]
    rows: Sequence[Mapping[str, Any]]
    seconds: float
    more: Mapping[str, Any] = field(default_factory=dict)
    lines: Sequence[str] = ()
    examples: Sequence[Example] = ()
    plots: Sequence[CurvePlot] = ()
    files: Sequence[Path] = ()

    def report(self) -> dict[str, Any]:
        """As in ``resources/schemas/evaluate.json``."""
        return {
            "command": self.command,
            "seed": self.seed,
            "n": self.n,
            "models": list(self.models),
            "rows": [dict(row) for row in self.rows],
            **self.more,
            "seconds": round(self.seconds, 1),
        }
