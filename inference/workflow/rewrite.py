from __future__ import annotations

from collections.abc import Callable, Sequence

from editor.errors import ModelMissing, NotUnderstood
from editor.messages import Message
from editor.model.image import Image
from editor.model.prompt_edit.prompt_tokens import key_of
from inference.language.direction import AlreadyShown, Direction
from inference.models.picture_domains import PictureDomains
from inference.models.roles import how_to_get, role_name
from inference.models.store import ModelStore
from inference.request.cancel import CancelToken
from inference.request.edit_events import QuestionAsked
from inference.request.fit import FitContext
from inference.request.jobs import Event, Progress
from inference.request.registry import METHODS
from inference.request.rewrite_job import RewriteJob, RewriteReady, RewriteText
from inference.workflow.plan import fitting_methods


def run_rewrite_job(
    job: RewriteJob, models: ModelStore, emit: Callable[[Event], None], token: CancelToken
) -> RewriteReady | QuestionAsked:
    """Run a `RewriteJob`: target prompts, or the one question before them.

    Raises:
        ModelMissing: there is no language model, or none that knows such pictures.
        NotUnderstood: nobody says what the picture shows, or the model has no usable reading.
        AlreadyShown: the target prompts say nothing that the caption does not.
    """
    source, known = job.source, job.domain_picture
    if not isinstance(source, Image | None) or not isinstance(known, Image | None):
        raise TypeError("references are resolved before a job runs")
    role = "chat" if models.model("chat") is not None else "language"
    domains = PictureDomains(models, known or source)
    if models.model(role) is None or not domains.fits(role):
        raise ModelMissing(
            Message("rewrite.no_language_model", role=role_name("chat")), how_to_get("chat")
        )
    if not models.is_loaded(role):
        emit(Progress(job.id, "loading", 0, 1, what=role_name(role)))
    caption = _caption(job.caption, source, models, domains, token)
    worlds = domains.fitting((role, "captioner"))
    emit(Progress(job.id, "captioning", 0, 1))
    from inference.language.directions import directions
    from inference.language.language_domain import vocabulary
    from inference.language.questions import question, question_of_readings
    from inference.language.rewrite import rewrite
    from inference.language.serve import language_of

    words = vocabulary(worlds, caption)
    asked = question(caption, job.instruction, words) if job.ask else None
    if asked is not None:
        return QuestionAsked(job.id, asked)
    language = language_of(models)
    assert language is not None
    readings: Sequence[Direction] = (Direction(caption, job.target, agreed=True),)
    if not job.target:
        readings = directions(language, caption, job.instruction, token.check, job.seed)
        asked = question_of_readings(job.instruction, readings) if job.ask else None
    if asked is not None:
        return QuestionAsked(job.id, asked)
    made = rewrite(
        language, caption, job.instruction, job.count, job.seed, token.check,
        readings=readings, path=job.path, on_text=lambda texts: emit(RewriteText(job.id, texts)),
    )  # fmt: skip
    different = tuple(one for one in made.options if key_of(one.prompt) != key_of(caption))
    if not different:
        raise AlreadyShown(Message("rewrite.nothing_differs"), Message("do.change_caption"))
    return RewriteReady(job.id, caption, made.plain_target, different, _able(models, domains))


def _caption(
    caption: str,
    source: Image | None,
    models: ModelStore,
    domains: PictureDomains,
    token: CancelToken,
) -> str:
    """What the picture shows: as the artist left it, else as a captioner that knows it says."""
    found = " ".join(caption.split())
    captioner = models.model("captioner")
    if not found and source is not None and captioner and domains.fits("captioner"):
        from inference.language.serve import caption_of

        found = caption_of(models, source, 1, token).caption
    if not found:
        raise NotUnderstood(Message("caption.missing"), Message("do.write_caption"))
    return found


def _able(models: ModelStore, domains: PictureDomains) -> tuple[str, ...]:
    """Methods that can draw what a prompt says of such a picture, as Auto would take them."""
    able = [
        info
        for info in METHODS.values()
        if info.roles
        and info.competes
        and not (info.needs_selection or info.extends or info.enlarges)
        and not models.missing(info)
        and all(domains.fits(role, info.name) for role in info.roles)
    ]
    return tuple(info.name for info in fitting_methods(able, lambda info: FitContext()))
