from __future__ import annotations

import shutil
import textwrap
from typing import Any


def ranked_table(result: dict[str, Any], words: dict[str, str]) -> str:
    """The result for a person: best first, each with its words, reason and figures.

    Args:
        result: as in `result.json`.
        words: what each candidate does, by key.
    """
    width = max(60, min(110, shutil.get_terminal_size((90, 24)).columns))
    source = result["source"]
    lines = [
        f"{source['file']}  {source['width']} × {source['height']}, {source['depth']} bit",
        "",
    ]
    for entry in result["candidates"]:
        badge = f"{entry['rank']:>2}" + (" " if entry["passed"] else "·")
        what = words.get(entry["key"]) or entry["method"]
        lines.append(f"{badge} {entry['file']}  {what}")
        lines += [f"    {line}" for line in textwrap.wrap(entry["reason"], width - 4)]
        figures = _figures(entry["scores"])
        if figures:
            lines.append(f"    {figures}")
    seconds = result["seconds"]
    count = len(result["candidates"])
    lines += ["", f"{count} in {seconds['total']:.1f} s"]
    if not all(entry["passed"] for entry in result["candidates"]):
        lines[-1] += "  (· below your bar)"
    if result["warning"]:
        lines += textwrap.wrap(result["warning"], width)
    return "\n".join(lines)


_NAMES = {
    "direction": "words",
    "image": "picture",
    "asked": "asked change",
    "unasked": "other change",
    "clipped": "newly clipped",
    "damage": "soft edges",
    "outside": "outside",
}
_PERCENT = {"asked", "clipped", "damage", "outside"}
_ONLY_IF_SHOWN = {"damage"}
"""Faults of which there is nothing to say where there are none."""


def _figures(scores: dict[str, Any]) -> str:
    parts = []
    for name, title in _NAMES.items():
        value = scores.get(name)
        if name in _ONLY_IF_SHOWN and not round(value or 0.0, 3):
            continue
        if isinstance(value, (int, float)):
            text = f"{value:.1%}".replace("%", " %") if name in _PERCENT else f"{value:.2f}"
            parts.append(f"{title} {text}")
    return ", ".join(parts)
