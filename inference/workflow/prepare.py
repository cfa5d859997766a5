from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from editor.errors import NotUnderstood, SelectionNeeded
from editor.messages import Message, verbatim
from editor.model.edit import Instruction
from editor.model.image import Image
from editor.model.model_ref import ModelRef
from editor.model.patch import SettingValues, settings_of
from editor.tone import Reading, asks_recolour, names_scene, read
from inference.language.direction import WordsUnknown
from inference.language.edit_kind import edit_kind
from inference.language.enlargement_words import asked_factor
from inference.models.errors import ModelDamaged
from inference.models.lora_file import lora_ref
from inference.models.method_gains import gains
from inference.models.model_domain import ModelDomain, Speaker
from inference.models.picture_domains import PictureDomains
from inference.models.reference_pictures import reference_refs
from inference.models.store import ModelStore
from inference.request import registry
from inference.request.analysis import Domain, Variant
from inference.request.cancel import CancelCheck, CancelToken
from inference.request.captions import CaptionsMissing
from inference.request.edit_job import EditJob
from inference.request.fit import FitContext
from inference.request.registry import MethodInfo, check_settings, method
from inference.request.settings import Loras
from inference.workflow.canvas_words import added_words, for_canvas
from inference.workflow.caption_sets import caption_settings
from inference.workflow.describe import Description, OnStage, describe
from inference.workflow.plan import fitting_methods, tone_variants
from inference.workflow.preparation import Preparation
from inference.workflow.refusals import (
    Unread,
    nearer,
    outside_refusal,
    refuse_same_shape,
    with_models,
)
from inference.workflow.serving_notes import lost_choices, served_lines
from inference.workflow.unread_words import unread_words


def prepare(
    job: EditJob,
    models: ModelStore,
    token: CancelToken,
    on_stage: OnStage = lambda stage: None,
) -> tuple[Preparation, ...]:
    """Complete the instructions of a job; of several, those that no method can do are left out.

    Args:
        job: its pictures are resolved.
        models: which models are installed decides which methods are ready.
        token: checked between stages.
        on_stage: called with each stage that takes time.

    Raises:
        NotUnderstood: no method knows what to do with the words (the last of them, where none is
            left).
        CaptionsMissing: the only methods need captions, and nothing and nobody gave them.
        SelectionNeeded: the words name a part of the picture, or all methods asked for by name draw
            in a selection, and nothing is selected.
        UnknownMethod, BadSetting: what was asked for by name does not exist.
        ModelMissing: a method asked for by name has no weights.
        ModelDamaged: a method asked for by name has a model whose settings cannot be used.
    """
    found: list[Preparation] = []
    refusal: Unread | None = None
    for instruction in job.instructions:
        try:
            found.append(_prepared(instruction, job, models, token, on_stage))
        except (NotUnderstood, SelectionNeeded) as error:
            refusal = error
    if not found:
        raise refusal or NotUnderstood(
            Message("words.nothing_to_explore"), Message("do.say_change")
        )
    return tuple(found)


