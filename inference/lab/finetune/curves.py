"""Curves of a training, from its log, as a picture."""

from __future__ import annotations

import json
from pathlib import Path

FIGURES = ("loss", "whole")


def read_log(log: Path) -> list[dict[str, float]]:
    """The lines of a log that the trainer wrote; a last line that was cut off is left out."""
    whole = log.read_text("utf-8").split("\n")[:-1]
    return [json.loads(line) for line in whole if line]


def write_curves(log: Path, picture: Path) -> None:
    """Draw loss and, where the log has it, the share of whole answers over the steps.

    Args:
        log: ``logs/NAME.jsonl`` of a training folder, with at least one line.
        picture: to write; its ending names the format, PNG or SVG.
    """
    from matplotlib.figure import Figure

    lines = read_log(log)
    steps = [line["step"] for line in lines]
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    left = figure.subplots()
    left.plot(steps, [line["loss"] for line in lines], color="#C98A1B")
    left.set(xlabel="step", ylabel="loss (solid)", title=log.stem)
    left.set_ylim(bottom=0)
    if "whole" in lines[0]:
        right = left.twinx()
        right.plot(steps, [line["whole"] for line in lines], color="#3B6FB6", linestyle="--")
        right.set(ylabel="answers right in every token (dashed)", ylim=(0, 1))
    left.grid(visible=True, alpha=0.3)
    figure.savefig(picture, dpi=120)
