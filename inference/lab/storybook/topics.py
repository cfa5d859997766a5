"""Captions of random storybook scenes with topics, for a language model that writes prompts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from editor.formats.whole_file import whole_file
from inference.starter.captions import canonical
from inference.starter.concepts import topic_of
from inference.starter.scene import SUBJECTS, Scene, sample_any

_NAMED: Final = {
    "subject": 0.85, "second": 0.3, "ground": 0.2, "place": 0.35, "light": 0.3,
    "weather": 0.2, "season": 0.3, "view": 0.1, "style": 0.3,
}  # fmt: skip
"""How often a topic names an attribute: people name the thing, and little of the rest."""

_COLOURED: Final = 0.4


def topic(scene: Scene, rng: np.random.Generator) -> str:
    """Some of what a scene's caption says, in its words, as somebody may ask for it; never ""."""
    while True:
        facts = {}
        for name, share in _NAMED.items():
            value = str(getattr(scene, name))
            if value not in ("none", "bare") and rng.random() < share:
                facts[name] = value
        if "subject" not in facts and facts.get("second") in SUBJECTS:
            del facts["second"]  # named alone it would be the subject
        for thing, colour in (("subject", "colour"), ("second", "second_colour")):
            if thing in facts and rng.random() < _COLOURED:
                facts[colour] = str(getattr(scene, colour))
        if found := topic_of(facts):
            return found


def topics(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """Different captions, each with one topic; equal arguments give equal ones."""
    rng = np.random.default_rng(seed)
    seen: set[str] = set()
    while len(seen) < count:
        scene = sample_any(rng)
        caption = canonical(scene)
        if caption not in seen:
            seen.add(caption)
            yield topic(scene, rng), caption


def write_topics(file: Path, count: int, seed: int) -> None:
    """A jsonl file with rows of "topic" and "caption"."""
    rows = (json.dumps({"topic": a, "caption": b}) for a, b in topics(count, seed))
    with whole_file(file) as written:
        written.write(("\n".join(rows) + "\n").encode())
