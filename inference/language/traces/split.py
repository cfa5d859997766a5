"""Which traces are learnt from and which are kept to measure on: by picture, for ever the same."""

from __future__ import annotations

import hashlib
from typing import Final, Literal

from editor.model.trace import Trace

SplitPart = Literal["train", "held-out"]
HELD_OUT: Final = 0.2
SEED: Final = 18


def in_part(trace: Trace, part: SplitPart, *, share: float = HELD_OUT, seed: int = SEED) -> bool:
    """Whether a trace belongs to a part.

    Its id decides, which names the picture in the data that people wrote, so that no picture is in
    both parts.

    Args:
        trace: with the id of its picture.
        part: the one asked about.
        share: of the ids that are held out, 0..1.
        seed: another one gives another split.
    """
    digest = hashlib.blake2b(f"{seed}|{trace.id}".encode(), digest_size=8).digest()
    held_out = int.from_bytes(digest, "big") < share * 2**64
    return held_out == (part == "held-out")
