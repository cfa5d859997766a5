"""Rewrites that do what is asked and say some of the rest anew, by a model of one world."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from editor.model.prompt_edit.prompt_tokens import key_of
from inference.language.generate import Language
from inference.language.ideas import ThingsUnknown, prompts_for
from inference.language.language_domain import domain_of_language
from inference.models.language_adapters import adapted
from inference.models.loaded import LoadedLanguage
from inference.request.cancel import CancelCheck

_TRIES: Final = 4
"""Prompts asked for of each gist: some add a thing that the picture does not have."""


def free_rewrites(
    language: Language, prompt: str, plain_target: str, seed: int, check: CancelCheck
) -> Iterator[str]:
    """Full prompts that hold what was asked, one for each of the world's gists; none twice.

    Args:
        language: the model; one of no world, or without the LoRA that writes prompts, gives none.
        prompt: before.
        plain_target: the plain reading.
        seed: another one gives other prompts.
        check: called before every token; what it raises ends the work.
    """
    world = domain_of_language(language.model.config)
    if world is None or not isinstance(language, LoadedLanguage):
        return
    with adapted(language, "ideas") as able:
        seen = {key_of(prompt), key_of(plain_target)}
        for gist in world.gists(prompt, plain_target) if able else ():
            try:
                made = prompts_for(language, gist, _TRIES, seed, check)
            except ThingsUnknown:  # captions may name what no starter model has seen
                return
            for text in made:
                if key_of(text) not in seen and world.holds(prompt, plain_target, text):
                    seen.add(key_of(text))
                    yield text
                    break
