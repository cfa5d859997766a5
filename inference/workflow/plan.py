"""From words that were understood to the requests that carry them out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from editor.messages import Message
from editor.model.edit import EditRequest
from editor.model.image import Image
from editor.model.patch import SettingValues, settings_of
from editor.model.selection import Selection
from inference.diffusion.framing import frame
from inference.request.analysis import Measured, Question, Variant
from inference.request.edit_events import EditEvent, Planned, Prepared, QuestionAsked
from inference.request.edit_job import EditJob, Quality, Until
from inference.request.fit import FitContext
from inference.request.method_options import MethodOptions
from inference.request.registry import MethodInfo, method
from inference.request.settings import FILE_ROLES, STEPS
from inference.workflow.mix import SecondsOf, shares, within_time
from inference.workflow.preparation import Preparation
from inference.workflow.swept_settings import own_settings, swept_settings

if TYPE_CHECKING:
    from editor.tone import Reading

_MULTIPLE = 8
"""Pixels to which a work size is rounded up; a model that wants more rounds it further."""


@dataclass(frozen=True)
class RequestPlan:
    """What a job makes.

    Attributes:
        requests: one for each candidate, no two with the same key.
        sentences: what each does, in words, by request key.
        measured: what the words of each ask for and what they ask to leave alone, by request key.
        quality: that they are made in.
    """

    requests: tuple[EditRequest, ...]
    sentences: Mapping[str, Message | None] = field(default_factory=dict)
    measured: Mapping[str, Measured] = field(default_factory=dict)
    quality: Quality = Quality.FULL


def question_to_ask(job: EditJob, found: Sequence[Preparation]) -> Question | None:
    """The question that a job ends with instead of results; None where it goes on."""
    return found[0].question if job.ask and len(found) == 1 else None


def announced(
    job: EditJob,
    found: Sequence[Preparation],
    source: Image,
    selection: Selection | None,
    seconds_of: SecondsOf = attrgetter("cost"),
) -> tuple[tuple[EditEvent, ...], RequestPlan | None]:
    """What a job says before it makes candidates, and its plan. Pure.

    Args:
        job: how far it goes, and whether it may ask.
        found: what `prepare` found out about each instruction.
        source: the picture.
        selection: where the edit may act, None for everywhere.
        seconds_of: what a candidate of a method takes.

    Returns:
        The events, and the plan; None where the job ends with them.
    """
    events: list[EditEvent] = [
        Prepared(
            job.id,
            one.instruction,
            one.methods,
            one.sentence,
            one.corrections,
            one.caption,
            one.domain,
            one.warning,
            one.skipped,
            one.served,
            one.unread,
        )
        for one in found
    ]
    first, question = found[0], question_to_ask(job, found)
    if question is not None:
        return (*events, QuestionAsked(job.id, question)), None
    if job.until < Until.EDITED:
        return tuple(events), None
    chosen = (_named(job, first) or first.methods)[0]
    warned = first.warning is not None and not method(chosen).parametric
    if job.only is not None and (chosen not in job.only or warned):
        return tuple(events), None
    plan = plan_edit(job, found, source, selection, seconds_of)
    return (*events, Planned(job.id, plan.requests, plan.sentences)), plan


def plan_edit(
    job: EditJob,
    found: Sequence[Preparation],
    source: Image,
    selection: Selection | None,
    seconds_of: SecondsOf = attrgetter("cost"),
) -> RequestPlan:
    """The requests of a job, once its words are understood. Pure.

    Args:
        job: how many are wanted, by which methods, from which seed, at which quality.
        found: what `prepare` found out about each instruction.
        source: the picture.
        selection: where the edit may act, None for everywhere.
        seconds_of: what a candidate of a method takes; see `EditJob.time_limit`.
    """
    requests: dict[str, EditRequest] = {}
    sentences: dict[str, Message | None] = {}
    measured: dict[str, Measured] = {}
    for one in found:
        planned = plan_requests(
            one,
            source_digest=source.pixel_digest,
            selection_digest=selection.digest if selection is not None else None,
            methods=methods_of(job, one, seconds_of),
            count=job.count,
            skip=job.skip,
            seed=job.seed,
            settings=job.settings,
            quality=job.quality,
            options=dict(job.options),
            work_size_of=lambda side: frame(source.bounds, selection, side, _MULTIPLE).work_size,
        )
        for request in planned:
            key = request.key
            if key not in requests:
                requests[key] = request
                sentences[key] = one.sentence_of(request)
                measured[key] = (one.wanted_changes, one.fixed_quantities, one.parts)
    return RequestPlan(tuple(requests.values()), sentences, measured, job.quality)


def methods_of(job: EditJob, found: Preparation, seconds_of: SecondsOf) -> tuple[str, ...]:
    """What a job runs: of the methods it names those that are able to, else what Auto takes."""
    named = _named(job, found)
    if named or job.time_limit is None:
        return named or found.methods[:1]
    fitting = [method(name) for name in found.methods]
    return within_time(fitting, job.count, job.time_limit, seconds_of)


def _named(job: EditJob, found: Preparation) -> tuple[str, ...]:
    """The methods that a job names, without those that were left out while it was prepared."""
    return tuple(name for name in job.methods if name in found.methods)


def fitting_methods(
    able: Sequence[MethodInfo], context_of: Callable[[MethodInfo], FitContext]
) -> list[MethodInfo]:
    """Auto: of the methods that could run, those for these words, the best fitting first.

    A method that fits less than half as well as the best one is left out, and one that was measured
    to be no better than doing nothing on such edits, unless there is no other.

    Args:
        able: methods whose models are there; of two that fit alike the first goes first.
        context_of: what each is asked about.
    """
    contexts = {info.name: context_of(info) for info in able}
    fits = {info.name: info.fit(contexts[info.name]) for info in able}
    gaining = [info for info in able if (gain := contexts[info.name].gain) is None or gain > 0]
    able = gaining if any(fits[info.name] > 0 for info in gaining) else able
    bar = max((fits[info.name] for info in able), default=0.0) / 2
    fitting = [info for info in able if fits[info.name] > 0 and fits[info.name] >= bar]
    return sorted(fitting, key=lambda info: -fits[info.name])


def tone_variants(readings: Sequence[Reading]) -> tuple[Variant, ...]:
    """What each candidate of tone and colour would do."""
    return tuple(
        Variant(
            settings_of(r.adjustments.to_settings()),
            r.sentence,
            r.wanted_changes,
            r.fixed_quantities,
            r.parts,
        )
        for r in readings
    )


def _final(info: MethodInfo, values: dict[str, Any], index: int) -> SettingValues:
    """Settings of a candidate's request.

    Some lie about what is asked, on the other side at a limit; those that plan are left out.
    """
    planning = {setting.name for setting in info.settings if setting.planning}
    made = {name: value for name, value in values.items() if name not in planning}
    for name, offsets in info.spread:
        setting, asked, offset = info.setting(name), values[name], offsets[index % len(offsets)]
        inside = setting.minimum <= asked + offset <= setting.maximum
        value = asked + offset if inside else asked - offset
        made[name] = round(min(max(value, setting.minimum), setting.maximum), 6)
    return settings_of(made)


def plan_requests(
    found: Preparation,
    *,
    source_digest: str,
    selection_digest: str | None = None,
    methods: Sequence[str] = (),
    count: int = 4,
    skip: int = 0,
    seed: int = 0,
    settings: SettingValues = (),
    quality: Quality = Quality.FULL,
    options: Mapping[str, MethodOptions] | None = None,
    work_size_of: Callable[[int], tuple[int, int]] = lambda side: (side, side),
) -> tuple[EditRequest, ...]:
    """Spread a complete instruction over requests, one per candidate. Pure.

    Args:
        found: what `prepare` found out.
        source_digest: pixel digest of the picture.
        selection_digest: of the coverage, None for everywhere.
        methods: registry names; empty = the best fitting one.
        count: candidates in all, shared between the methods, cheapest method first.
        skip: the first so many readings of each deterministic method are left out. Sampling
            methods leave nothing out: another `seed` gives other pictures.
        seed: of the first request; sampling methods count up from it.
        settings: fixed by hand, for every candidate; a method takes those it has.
        quality: `PREVIEW` takes each method's quick settings where none is fixed by hand.
        options: by method, what the artist set for it; it goes before a sweep.
        work_size_of: (width, height) in pixels of the model's picture whose area is that of a
            square of the side given.

    Returns:
        At most `count` requests, no two with the same key; deterministic methods give fewer
        where the words have fewer readings.
    """
    chosen = [method(name) for name in (methods or found.methods[:1])]
    chosen.sort(key=lambda info: info.cost)
    planned: list[EditRequest] = []
    for info, share in zip(chosen, shares(count, len(chosen)), strict=True):
        models = found.models.get(info.name, ())
        own = {n: v for n, v in settings if info.has(n)}
        option = (options or {}).get(info.name, MethodOptions())
        first_seed = seed if option.seed is None else option.seed
        size = (0, 0) if option.work_side is None else work_size_of(option.work_side)
        left_out = skip if info.variety == "variants" else 0
        requests: dict[str, EditRequest] = {}
        for index in range(left_out + share):
            base = _base_settings(info, found, index)
            if base is None:
                break
            picks = found.picks.get(info.name, ())
            pick = picks[index] if index < len(picks) else None
            base |= dict(pick.settings if pick else ())
            base |= dict(option.settings)
            if quality is Quality.PREVIEW:
                base |= _quicker(dict(info.preview), base)
            request = EditRequest(
                source_digest=source_digest,
                selection_digest=None if info.resizes else selection_digest,
                instruction=found.instruction,
                method=info.name,
                method_version=info.version,
                settings=_final(info, {**base, **own}, index),
                seed=pick.seed if pick else first_seed + index if info.variety == "seeds" else seed,
                work_size=(0, 0) if quality is Quality.PREVIEW else size,
                weights=tuple(
                    sorted(ref.digest for ref in models if ref.role in (*info.roles, *FILE_ROLES))
                ),
                models=models,
            )
            requests.setdefault(request.key, request)
        planned.extend(list(requests.values())[left_out:])
    return tuple(planned)


def _quicker(preview: dict[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a preview, which never has more steps than the whole."""
    if STEPS in preview and STEPS in base:
        preview[STEPS] = min(preview[STEPS], base[STEPS])
    return preview


def _base_settings(info: MethodInfo, found: Preparation, index: int) -> dict[str, Any] | None:
    """Settings of a method's candidate number `index`; None where it has no further reading."""
    if info.variety == "variants":
        variants = found.variants.get(info.name, ())
        return dict(variants[index].settings) if index < len(variants) else None
    base = own_settings(info, dict(found.defaults.get(info.name, ())))
    return base | {name: values[index % len(values)] for name, values in swept_settings(info, base)}
