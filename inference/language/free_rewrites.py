"""Rewrites that do what is asked and say some of the rest anew, by a model of one world."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from editor.model.prompt_edit.prompt_tokens import key_of
from inference.language.generate import Language
from inference.language.ideas import ThingsUnknown, prompt_writer, prompts_for
from inference.models.loaded import LoadedLanguage
from inference.request.cancel import CancelCheck

_TRIES: Final = 4
"""Prompts asked for of each topic: some add a thing that the picture does not have."""


def free_rewrites(
    language: Language,
    prompt: str,
    plain_target: str,
    count: int,
    seed: int,
    check: CancelCheck,
    *,
    known: Collection[str] = (),
) -> tuple[str, ...]:
    """At most `count` full prompts that hold what was asked, none twice.

    Args:
        language: the model; one without the LoRA that writes prompts of a world gives none.
        prompt: before.
        plain_target: the plain reading.
        count: how many are wanted.
        seed: another one gives other prompts.
        check: called before every token; what it raises ends the work.
        known: prompts that are there already.
    """
    if not isinstance(language, LoadedLanguage):
        return ()
    seen = {key_of(text) for text in (prompt, plain_target, *known)}
    found: list[str] = []
    with prompt_writer(language) as world:
        for topic in world.open_topics(prompt, plain_target) if world is not None else ():
            if len(found) >= count:
                break
            try:
                made = prompts_for(language, topic, _TRIES, seed, check, world)
            except ThingsUnknown:  # the caption names what no starter model has seen
                continue
            new = [
                text
                for text in made
                if key_of(text) not in seen
                and world is not None
                and world.differs_only_where_open(prompt, plain_target, text)
            ]
            found += new[:1]
            seen |= {key_of(text) for text in new[:1]}
    return tuple(found)
