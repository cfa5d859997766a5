from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from editor.errors import ExpectedError
from editor.messages import Message
from editor.model.edit import Instruction
from editor.model.image import Image
from editor.model.model_ref import ModelRef
from inference.models.helper import HelperFailed, helping
from inference.models.picture_domains import PictureDomains
from inference.models.store import ModelStore
from inference.request.analysis import Question
from inference.request.cancel import CancelToken

OnStage = Callable[[str], None]
"""Called with the stage that begins: "loading" or "captioning"."""


@dataclass(frozen=True)
class Description:
    """What is known of a picture and of the words about it, before an edit.

    Attributes:
        instruction: its prompts filled in as far as there are models for that.
        caption: what the picture shows, None where nobody said.
        question: None where the words are clear.
        skipped: which models could not be used, and why.
        helpers: those that wrote a caption.
    """

    instruction: Instruction
    caption: str | None = None
    question: Question | None = None
    skipped: tuple[Message, ...] = ()
    helpers: tuple[ModelRef, ...] = ()


def describe(
    instruction: Instruction,
    source: Image | None,
    models: ModelStore,
    domains: PictureDomains,
    token: CancelToken,
    on_stage: OnStage,
    *,
    ask: bool = True,
    added: str | None = None,
) -> Description:
    """Captions before and after an edit, and the one question worth asking.

    A captioner or language model that does not know the picture says nothing about it: its
    captions would be inventions, and the edit would be rewritten and ranked by them.

    Args:
        instruction: prompts that the artist filled in stay as they are.
        source: the picture; None leaves the caption before to the artist.
        models: captioner and language model are used where they are; nothing fails for want of
            them, because editing goes without.
        domains: what the models say of the picture.
        token: checked between stages and at every token.
        on_stage: called with each stage.
        ask: False where nobody is there to answer a question.
        added: None, or what the words add to a picture that stays as it is, "" where they do not
            say: the caption after is that before with these words.

    Raises:
        NotUnderstood: a language model that knows the picture is not sure what the words ask for,
            or they ask for what is there already; see `directions`.
    """
    caption = instruction.source_prompt.strip()
    skipped: tuple[Message, ...] = ()
    helpers: tuple[ModelRef, ...] = ()
    captioner = models.model("captioner")
    if not caption and source is not None and captioner and domains.fits("captioner"):
        from inference.language.serve import caption_of

        on_stage("loading" if not models.is_loaded("captioner") else "captioning")
        try:
            with helping(captioner):
                caption = caption_of(models, source, 1, token).caption
                helpers = (models.ref(captioner),)
        except HelperFailed as error:
            skipped = (error.message,)
        except ExpectedError:  # no words for it: the artist may have some
            caption = ""
    token.check()
    if not caption:
        return Description(instruction, skipped=skipped)
    known = replace(instruction, source_prompt=caption)
    if added is not None and not known.target_prompt:
        known = replace(known, target_prompt=", ".join(filter(None, (caption, added))))
    if known.target_prompt:  # both are written down: there is nothing to read or to ask
        return Description(known, caption, helpers=helpers)
    role = "chat" if models.model("chat") is not None else "language"
    speaker = models.model(role)
    if speaker is None or not domains.fits(role):
        return Description(known, caption, helpers=helpers)
    from inference.language.directions import DirectionUnknown, directions
    from inference.language.language_domain import vocabulary
    from inference.language.questions import question, question_of_readings
    from inference.language.serve import language_of

    worlds = domains.fitting((role, "captioner"))
    asked = question(caption, instruction.text, vocabulary(worlds, caption)) if ask else None
    if asked is not None:
        return Description(known, caption, asked, helpers=helpers)
    on_stage("captioning")
    try:
        with helping(speaker):
            language = language_of(models)
            assert language is not None
            readings = directions(language, caption, instruction.text, token.check)
    except HelperFailed as error:
        return Description(known, caption, skipped=(error.message,), helpers=helpers)
    except DirectionUnknown:
        readings = ()
    if readings:
        known = replace(known, target_prompt=readings[0].target_prompt)
        helpers = (*helpers, models.ref(speaker))
    asked = question_of_readings(instruction.text, readings) if ask else None
    return Description(known, caption, asked, helpers=helpers)
