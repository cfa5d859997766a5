"""Jobs of words, as the engine runs them: captions and suggestions over the installed models."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from editor.errors import ExpectedError, NotUnderstood
from editor.messages import Message, verbatim
from editor.model.edit import Suggestion
from editor.model.image import Image
from editor.model.prompt_edit.prompt_tokens import key_of
from inference.language.directions import directions
from inference.language.generate import Language
from inference.language.proposals import Context
from inference.language.suggest import suggest as suggested
from inference.language.suggest import tones
from inference.models.language_adapters import adapted
from inference.models.picture_domains import PictureDomains
from inference.models.store import ModelStore
from inference.request.cancel import CancelToken
from inference.request.jobs import (
    CaptionJob,
    CaptionReady,
    Event,
    Progress,
    SuggestionsReady,
    SuggestJob,
)
from inference.vision.captioner import Captions, captions

if TYPE_CHECKING:
    from inference.models.loaded import LoadedLanguage

NO_LANGUAGE = Message("suggest.no_language_model")
NO_CAPTIONER = Message("suggest.no_captioner")
UNNAMED = "a picture"
"""The caption where the captioner's cannot be trusted: true of any picture."""


class NothingShown(ExpectedError):
    """The captioner found no words for the picture."""

    kind = "nothing_shown"


def language_of(models: ModelStore) -> LoadedLanguage | None:
    """The best language model available: a chat model before a plain one."""
    if models.model("chat") is not None:
        return models.chat()
    if models.model("language") is not None:
        return models.language()
    return None


def caption_of(models: ModelStore, picture: Image, count: int, token: CancelToken) -> Captions:
    """What a picture shows.

    Raises:
        ModelMissing: there is no captioner.
        NothingShown: the caption is empty.
    """
    made = captions(models.captioner(), [picture], count, token.check)[0]
    if not made.caption:
        raise NothingShown(Message("caption.none"), Message("do.write_caption"))
    return made


def run_caption_job(
    job: CaptionJob, models: ModelStore, emit: Callable[[Event], None], token: CancelToken
) -> CaptionReady:
    """Run a `CaptionJob`."""
    picture = _picture(job.source)
    if picture is None:
        raise TypeError("a caption needs a picture")
    _loading(models, job.id, emit)
    made = caption_of(models, picture, job.count, token)
    found = models.model("captioner")
    name = found.id if found else ""
    domains = PictureDomains(models, picture)
    outside = domains.outside("captioner")
    return CaptionReady(
        job.id,
        made.caption,
        made.alternatives,
        name,
        domains.verdict("captioner"),
        None if outside is None else outside.outside_note("caption"),
    )


def run_suggest_job(
    job: SuggestJob, models: ModelStore, emit: Callable[[Event], None], token: CancelToken
) -> SuggestionsReady:
    """Run a `SuggestJob`; a missing model is no failure but an empty answer that says so."""
    text = " ".join(job.caption.split())
    if models.model("chat") is None and models.model("language") is None:
        return SuggestionsReady(job.id, text, note=NO_LANGUAGE, missing=("language",))
    picture = _picture(job.source)
    if not text and (picture is None or models.model("captioner") is None):
        return SuggestionsReady(job.id, text, note=NO_CAPTIONER, missing=("captioner",))
    role = "chat" if models.model("chat") is not None else "language"
    domains = PictureDomains(models, _picture(job.domain_picture) or picture)
    foreign = _foreign(job, text, domains, (role,) if text else ("captioner", role))
    if foreign is not None:
        return foreign
    _loading(models, job.id, emit)
    if not text:
        assert picture is not None
        emit(Progress(job.id, "captioning", 0, 1))
        text = caption_of(models, picture, 1, token).caption
    language = language_of(models)
    assert language is not None
    context = Context(text, job.path, job.refused, job.pinned, job.forbidden, job.wanted)
    first: tuple[Suggestion, ...] = ()
    note = None
    if job.instruction.strip():
        try:
            first = (_asked(language, context, job.instruction, job.seed, token),)
        except NotUnderstood as error:
            note = Message("words.and_fix", message=error.message, fix=error.fix or verbatim(""))
    worlds = domains.fitting(("captioner",))
    with adapted(language, "suggest"):
        others = suggested(language, context, job.count, job.seed, token.check, worlds)
    listed = {key_of(s.text) for s in first} | {key_of(s.instruction.target_prompt) for s in first}
    rest = [
        s
        for s in others.suggestions
        if not {key_of(s.text), key_of(s.instruction.target_prompt)} & listed
    ]
    return SuggestionsReady(job.id, text, (*first, *rest)[: job.count], note or others.note)


def _foreign(
    job: SuggestJob, text: str, domains: PictureDomains, roles: Sequence[str]
) -> SuggestionsReady | None:
    """Tone and colour alone, where a model of these roles does not know the picture."""
    for role in roles:
        world = domains.outside(role)
        if world is not None:
            caption = text or UNNAMED
            toned = tones(Context(caption, job.path, job.refused), job.count)
            note = world.outside_note("captioner" if role == "captioner" else "language")
            return SuggestionsReady(job.id, caption, toned, note, domain=domains.verdict(role))
    return None


def _asked(
    language: Language, context: Context, instruction: str, seed: int, token: CancelToken
) -> Suggestion:
    """The text of the prompt box as a suggestion, completed with its captions."""
    reading = directions(language, context.caption, instruction, token.check, seed)[0]
    return Suggestion.of(
        " ".join(instruction.split()),
        reading.source_prompt,
        reading.target_prompt,
        Message("suggest.asked"),
    )


def _picture(source: object) -> Image | None:
    if source is not None and not isinstance(source, Image):
        raise TypeError("references are resolved before a job runs")
    return source


def _loading(models: ModelStore, job_id: str, emit: Callable[[Event], None]) -> None:
    if not models.loaded_bytes:
        emit(Progress(job_id, "loading", 0, 1))
