"""What a language model wrote as a prompt, without what small models add to it."""

from __future__ import annotations


def tidy_prompt(answer: str) -> str:
    """An answer as one line without quotation marks, each chunk between commas said once.

    Small models say a modifier again and again, up to the last token they may write.
    """
    text = " ".join(answer.strip().strip('"“”').split())
    kept: dict[str, str] = {}
    for chunk in map(str.strip, text.split(",")):
        if chunk:
            kept.setdefault(chunk.casefold(), chunk)
    return ", ".join(kept.values())
