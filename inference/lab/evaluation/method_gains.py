"""`gains.json` of models, from what `evaluate methods` measured: what Auto leaves out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any, Final

from editor.formats.whole_file import whole_file
from inference.lab.evaluation.methods import Arm
from inference.lab.evaluation.starter.figures import Figure
from inference.models.method_gains import GAINS_FILE
from inference.models.store import ModelStore
from inference.request.registry import method

MEASURED_KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "add": ("add",),
    "remove": ("remove",),
    "replace": ("replace",),
    "recolour": ("recolour",),
    "scene": ("light", "weather", "season", "style"),
}
"""For each kind of edit that Auto tells apart, the kinds that are measured."""

_LEAST_ASKED: Final = 0.5
"""Share of the edits in which the asked change must be seen."""


def method_gains(figures: Sequence[Figure], arms: Sequence[Arm]) -> dict[str, dict[str, float]]:
    """For each method and kind, by how many dB the result is nearer to gold than the source is.

    Of a kind of several parts the part that gained least counts, so that Auto shows no method where
    it is worse than nothing. At most 0 where the asked change is seen in half of the edits or
    fewer: such results are no better than nothing, whatever their distance. Arms with settings of
    their own are left out.

    Args:
        figures: of `evaluate_methods`: its rows ``gain`` and ``asked``.
        arms: that were measured.
    """
    means = {figure.name: figure.mean for figure in figures}
    found: dict[str, dict[str, float]] = {}
    for arm in arms:
        if arm.settings:
            continue
        of_kinds = found.setdefault(arm.method, {})
        for kind, parts in MEASURED_KINDS.items():
            gain = min(means[f"{arm.name}.{part}.gain"] for part in parts)
            asked = fmean(means[f"{arm.name}.{part}.asked"] for part in parts)
            of_kinds[kind] = round(gain, 2) if asked > _LEAST_ASKED else min(0.0, round(gain, 2))
    return found


def write_gains(models: ModelStore, gains: Mapping[str, Any], command: str) -> list[Path]:
    """Write them beside the models that the methods ran on; one file for each folder, replaced.

    Args:
        models: that were measured.
        gains: of `method_gains`.
        command: that measured them.

    Returns:
        the files.

    Raises:
        ExpectedError: a folder cannot be written to.
    """
    of_folders: dict[Path, dict[str, Any]] = {}
    for name, kinds in gains.items():
        for role in method(name).roles:
            model = models.model(role, name)
            if model is not None:
                of_folders.setdefault(model.folder, {})[name] = kinds
    for folder, methods in of_folders.items():
        text = json.dumps({"command": command, "gains": methods}, indent=1)
        with whole_file(folder / GAINS_FILE) as file:
            file.write(f"{text}\n".encode())
    return [folder / GAINS_FILE for folder in of_folders]
