from __future__ import annotations

from collections.abc import Sequence

from editor.errors import NotUnderstood, SelectionNeeded
from editor.messages import Message, verbatim
from editor.model.image import Image
from editor.model.patch import SettingValues, settings_of
from editor.tone import Reading, read
from inference.models.errors import ModelDamaged
from inference.models.model_domain import route
from inference.models.store import ModelStore
from inference.request import registry
from inference.request.analysis import Variant
from inference.request.cancel import CancelToken
from inference.request.edit_job import EditJob
from inference.request.jobs import (
    ExploreJob,
    ExploreReady,
    InstructionReady,
    PrepareJob,
)
from inference.request.registry import MethodInfo, check_settings, method
from inference.workflow.describe import FOREIGN, Description, Tell, describe, domain_of_methods
from inference.workflow.plan import fitting_methods


def prepare(
    job: PrepareJob,
    models: ModelStore,
    token: CancelToken,
    tell: Tell = lambda stage: None,
) -> InstructionReady:
    """Complete an instruction: which methods can carry it out, and what each would do.

    Args:
        job: the words and what is known about where they act.
        models: which models are installed decides which methods are ready.
        token: checked between stages.
        tell: called with each stage that takes time.

    Raises:
        NotUnderstood: no method knows what to do with the words.
        SelectionNeeded: the words name a part of the picture and nothing is selected.
        UnknownMethod, BadSetting: what was asked for by name does not exist.
        ModelMissing: a method asked for by name has no weights.
        ModelDamaged: a method asked for by name has a model whose settings cannot be used.
    """
    token.check()
    asked_for = [method(name) for name in job.methods]
    for info in asked_for:
        models.require(info)
    chosen = asked_for or [
        info for info in registry.METHODS.values() if not info.begins and not models.missing(info)
    ]
    settings = check_settings([info.name for info in chosen], job.settings)
    defaults: dict[str, SettingValues] = {}
    for info in tuple(chosen):
        try:
            defaults[info.name] = models.defaults(info)
        except ModelDamaged:
            if asked_for or len(chosen) == 1:
                raise
            chosen.remove(info)  # what needs no such model is done without
    text = job.instruction.text.strip()
    if not text:
        return _wordless(job, chosen, settings)
    readings: tuple[Reading, ...] = ()
    try:
        readings = read(text, has_selection=job.has_selection, count=max(1, job.count))
    except (NotUnderstood, SelectionNeeded) as error:
        # Words that no adjustment answers are what sampling methods are for.
        if all(info.parametric for info in chosen):
            if not asked_for and isinstance(error, NotUnderstood):
                error.fix = Message("do.or_add_model", fix=error.fix or verbatim(""))
            raise
    token.check()
    sampling = [info for info in chosen if not info.parametric and not info.begins]
    source = job.source if isinstance(job.source, Image) else None
    domain = (
        domain_of_methods(source, sampling, models) if source is not None and sampling else None
    )
    foreign = domain is not None and not domain.fits
    if asked_for:
        chosen = chosen if readings else [info for info in chosen if not info.parametric]
    else:
        chosen = fitting_methods(
            chosen,
            readable=bool(readings),
            foreign=foreign,
            names_scene=bool(readings and sampling) and route(text) == "repaint",
        )
        if not any(info.parametric for info in chosen):
            readings = ()
    sampling = [info for info in chosen if not info.parametric and not info.begins]
    warning = FOREIGN if foreign and sampling else None
    described = Description(job.instruction)
    if sampling and sampling[0] is chosen[0]:  # what goes first decides whether to wait for words
        described = describe(job.instruction, source, models, token, tell)
    variants = {info.name: _variants(info, readings, text) for info in chosen}
    weights: dict[str, tuple[str, ...]] = {}
    for info in chosen:
        if info.roles:
            weights[info.name] = models.weights(info)
            token.check()
    return InstructionReady(
        job.id,
        described.instruction,
        methods=tuple(info.name for info in chosen),
        variants=variants,
        asked=readings[0].asked if readings else (),
        kept=readings[0].kept if readings else (),
        corrections=readings[0].corrections if readings else (),
        caption=described.caption,
        domain=domain,
        question=described.question,
        warning=warning,
        weights=weights,
        defaults={info.name: defaults[info.name] for info in chosen if info.roles},
    )


def prepare_edit(
    job: EditJob,
    models: ModelStore,
    token: CancelToken,
    tell: Tell = lambda stage: None,
) -> tuple[InstructionReady, ...]:
    """Complete the instructions of a job; of several, those that no method can do are left out.

    Raises:
        NotUnderstood, SelectionNeeded: of the last one, where none is left.
        UnknownMethod, BadSetting, ModelMissing, ModelDamaged: as `prepare`.
    """
    found: list[InstructionReady] = []
    refusal: NotUnderstood | SelectionNeeded | None = None
    for instruction in job.instructions:
        asked = PrepareJob(
            instruction,
            job.selection is not None,
            job.methods,
            job.count + job.skip,
            job.settings,
            source=job.source if job.describe else None,
            id=job.id,
        )
        try:
            found.append(prepare(asked, models, token, tell))
        except (NotUnderstood, SelectionNeeded) as error:
            refusal = error
    if not found:
        raise refusal or NotUnderstood(
            Message("words.nothing_to_explore"), Message("do.say_change")
        )
    return tuple(found)


def prepare_several(
    job: ExploreJob,
    models: ModelStore,
    token: CancelToken,
    tell: Tell = lambda stage: None,
) -> ExploreReady:
    """Complete several instructions; those that no method can carry out are left out.

    Raises:
        NotUnderstood, SelectionNeeded: of the last one, where none is left.
        UnknownMethod, ModelMissing: as `prepare`.
    """
    readies: list[InstructionReady] = []
    refusal: NotUnderstood | SelectionNeeded | None = None
    for instruction in job.instructions:
        asked = PrepareJob(
            instruction, job.has_selection, job.methods, 1, source=job.source, id=job.id
        )
        try:
            readies.append(prepare(asked, models, token, tell))
        except (NotUnderstood, SelectionNeeded) as error:
            refusal = error
    if not readies:
        raise refusal or NotUnderstood(
            Message("words.nothing_to_explore"), Message("do.say_change")
        )
    return ExploreReady(job.id, tuple(readies))


def _wordless(
    job: PrepareJob, chosen: Sequence[MethodInfo], settings: SettingValues
) -> InstructionReady:
    """Settings alone can be an instruction for methods whose result they are."""
    able = [info.name for info in chosen if info.parametric]
    if not settings or not able:
        raise NotUnderstood(Message("words.none"), Message("do.say_change_example"))
    return InstructionReady(
        job.id,
        job.instruction,
        tuple(able),
        variants={name: (Variant((), None),) for name in able},
    )


def _variants(info: MethodInfo, readings: Sequence[Reading], text: str) -> tuple[Variant, ...]:
    """What each candidate of a method would do; sampling methods take the words as they are."""
    if not info.parametric:
        return (Variant((), verbatim(text)),)
    return tuple(
        Variant(settings_of(r.adjustments.to_settings()), r.sentence, r.asked, r.kept)
        for r in readings
    )
