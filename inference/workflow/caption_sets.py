from __future__ import annotations

from typing import Any

from editor.errors import NotUnderstood
from editor.messages import Message
from editor.model.edit import Instruction
from editor.model.image import Image
from editor.model.patch import SettingValues, settings_of
from editor.model.prompt_edit.prompt_tokens import key_of
from inference.models.helper import HelperFailed, helping
from inference.models.picture_domains import PictureDomains
from inference.models.store import ModelStore
from inference.request.cancel import CancelToken
from inference.request.registry import MethodInfo


def caption_settings(
    info: MethodInfo,
    values: SettingValues,
    instruction: Instruction,
    source: Image | None,
    models: ModelStore,
    domains: PictureDomains,
    token: CancelToken,
) -> tuple[SettingValues, tuple[Message, ...]]:
    """The captions before and after that a method's edit direction is averaged from, as settings.

    A language model that was trained on the lines of one world rewrites the captioner's further
    captions of the picture; any other one is asked for both (`caption_pairs`). Pairs that lack one
    of the words which the artist locked are left out.

    Args:
        info: of the method.
        values: what is set for it.
        instruction: complete.
        source: the picture, None where it is not to be looked at.
        models: language model and captioner are used where they are.
        domains: what they say of the picture.
        token: checked at every token.

    Returns:
        The settings, () where the method takes none, or one pair is enough, or no model can write
        more; and what is said of a model that failed.
    """
    if not info.has("num_captions"):
        return (), ()
    how = {one.name: one.default for one in info.settings} | dict(values)
    enough = how["num_captions"] == 1 and how["lock_caption"]
    role = "chat" if models.model("chat") is not None else "language"
    speaker = models.model(role)
    own = how["captions_before"] or how["captions_after"]
    if enough or own or speaker is None or not domains.fits(role):
        return (), ()
    if not instruction.source_prompt or not instruction.target_prompt:
        return (), ()
    try:
        with helping(speaker):
            pairs = _pairs(how, instruction, source, models, domains, token)
    except HelperFailed as error:
        return (), (error.message,)
    locked = set(key_of(how["locked_words"] or ""))
    pairs = [pair for pair in pairs if all(locked <= set(key_of(caption)) for caption in pair)]
    if not pairs:
        return (), (Message("caption.one_pair"),)
    before, after = zip(*pairs, strict=True)
    return settings_of({"captions_before": before, "captions_after": after}), ()


def _pairs(
    how: dict[str, Any],
    instruction: Instruction,
    source: Image | None,
    models: ModelStore,
    domains: PictureDomains,
    token: CancelToken,
) -> list[tuple[str, str]]:
    from inference.language.caption_pairs import PairQuestion, caption_pairs
    from inference.language.directions import directions
    from inference.language.language_domain import domain_of_language
    from inference.language.serve import caption_of, language_of

    language = language_of(models)
    assert language is not None
    caption, text = instruction.source_prompt, instruction.text
    if domain_of_language(language.model.config) is None:
        question = PairQuestion(
            how["num_captions"], how["lock_caption"], how["shots"], how["wording"] == "detailed"
        )
        found = caption_pairs(language, caption, text, question, token.check)
        return [] if found is None else list(zip(found.before, found.after, strict=True))
    pairs = [(caption, instruction.target_prompt)] if how["lock_caption"] else []
    captioner = models.model("captioner")
    if source is None or captioner is None or not domains.fits("captioner"):
        return pairs if len(pairs) > 1 else []
    made = caption_of(models, source, how["num_captions"] + 1, token)
    for other in dict.fromkeys((made.caption, *made.alternatives)):
        if len(pairs) < how["num_captions"] and all(other != before for before, _ in pairs):
            try:
                after = directions(language, other, text, token.check)[0].target_prompt
            except NotUnderstood:  # not of this caption: it may lack the thing that is spoken of
                continue
            pairs.append((other, after))
    return pairs
