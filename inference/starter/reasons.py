"""Why an edit of a storybook caption is proposed: words of the caption and steps of the path."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from editor.model.prompt_edit.prompt_tokens import key_of
from inference.language.reasons import sentence
from inference.request.jobs import PathStep
from inference.starter.lines import ParsedEdit
from inference.starter.world_captions import WHOLE, CaptionReading, read_caption

_NAMES: Final = {
    "light": "time of day",
    "weather": "weather",
    "season": "season",
    "style": "style",
    "subject": "subject",
    "colour": "colour",
    "second": "second thing",
    "second_colour": "colour of the second thing",
    "ground": "ground",
}


def of_world(reading: CaptionReading, edit: ParsedEdit, path: Sequence[PathStep]) -> str:
    """The reason for an edit of a caption of the storybook world."""
    return sentence(_from_caption(reading, edit), _from_path(reading, edit.attribute, path))


def _from_caption(reading: CaptionReading, edit: ParsedEdit) -> str:
    attribute = edit.attribute
    named = reading.words_of(attribute)
    subject = reading.words_of("subject")
    if attribute in WHOLE:
        name = _NAMES[attribute]
        if named:
            return f"The caption says “{named}”; this is another {name}"
        return f"The caption names no {name}"
    if attribute in ("colour", "second_colour"):
        thing = subject if attribute == "colour" else reading.words_of("second")
        if named:
            return f"The caption calls the {thing} “{named}”"
        return f"The caption names no colour of the {thing}"
    if edit.kind == "add":
        if attribute == "ground":
            return f"The caption names no path, flowers or fence in front of the {subject}"
        return f"The caption names no second thing beside the {subject}"
    if edit.kind == "remove":
        return f"The caption mentions “{named}”"
    if attribute == "subject":
        return f"The caption is about “{named}”, and your last two edits were about it"
    return f"“{named}” of the caption could be something else"


def _from_path(reading: CaptionReading, attribute: str, path: Sequence[PathStep]) -> str:
    """What the path says about an attribute; "" where it is not known for every step."""
    prompts = [step.prompt for step in path if step.accepted and step.prompt]
    if len(prompts) < 2 or len(prompts) != sum(step.accepted for step in path):
        return ""
    if key_of(prompts[-1]) != key_of(reading.text):
        prompts.append(reading.text)
    readings = [read_caption(prompt) for prompt in prompts]
    if not all(r.inside for r in readings):
        return ""
    values = [r.values.get(attribute) for r in readings]
    changed = [i for i in range(1, len(values)) if values[i] != values[i - 1]]
    name = _NAMES[attribute]
    if not changed:
        if path[0].instruction:  # what was before the first step is not known
            return ""
        return f"the {name} was never changed on the way here"
    steps = len(values) - changed[-1]
    return f"the {name} changed {'in the last step' if steps == 1 else f'{steps} steps ago'}"
