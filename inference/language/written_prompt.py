"""What a language model wrote as a prompt, without what small models add to it."""

from __future__ import annotations


def tidy_prompt(answer: str, *, cut: bool = False) -> str:
    """An answer as one line without quotation marks, each chunk between commas said once.

    Small models say a modifier again and again, up to the last token they may write.

    Args:
        answer: as it was written.
        cut: it ended for want of tokens, so that its last chunk, if it has several, is not whole.
    """
    text = " ".join(answer.strip().strip('"“”').split())
    if cut:
        text = text.rpartition(",")[0] or text
    kept: dict[str, str] = {}
    for chunk in map(str.strip, text.split(",")):
        if chunk:
            kept.setdefault(chunk.casefold(), chunk)
    return ", ".join(kept.values())