def _prepared(
    instruction: Instruction,
    job: EditJob,
    models: ModelStore,
    token: CancelToken,
    on_stage: OnStage,
) -> Preparation:
    """Which methods can carry out an instruction, and what each would do."""
    token.check()
    chosen, settings, defaults, gained = _usable(job, models)
    text = instruction.text.strip()
    if not text:
        return _wordless(job, instruction, chosen, settings)
    chosen = chosen if job.methods else for_canvas(chosen, text, models)
    resizes = all(info.resizes for info in chosen)
    readings: tuple[Reading, ...] = ()
    unread: Unread | None = None
    try:
        readings = read(
            text, has_selection=job.selection is not None, count=max(1, job.count + job.skip)
        )
    except (NotUnderstood, SelectionNeeded) as error:
        # Words that no adjustment answers are what sampling methods are for.
        if all(info.parametric for info in chosen):
            raise (error if job.methods else with_models(error)) from None
        unread = error
    token.check()
    refuse_same_shape(() if resizes else readings, job.source)
    sampling = _sampling(chosen)
    source = job.source if job.describe and isinstance(job.source, Image) else None
    domains = PictureDomains(models, _domain_picture(job) if source is not None else None)
    domain = _verdict(sampling, domains)
    warning = None
    if job.methods:
        chosen = chosen if readings else [info for info in chosen if not info.parametric]
        warning = _outside_note("painter", sampling, domains)
    else:
        # Repainting a picture that a model does not know takes an explicit choice.
        known = [info for info in chosen if _outside(info, domains) is None]
        if (resizes or unread is not None) and not _sampling(known):
            worlds = [world for info in sampling if (world := _outside(info, domains))]
            raise outside_refusal(text, None if resizes else unread, sampling, worlds)
        painted = bool(readings and sampling) and (
            _is_painted(text, _sampling(known), domains) or _recolours_known(job, text, domain)
        )
        if painted and not _sampling(known):
            warning = _outside_note("toned", sampling, domains)
        kind = edit_kind(text)
        chosen = fitting_methods(
            known,
            lambda info: FitContext(
                bool(readings),
                painted,
                extends=resizes and info.extends,
                enlarges=resizes and info.enlarges,
                gain=gained.get(info.name, {}).get(kind),
            ),
        )
        if not any(info.parametric for info in chosen):
            readings = ()
        check_settings([info.name for info in _to_run(job, chosen)], settings)
    # Of a shape ("wider, 16:9") tone and colour reads a crop.
    readings = () if resizes else readings
    sampling = _sampling(chosen)
    described = Description(instruction)
    # What goes first decides whether to wait for words; none are needed to enlarge.
    if sampling and sampling[0] is chosen[0] and not chosen[0].enlarges:
        try:
            described = describe(
                instruction, source, models, domains, token, on_stage,
                ask=job.ask, added=added_words(chosen[0], text),
            )  # fmt: skip
        except NotUnderstood as error:
            described = _as_described(error, chosen[0], instruction, unread)
    chosen, left_out = _with_captions(chosen, described)
    if not _runs_several(job):
        left_out = ()  # those would not have run
    variants = {info.name: _variants(info, readings, text) for info in chosen}
    enlarging = (_set_for(info, job, settings) for info in chosen if info.enlarges)
    factor = next((asked_factor(values, text) for values in enlarging), None)
    used: dict[str, tuple[ModelRef, ...]] = {}
    for info in chosen:
        if info.roles:
            used[info.name] = (
                *models.refs(info, factor),
                *_lora_refs(info, _set_for(info, job, settings), token.check),
                *reference_refs(_set_for(info, job, settings), token.check),
                *described.helpers,
            )
            token.check()
    brought = {info.name: defaults[info.name] for info in chosen if info.roles}
    for info in _to_run(job, chosen):
        own, said = caption_settings(
            info,
            _set_for(info, job, settings),
            described.instruction,
            source,
            models,
            domains,
            token,
        )
        if own:
            brought[info.name] = settings_of({**dict(brought[info.name]), **dict(own)})
        left_out = (*left_out, *said)
    first = readings[0] if readings else None
    return Preparation(
        described.instruction,
        methods=tuple(info.name for info in chosen),
        variants=variants,
        wanted_changes=first.wanted_changes if first is not None else (),
        fixed_quantities=first.fixed_quantities if first is not None else (),
        parts=first.parts if first is not None else (),
        corrections=first.corrections if first is not None else (),
        caption=described.caption,
        domain=domain,
        question=described.question,
        warning=warning,
        skipped=(
            *described.skipped,
            *_said_of_placeless(job),
            *left_out,
            *lost_choices(models, chosen),
        ),
        models=used,
        served=served_lines(models, chosen, factor),
        defaults=brought,
        unread=unread_words(chosen[0], described.instruction, models),
    )


def _with_captions(
    chosen: Sequence[MethodInfo], described: Description
) -> tuple[list[MethodInfo], tuple[Message, ...]]:
    """The methods that know enough of the picture, and what is said of the others.

    Raises:
        CaptionsMissing: none is left.
    """
    instruction = described.instruction
    complete = bool(instruction.source_prompt.strip() and instruction.target_prompt.strip())
    able = [info for info in chosen if complete or not info.captions]
    if chosen and not able and described.question is None:
        raise CaptionsMissing(Message("caption.both_needed"), Message("do.write_captions"))
    if not able:
        return list(chosen), ()  # the question comes first
    return able, tuple(
        Message("caption.left_out", method=info.title) for info in chosen if info not in able
    )


def _sampling(methods: Sequence[MethodInfo]) -> list[MethodInfo]:
    """Those that paint a picture anew, by a model."""
    return [info for info in methods if not info.parametric and not info.begins]


def _runs_several(job: EditJob) -> bool:
    """Whether a job may run more than one method: those it names, or Auto within a time."""
    return bool(job.methods) or job.time_limit is not None


def _to_run(job: EditJob, fitting: Sequence[MethodInfo]) -> Sequence[MethodInfo]:
    """What a job may run of the fitting methods, the best fitting first."""
    return fitting if _runs_several(job) else fitting[:1]


def _as_described(
    error: NotUnderstood,
    info: MethodInfo,
    instruction: Instruction,
    unread: Unread | None,
) -> Description:
    """Words that the language model does not read as an order, as a description.

    Of what is to be in a selection; other methods refuse them.
    """
    if info.needs_selection:
        return Description(instruction)
    raise nearer(error, unread) if isinstance(error, WordsUnknown) else error


def _domain_picture(job: EditJob) -> Image | None:
    picture = job.domain_picture or job.source
    return picture if isinstance(picture, Image) else None


