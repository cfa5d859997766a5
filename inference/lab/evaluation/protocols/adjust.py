"""`evaluate adjust`: phrases on photographs, or recolours of storybook things against gold."""

from __future__ import annotations

import time
from typing import Any, Final

from inference.lab.evaluation.protocol import (
    BadOption,
    OnShareDone,
    OptionInfo,
    Options,
    ProtocolInfo,
    ProtocolReport,
    count,
)

INFO: Final = ProtocolInfo(
    name="adjust",
    summary="phrases on a folder of photographs",
    implementation=f"{__name__}:evaluate",
    options=(
        OptionInfo("directory", "photographs", "path", metavar="DIR"),
        OptionInfo("--recolour", "recolours of storybook things against gold instead", "switch"),
        count(100, "scenes for --recolour", maximum=10_000),
        OptionInfo("--seed", "of those scenes", "integer", 0),
    ),
)


def evaluate(options: Options, on_progress: OnShareDone) -> ProtocolReport:
    """Run the phrase table on every photograph of a folder, or recolour scenes.

    Raises:
        BadOption: neither is asked for.
        UnsupportedImage: the folder holds no picture that can be read.
    """
    began = time.monotonic()
    if options["recolour"]:
        return _recolours(options, began)
    if options["directory"] is None:
        raise BadOption("There are no photographs.", "Name a folder, or say --recolour.")
    from inference.lab.evaluation.adjust import evaluate as evaluate_phrases

    on_progress("phrases", 0.0)
    found = evaluate_phrases(options["directory"])
    rows = found.pop("rows")
    return ProtocolReport(
        f"pentimento evaluate {INFO.name}",
        0,
        found["photographs"],
        [],
        rows,
        time.monotonic() - began,
        more=found,
        lines=[
            f"{name}: {value}"
            for name, value in found.items()
            if isinstance(value, (int, float, str))
        ],
    )


def _recolours(options: Options, began: float) -> ProtocolReport:
    from inference.lab.evaluation.recolour import evaluate_recolours

    found = evaluate_recolours(options["n"], options["seed"])
    rows = found.pop("rows")
    more: dict[str, Any] = {name: value for name, value in found.items() if name != "seed"}
    return ProtocolReport(
        f"pentimento evaluate {INFO.name} --recolour",
        options["seed"],
        options["n"],
        [],
        rows,
        time.monotonic() - began,
        more=more,
        lines=[
            f"{part}.{name}: {value}"
            for part in ("named", "exact")
            for name, value in found[part].items()
        ],
    )
