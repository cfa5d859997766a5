"""Why an edit of a storybook caption is proposed: words of the caption and steps of the path."""

from __future__ import annotations

from collections.abc import Sequence

from editor.messages import Message
from editor.model.prompt_edit.prompt_tokens import key_of
from inference.language.reasons import sentence
from inference.request.jobs import PathStep
from inference.starter.lines import ParsedEdit
from inference.starter.world_captions import WHOLE, CaptionReading, read_caption


def of_world(reading: CaptionReading, edit: ParsedEdit, path: Sequence[PathStep]) -> Message:
    """The reason for an edit of a caption of the storybook world."""
    return sentence(_from_caption(reading, edit), _from_path(reading, edit.attribute, path))


def _from_caption(reading: CaptionReading, edit: ParsedEdit) -> Message:
    attribute = edit.attribute
    named = reading.words_of(attribute)
    subject = reading.words_of("subject")
    if attribute in WHOLE:
        name = _name(attribute)
        if named:
            return Message("suggest.another", words=named, attribute=name)
        return Message("suggest.not_named", attribute=name)
    if attribute in ("colour", "second_colour"):
        thing = subject if attribute == "colour" else reading.words_of("second")
        if named:
            return Message("suggest.colour_named", thing=thing, words=named)
        return Message("suggest.no_colour", thing=thing)
    if edit.kind == "add":
        if attribute == "ground":
            return Message("suggest.no_ground", thing=subject)
        return Message("suggest.no_second", thing=subject)
    if edit.kind == "remove":
        return Message("suggest.mentioned", words=named)
    if attribute == "subject":
        return Message("suggest.subject_edited", words=named)
    return Message("suggest.could_differ", words=named)


def _from_path(reading: CaptionReading, attribute: str, path: Sequence[PathStep]) -> Message | None:
    """What the path says about an attribute; None where it is not known for every step."""
    prompts = [step.prompt for step in path if step.accepted and step.prompt]
    if len(prompts) < 2 or len(prompts) != sum(step.accepted for step in path):
        return None
    if key_of(prompts[-1]) != key_of(reading.text):
        prompts.append(reading.text)
    readings = [read_caption(prompt) for prompt in prompts]
    if not all(r.inside for r in readings):
        return None
    values = [r.values.get(attribute) for r in readings]
    changed = [i for i in range(1, len(values)) if values[i] != values[i - 1]]
    name = _name(attribute)
    if not changed:
        if path[0].instruction:  # what was before the first step is not known
            return None
        return Message("suggest.never_changed", attribute=name)
    steps = len(values) - changed[-1]
    if steps == 1:
        return Message("suggest.changed_last", attribute=name)
    return Message("suggest.changed_before", attribute=name, steps=steps)


def _name(attribute: str) -> Message:
    return Message(f"attribute.{attribute}")
