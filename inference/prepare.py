from __future__ import annotations

from dataclasses import replace

from editor.errors import NotUnderstood
from editor.patch import settings_of
from editor.words import read
from inference import registry
from inference.jobs import CancelToken, InstructionReady, PrepareJob, Variant
from inference.models import ModelStore
from inference.registry import check_settings, method


def prepare(job: PrepareJob, models: ModelStore, token: CancelToken) -> InstructionReady:
    """Complete an instruction: which methods can carry it out, and what each would do.

    Args:
        job: the words and what is known about where they act.
        models: which models are installed decides which methods are ready.
        token: checked between stages.

    Raises:
        NotUnderstood: no method knows what to do with the words.
        SelectionNeeded: the words name a part of the picture and nothing is selected.
        UnknownMethod, BadSetting: what was asked for by name does not exist.
        ModelMissing: a method asked for by name has no weights.
    """
    token.check()
    asked_for = [method(name) for name in job.methods]
    for info in asked_for:
        models.require(info)
    chosen = [info.name for info in asked_for] or [
        info.name for info in registry.METHODS.values() if not models.missing(info)
    ]
    settings = check_settings(chosen, job.settings)
    text = job.instruction.text.strip()
    if not text:
        if not settings:
            raise NotUnderstood(
                "There are no words to go by.", "Say what should change, for example “warmer”."
            )
        ready = InstructionReady(job.id, job.instruction, tuple(chosen))
        return replace(ready, variants={name: (Variant((), ""),) for name in chosen})
    readings = read(text, has_selection=job.has_selection, count=max(1, job.count))
    token.check()
    variants = tuple(
        Variant(settings_of(r.adjustments.to_settings()), r.sentence, r.asked, r.kept)
        for r in readings
    )
    return InstructionReady(
        job.id,
        job.instruction,
        methods=tuple(chosen),
        variants={"adjust": variants} if "adjust" in chosen else {},
        asked=readings[0].asked,
        kept=readings[0].kept,
        corrections=readings[0].corrections,
    )
