from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext

from editor.errors import ModelMissing
from editor.messages import Message
from editor.ranking.prompt_order import RankedPrompt, polished_words
from inference.language.language_domain import LanguageDomain
from inference.models.helper import helping
from inference.models.model_domain import domain_of_model
from inference.models.roles import how_to_get, role_name
from inference.models.store import ModelStore
from inference.request.cancel import CancelToken
from inference.request.concept_job import ConceptJob, ConceptPromptsReady
from inference.request.jobs import Event, Progress


def run_concept_job(
    job: ConceptJob, models: ModelStore, emit: Callable[[Event], None], token: CancelToken
) -> None:
    """Run a `ConceptJob`: the prompts of each concept as soon as they are written.

    Raises:
        ModelMissing: there is no language model.
        WritesNoPrompts: the language model answers questions about edits alone.
        HelperFailed: it cannot be used.
    """
    role = "chat" if models.model("chat") is not None else "language"
    speaker = models.model(role)
    if speaker is None:
        raise ModelMissing(
            Message("ideas.no_language_model", role=role_name("chat")), how_to_get("chat")
        )
    if not models.is_loaded(role):
        emit(Progress(job.id, "loading", 0, 1, what=role_name(role)))
    from inference.language.ideas import ThingsUnknown, faithfulness, prompt_writer, prompts_for
    from inference.language.serve import language_of

    for number, concept in enumerate(job.concepts):
        emit(Progress(job.id, "writing", number, len(job.concepts)))
        with helping(speaker):
            language = language_of(models)
            assert language is not None
            try:
                with prompt_writer(language) as world:
                    made = prompts_for(language, concept, job.count, job.seed, token.check, world)
            except ThingsUnknown as error:  # the others may be known
                emit(ConceptPromptsReady(job.id, concept, (), error.things))
                continue
        clip = models.model("clip")
        with helping(clip) if clip is not None else nullcontext():
            faithful = faithfulness(models, concept, made, token.check)
        ranked = tuple(
            RankedPrompt(prompt, value, polished_words(prompt))
            for prompt, value in zip(made, faithful, strict=True)
        )
        emit(ConceptPromptsReady(job.id, concept, ranked, _undrawable(models, concept)))


def _undrawable(models: ModelStore, concept: str) -> tuple[str, ...]:
    """What a concept names that the model that draws cannot know; () where it has no world."""
    world = domain_of_model(models.model("text_to_image"))
    return world.unknown_things(concept) if isinstance(world, LanguageDomain) else ()
