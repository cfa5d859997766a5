"""Examples that a language model reads before a question (in-context learning)."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from editor.model.prompt_edit.prompt_edit import EditKind, prompt_edit
from inference.language.proposals import Context

OWN: Final = 3
"""From so many accepted edits on, the artist's own are the examples."""


@dataclass(frozen=True)
class Shot:
    """An edit that was good.

    Attributes:
        caption: before it.
        done, refused: instructions before it.
        instruction: what was asked.
        kind: of the edit.
        target: the caption after it.
    """

    caption: str
    done: tuple[str, ...]
    refused: tuple[str, ...]
    instruction: str
    kind: EditKind
    target: str


def shots_for(context: Context, per_kind: int = 1) -> tuple[Shot, ...]:
    """The examples for a question.

    The artist's last accepted edits where there are three; else some of each kind (insert, delete,
    swap, replace) of those that come with the program.

    Args:
        context: of the question.
        per_kind: how many of each kind, at most 3; 0 for none at all, not even the artist's.
    """
    if not per_kind:
        return ()
    own = own_shots(context)
    if len(own) >= OWN:
        return own[-OWN:]
    seen: Counter[str] = Counter()
    chosen = []
    for shot in shipped_shots():
        seen[shot.kind] += 1
        if seen[shot.kind] <= per_kind:
            chosen.append(shot)
    return tuple(chosen)


@cache
def shipped_shots() -> tuple[Shot, ...]:
    """Twelve examples, three of each kind, written for this program."""
    file = resources.files("resources.language").joinpath("suggest_examples.json")
    return tuple(
        Shot(
            one["caption"],
            tuple(one["asked"]),
            tuple(one["refused"]),
            one["instruction"],
            one["type"],
            one["new_prompt"],
        )
        for one in json.loads(file.read_text("utf-8"))
    )


def own_shots(context: Context) -> tuple[Shot, ...]:
    """The accepted edits of the path that have captions before and after, oldest first."""
    found = []
    done: list[str] = []
    for before, after in itertools.pairwise(context.done):
        if before.instruction:
            done.append(before.instruction)
        if not before.prompt or not after.prompt or not after.instruction:
            continue
        kind = prompt_edit(before.prompt, after.prompt).kind
        if kind != "none":
            found.append(
                Shot(before.prompt, tuple(done), (), after.instruction, kind, after.prompt)
            )
    return tuple(found)
