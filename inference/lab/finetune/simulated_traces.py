from __future__ import annotations

from pathlib import Path

from inference.lab.storybook.hidden_goals import draw_traces
from inference.language.traces.trace_file import write_traces


def write_simulated(file: Path, count: int, seed: int, *, memoryless: bool = False) -> int:
    """Write traces of simulated artists; returns how many they are."""
    made = draw_traces(count, seed, memoryless=memoryless)
    return write_traces(file, (one.trace for one in made))
