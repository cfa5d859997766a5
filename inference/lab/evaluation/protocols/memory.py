"""`evaluate memory`: predicted against measured peaks, on models of random weights."""

from __future__ import annotations

import time
from typing import Any, Final

from inference.lab.evaluation.protocol import (
    BadOption,
    Estimate,
    OnShareDone,
    OptionInfo,
    Options,
    ProtocolInfo,
    ProtocolReport,
    ReportRow,
)

INFO: Final = ProtocolInfo(
    name="memory",
    summary="predicted against measured peaks of memory",
    implementation=f"{__name__}:evaluate",
    options=(
        OptionInfo("--only", "a case; may be repeated", metavar="NAME", repeated=True),
        OptionInfo("--tiny", "one small case, in seconds", kind="switch"),
        OptionInfo("--folder", "keep the models here (default: not at all)", "path", metavar="DIR"),
    ),
    reports=False,
)


def evaluate(options: Options, on_progress: OnShareDone) -> ProtocolReport:
    """Write models of random weights and run each case in a process of its own.

    Raises:
        BadOption: there is no case of a name.
    """
    from inference.lab.evaluation.memory.cases import CASES, TINY
    from inference.lab.evaluation.memory.report import evaluate_memory

    cases = [TINY] if options["tiny"] else list(CASES)
    names = [case.name for case in cases]
    unknown = [name for name in options["only"] if name not in names]
    if unknown:
        raise BadOption(f"There is no case {unknown[0]}.", f"One of {', '.join(names)}.")
    cases = [case for case in cases if case.name in (options["only"] or names)]
    began, done = time.monotonic(), 0

    def on_case(row: dict[str, Any]) -> None:
        nonlocal done
        done += 1
        on_progress(row["name"], done / len(cases))

    found = evaluate_memory(cases, options["folder"], on_case)
    return ProtocolReport(
        f"pentimento evaluate {INFO.name}",
        0,
        len(found),
        [],
        [_row(one).report() for one in found],
        time.monotonic() - began,
        more={"cases": found},
        lines=[_line(one) for one in found],
    )


def _row(found: dict[str, Any]) -> ReportRow:
    values = {
        "predicted_gb": found["predicted"] / 1e9,
        "measured_gb": found["measured"] / 1e9,
        "error": found["error"],
    }
    metrics = {name: Estimate(value, value, value) for name, value in values.items()}
    return ReportRow(found["name"], 1, metrics)


def _line(found: dict[str, Any]) -> str:
    predicted, measured = found["predicted"] / 1e9, found["measured"] / 1e9
    return (
        f"{found['name']:<36} predicted {predicted:5.2f} GB  measured {measured:5.2f} GB  "
        f"{100 * found['error']:+5.1f} %  {found['seconds']:4.0f} s"
    )
