"""Curves of a training, from its log, as a picture."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

REWARDS: Final = {"total": "#222222", "aesthetics": "#C98A1B", "preference": "#3B6FB6"}
INTEGRITIES: Final = {
    "integrity": "#2E7D4F",
    "integrity_positive": "#7CBF9A",
    "integrity_negative": "#B65B3B",
}


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


def write_reward_curves(lines: Sequence[Mapping[str, float]], picture: Path, title: str) -> None:
    """Draw the parts of the reward over the rounds, and content integrity by mode of the rollouts.

    Args:
        lines: of the log of a reinforcement, at least one.
        picture: to write; its ending names the format, PNG or SVG.
        title: above the curves.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 6), layout="constrained")
    upper, lower = figure.subplots(2, 1, sharex=True)
    for axes, names in ((upper, REWARDS), (lower, INTEGRITIES)):
        for name, color in names.items():
            points = [(line["step"], line[name]) for line in lines if name in line]
            if points:
                axes.plot(*zip(*points, strict=True), color=color, label=name.replace("_", " "))
        axes.grid(visible=True, alpha=0.3)
        axes.legend(loc="best")
    upper.set(ylabel="above the record's prompt", title=title)
    lower.set(xlabel="round", ylabel="content integrity")
    figure.savefig(picture, dpi=120)