def _outside(info: MethodInfo, domains: PictureDomains) -> ModelDomain | None:
    """The domain of a model of the method that does not know the picture; None if all may."""
    found = (domains.outside(role, info.name) for role in info.roles)
    return next((domain for domain in found if domain is not None), None)


def _outside_note(
    speaker: Speaker, sampling: Sequence[MethodInfo], domains: PictureDomains
) -> Message | None:
    """What the first model that does not know the picture says of it; None if all may."""
    found = (_outside(info, domains) for info in sampling)
    return next((world.outside_note(speaker) for world in found if world is not None), None)


def _verdict(sampling: Sequence[MethodInfo], domains: PictureDomains) -> Domain | None:
    """What the models of the first method that samples say of the picture."""
    found = (domains.verdict(role, info.name) for info in sampling[:1] for role in info.roles)
    return next((verdict for verdict in found if verdict is not None), None)


def _is_painted(text: str, sampling: Sequence[MethodInfo], domains: PictureDomains) -> bool:
    """Whether words are for a model although tone and colour has a reading of them.

    Models that know the picture have the first word; words for times, weathers, seasons and styles
    mean the same to all others.
    """
    worlds = [one for info in sampling for one in domains.fitting(info.roles, info.name)]
    opinions = (domain.route(text) for domain in worlds)
    opinion = next((found for found in opinions if found is not None), None)
    return opinion == "repaint" or (opinion is None and names_scene(text))


def _recolours_known(job: EditJob, text: str, domain: Domain | None) -> bool:
    """True for "make the red car blue" without a selection, of a picture that models know."""
    known = domain is not None and domain.fits
    return known and job.selection is None and asks_recolour(text)


def _usable(
    job: EditJob, models: ModelStore
) -> tuple[
    list[MethodInfo], SettingValues, dict[str, SettingValues], dict[str, Mapping[str, float]]
]:
    """Methods that a job names, else those that are ready; its settings; those of the models.

    And for Auto what each method gained over doing nothing, by kind of edit.
    """
    named = [method(name) for name in job.methods]
    for info in named:
        models.require(info)
    placeless = _placeless(job)
    if placeless and len(placeless) == len(named):
        raise SelectionNeeded(
            Message("method.needs_selection", method=placeless[0].title), Message("do.select_area")
        )
    named = [info for info in named if info not in placeless]
    usable = named or [
        info
        for info in registry.METHODS.values()
        if info.competes
        and not models.missing(info)
        and (job.selection is not None or not info.needs_selection)
    ]
    settings = check_settings([info.name for info in usable], job.settings)
    defaults: dict[str, SettingValues] = {}
    gained: dict[str, Mapping[str, float]] = {}
    for info in tuple(usable):
        try:
            defaults[info.name] = models.defaults(info)
            gained[info.name] = {} if named else gains(models, info)
        except ModelDamaged:
            if named or len(usable) == 1:
                raise
            usable.remove(info)  # what needs no such model is done without
    return usable, settings, defaults, gained


def _placeless(job: EditJob) -> list[MethodInfo]:
    """The methods that a job names and that need a selection which is not there."""
    if job.selection is not None:
        return []
    return [info for info in map(method, job.methods) if info.needs_selection]


def _said_of_placeless(job: EditJob) -> tuple[Message, ...]:
    """Of several methods those are left out, with a sentence each."""
    return tuple(Message("method.left_out", method=info.title) for info in _placeless(job))


def _wordless(
    job: EditJob,
    instruction: Instruction,
    chosen: Sequence[MethodInfo],
    settings: SettingValues,
) -> Preparation:
    """Settings alone can be an instruction for methods whose result they are."""
    able = [info.name for info in chosen if info.parametric]
    if not settings or not able:
        raise NotUnderstood(Message("words.none"), Message("do.say_change_example"))
    check_settings(able, settings)
    return Preparation(
        instruction,
        tuple(able),
        variants={name: (Variant((), None),) for name in able},
        skipped=_said_of_placeless(job),
    )


def _set_for(info: MethodInfo, job: EditJob, settings: SettingValues) -> SettingValues:
    """What is set for a method, by the artist's options for it and for this job."""
    option = dict(job.options).get(info.name)
    return settings_of({**dict(option.settings if option else ()), **dict(settings)})


def _lora_refs(
    info: MethodInfo, settings: SettingValues, check: CancelCheck
) -> tuple[ModelRef, ...]:
    """The LoRA files that a method would lay over its model: its pictures depend on them."""
    if all(setting.kind != "loras" for setting in info.settings):
        return ()
    loras: Loras = dict(settings).get("lora") or ()
    return tuple(lora_ref(Path(file), check) for file, weight in loras if weight)


def _variants(info: MethodInfo, readings: Sequence[Reading], text: str) -> tuple[Variant, ...]:
    """What each candidate of a method would do; sampling methods take the words as they are."""
    if not info.parametric:
        return (Variant((), verbatim(text)),)
    return tone_variants(readings)
