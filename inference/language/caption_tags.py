"""How a language model that was trained on captions marks where one begins and ends."""

from __future__ import annotations

import re
from typing import Any, Final, Literal

CaptionForm = Literal["plain", "tags", "topic", "topic-plain"]
"""Captions alone; between tags; after a line that names their topic, between tags or without."""

CAPTION_FORMS: Final[tuple[CaptionForm, ...]] = ("plain", "tags", "topic", "topic-plain")
CAPTION_START: Final = "<|cap|>"
CAPTION_END: Final = "<|/cap|>"
_SPACE_BEFORE_SIGN: Final = re.compile(r" ([,.;:!?])")

FORM_KEY: Final = "caption_form"
"""Of the config of a model that was trained on captions."""


def has_tags(form: CaptionForm) -> bool:
    """Whether captions of a form stand between tags."""
    return form in ("tags", "topic")


def has_topic(form: CaptionForm) -> bool:
    """Whether captions of a form stand after a line that names their topic."""
    return form in ("topic", "topic-plain")


def caption_form(config: Any) -> CaptionForm | None:
    """The form of captions that a model was trained on; None if it was not."""
    form = getattr(config, FORM_KEY, None)
    return form if form in CAPTION_FORMS else None


def caption_prefix(concept: str, form: CaptionForm, end: str) -> str:
    """What such a model continues to a caption about a concept, as it was trained to.

    Args:
        concept: the caption's beginning or topic.
        form: of the captions.
        end: the tokenizer's end of text, which plain captions begin after.
    """
    if has_topic(form):
        return f"topic: {concept}\n{CAPTION_START if has_tags(form) else ''}"
    return f"{CAPTION_START if form == 'tags' else end} {concept}"


def whole_caption(concept: str, answer: str, form: CaptionForm) -> str:
    """The caption, given what the model continued with."""
    text = answer.partition(CAPTION_END)[0]
    # The concept is already the beginning of the caption, except after a topic.
    whole = " ".join((text if has_topic(form) else f"{concept} {text}").split())
    return _SPACE_BEFORE_SIGN.sub(r"\1", whole)
