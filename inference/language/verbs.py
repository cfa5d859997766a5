"""What the verb of an instruction asks for, and captions that do the opposite."""

from __future__ import annotations

import re
from typing import Final

from editor.model.prompt_edit.prompt_edit import prompt_edit

ADDING: Final = re.compile(r"\b(?:add|insert|include|put in|draw in)\b", re.IGNORECASE)
REMOVING: Final = re.compile(
    r"\b(?:remove|delete|erase|eliminate|get rid of|do away with|take away|take out|without"
    r"|lose)\b",
    re.IGNORECASE,
)


def contradicts(instruction: str, before: str, after: str) -> bool:
    """Whether the difference of two captions does what an instruction's verb does not ask for.

    What is added never takes something away, and what is removed brings nothing.

    Args:
        instruction: what the artist asks.
        before: caption of the picture.
        after: caption of the picture after the edit.
    """
    adds, removes = ADDING.search(instruction), REMOVING.search(instruction)
    if (adds is None) == (removes is None):
        return False
    forbidden = {"delete", "replace"} if adds else {"insert"}
    return any(change.op in forbidden for change in prompt_edit(before, after).changes)
