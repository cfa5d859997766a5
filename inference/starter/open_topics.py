"""Topics for prompts that hold an edit and say some of the rest of a scene anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Final

from inference.starter.captions import parse_caption
from inference.starter.concepts import topic_of
from inference.starter.world_captions import read_caption

_OPEN: Final = ("weather", "season", "style", "light")
"""What an edit can set for the whole picture."""


def open_topics(before: str, after: str) -> Iterator[str]:
    """Topics of a caption after an edit with one or two things left open that it did not touch.

    Two that are open together come first: one alone is often said as before. There are none for a
    caption with words that this world does not know, for they would be lost.
    """
    reading = read_caption(after)
    if not reading.inside or reading.share < 1:
        return
    values = parse_caption(after)
    free = _left_open(before, values)
    for some in (*combinations(free, 2), *combinations(free, 1)):
        yield topic_of({name: value for name, value in values.items() if name not in some})


def differs_only_where_open(before: str, after: str, prompt: str) -> bool:
    """Whether a prompt says what the caption after an edit does, but for what `open_topics` leave.

    Things, colours and a view that the caption does not name are none that the prompt may add.
    """
    wanted, said = parse_caption(after), parse_caption(prompt)
    free = _left_open(before, wanted)
    return all(said.get(name) == wanted.get(name) for name in {*wanted, *said} - {*free})


def _left_open(before: str, after: Mapping[str, str]) -> list[str]:
    old = parse_caption(before)
    return [name for name in _OPEN if name in after and after[name] == old.get(name)]
