from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from editor.model.edit import Candidate
from editor.model.image import Image
from editor.model.patch import Patch
from editor.model.score import CHANGE, MEASURED, Score
from editor.model.selection import Selection
from editor.ranking.differences import SHADES
from editor.ranking.measured_score import measured_score
from editor.ranking.measures import Measures, Reference, measure
from editor.ranking.opacity import visible_coverage
from editor.render import composite
from editor.render.adjustments.orientation import without_orientation
from editor.render.color import ColorSpace
from inference.models.helper import HelperFailed
from inference.models.store import ModelStore
from inference.request.cancel import Cancelled
from inference.request.edit_region import EditRegion
from inference.vision.clip.beauty import Beauty, BeautyJudge
from inference.vision.clip.judge import ClipJudge, DomainOf, is_parametric
from inference.workflow.change import colours, mean_change, outside_change
from inference.workflow.misalignment import with_misalignment
from inference.workflow.picture_damage import DamageMeter
from inference.workflow.preservation import outside_of, with_preservation
from inference.workflow.scoring_proxy import ScoringProxy, at_proxy_size
from inference.workflow.seam import with_seam
from inference.workflow.variants import almost_same

__all__ = ["ClipJudge", "DomainOf", "Scorer", "picture_scores"]

_DETAIL = ("sharpness", "fine_detail", "noise")

_SOFTNESS = ("sharpness", "fine_detail", "local_contrast")
"""Where less of these was asked, softer edges are no damage."""

Parts = tuple[tuple[str, ...], ...]

_AT_ONCE = 16
"""Candidates that are rendered before CLIP sees them, all in one batch."""


class Scorer:
    """Measures what candidates do to one picture; what they share is computed once."""

    def __init__(self, models: ModelStore | None = None, domain: DomainOf | None = None) -> None:
        """Nothing is loaded before the first candidate that CLIP should see.

        Args:
            models: the CLIP model that serves there scores too; None measures only.
            domain: called once for each source; None asks `inference.vision.clip.domain`.
        """
        self._key: tuple[str, str | None] | None = None
        self._proxy: ScoringProxy | None = None
        self._clip = ClipJudge(models, domain) if models is not None else None
        self._beauty = None
        if models is not None and self._clip is not None:
            self._beauty = BeautyJudge(models, self._clip.embeddings)

    def must_load(self, candidates: Sequence[Candidate]) -> bool:
        """True if scoring these begins with loading the CLIP model."""
        judge = self._clip
        return judge is not None and judge.must_load and any(map(judge.wants, candidates))

    def scores(
        self,
        source: Image,
        candidates: Sequence[Candidate],
        selection: Selection | None,
        wanted_changes: tuple[tuple[str, int], ...],
        fixed_quantities: tuple[str, ...],
        cancelled: Callable[[], bool],
        domain_picture: Image | None = None,
        parts: Parts = (),
        regions: Mapping[str, EditRegion] = {},
    ) -> Iterator[Score]:
        """Figures of each candidate, in order.

        Parametric candidates are measured and ranked by that; where both captions are known CLIP's
        figures are added. Others are measured on what the words ask for, if that can be
        measured, and ranked by CLIP's direction where it has one. Source and captions are encoded
        once, the candidates in one batch.

        Args:
            source: the picture the candidates start from.
            candidates: not rendered yet.
            selection: where they may act.
            wanted_changes: (quantity, sign) pairs that the words ask for.
            fixed_quantities: quantities to leave alone.
            cancelled: called between tiles and batches; True raises a cancel.
            domain_picture: the picture that CLIP has to know; None for the source.
            parts: the quantities of each part of the words.
            regions: by key, where the words belong, of methods that know it.
        """
        for start in range(0, len(candidates), _AT_ONCE):
            part = candidates[start : start + _AT_ONCE]
            if self._clip is None or not any(self._clip.wants(one) for one in part):
                for one in part:
                    yield self._measured(
                        source, one, selection, wanted_changes, fixed_quantities, cancelled, parts,
                        regions.get(one.key),
                    )[0]  # fmt: skip
                continue
            made = [
                self._measured(
                    source,
                    c,
                    selection,
                    wanted_changes,
                    fixed_quantities,
                    cancelled,
                    parts,
                    regions.get(c.key),
                )
                for c in part
            ]
            proxy = self._proxy_of(source, selection, cancelled)
            scores = self._clip.judge(proxy.image, part, made, cancelled, domain_picture or source)
            rated = self._with_beauty(part, made, list(scores), cancelled)
            yield from self._with_variants(proxy.image, part, made, rated)

    def _with_beauty(
        self,
        candidates: Sequence[Candidate],
        made: Sequence[tuple[Score, Image]],
        scores: Sequence[Score],
        cancelled: Callable[[], bool],
    ) -> list[Score]:
        """The scores, those of sampled candidates that CLIP has seen with figures of taste."""
        rows = [
            i
            for i, score in enumerate(scores)
            if score.image is not None and not is_parametric(candidates[i])
        ]
        if self._beauty is None or not rows:
            return list(scores)
        pictures = [made[i][1] for i in rows]
        captions = [candidates[i].request.instruction.target_prompt for i in rows]
        tastes = self._beauty.rate(pictures, captions, _check(cancelled))
        rated = list(scores)
        for i, taste in zip(rows, tastes, strict=True):
            rated[i] = _tasted(rated[i], taste)
        return rated

    def _with_variants(
        self,
        source: Image,
        candidates: Sequence[Candidate],
        made: Sequence[tuple[Score, Image]],
        scores: Sequence[Score],
    ) -> Iterator[Score]:
        """The scores, each with the earlier sampled candidates that it repeats."""
        assert self._clip is not None
        sampled = [i for i, one in enumerate(candidates) if not is_parametric(one)]
        if len(sampled) < 2:
            yield from scores
            return
        pictures = [made[i][1] for i in sampled]
        features = None
        if all(scores[i].image is not None for i in sampled):
            features = self._clip.embeddings.pictures(pictures)
        repeated = almost_same(source, pictures, features)
        twins = {
            i: tuple(candidates[sampled[j]].key for j in earlier)
            for i, earlier in zip(sampled, repeated, strict=True)
        }
        for i, score in enumerate(scores):
            yield replace(score, alike=twins.get(i, ()))

    def score(
        self,
        source: Image,
        candidate: Candidate,
        selection: Selection | None,
        wanted_changes: tuple[tuple[str, int], ...],
        fixed_quantities: tuple[str, ...],
        cancelled: Callable[[], bool],
    ) -> Score:
        """Figures of one candidate; see `scores`."""
        return next(
            self.scores(source, [candidate], selection, wanted_changes, fixed_quantities, cancelled)
        )

    def _proxy_of(
        self, source: Image, selection: Selection | None, cancelled: Callable[[], bool]
    ) -> ScoringProxy:
        key = (source.pixel_digest, selection.digest if selection else None)
        if self._proxy is None or self._key != key:
            self._proxy, self._key = ScoringProxy.of(source, selection, cancelled), key
        return self._proxy

    def _measured(
        self,
        source: Image,
        candidate: Candidate,
        selection: Selection | None,
        wanted_changes: tuple[tuple[str, int], ...],
        fixed_quantities: tuple[str, ...],
        cancelled: Callable[[], bool],
        parts: Parts,
        region: EditRegion | None,
    ) -> tuple[Score, Image]:
        """The measured figures of one candidate, and what it looks like on the proxy."""
        proxy = self._proxy_of(source, selection, cancelled)
        # Turning and flipping move pixels and change none: the figures are those of the rest.
        patch = without_orientation(candidate.patch)
        after = composite.render(
            proxy.image, patch, proxy.selection, scale=proxy.scale, cancelled=cancelled
        )
        changed = mean_change(proxy.image, after) if patch is candidate.patch else None
        outside = outside_change(proxy.image, after, patch, proxy.selection)
        # What else a sampling method changes is no fault that a figure could measure.
        measurable = is_parametric(candidate) or any(way for _, way in wanted_changes)
        near = None
        if proxy.scale < 1.0 and (measurable or outside is not None):
            near = composite.render(
                source, patch, selection, rect=proxy.window, cancelled=cancelled
            )
            if (near.width, near.height) == (proxy.near.width, proxy.near.height):
                here = outside_change(proxy.near, near, patch, proxy.cover)
                known = outside is not None and here is not None
                outside = max(outside or 0.0, here or 0.0) if known else None
                if changed == 0.0:  # what is finer than the reduced picture
                    changed = mean_change(proxy.near, near)
            else:
                near = None
        if not measurable:
            score = Score(candidate.key, basis=CHANGE)
        else:
            measures = _measured(proxy.image, after, patch, proxy.selection, proxy.reference)
            if near is not None:
                detail = _measured(proxy.near, near, patch, proxy.cover, proxy.near_reference)
                values = {**measures.values, **_only(detail.values, _DETAIL)}
                measures = replace(measures, values=values)
            noted = SHADES.values() if dict(patch.parameters).get("recolour") else ()
            score = measured_score(
                candidate.key, measures, wanted_changes, fixed_quantities, parts=parts, noted=noted
            )
            score = replace(score, basis=MEASURED)
            if not is_parametric(candidate) and not score.extra:
                score = Score(candidate.key, basis=CHANGE)  # nothing that was asked can be measured
        wants_softness = any(name in _SOFTNESS and way < 0 for name, way in wanted_changes)
        if not is_parametric(candidate) and not wants_softness:
            meter = proxy.damage_meter(source, selection, cancelled)
            score = replace(score, damage=meter.candidate(patch, cancelled))
        if not is_parametric(candidate):
            kept = outside_of(patch, proxy.image, proxy.scale, proxy.selection, region)
            score = with_preservation(score, proxy.image, after, kept)
        score = with_seam(score, candidate, proxy.image, after, proxy.selection)
        score = with_misalignment(score, candidate)
        return replace(score, outside=outside, changed=changed), after


def picture_scores(
    judge: ClipJudge,
    source: Image,
    candidates: Iterable[Image],
    source_prompt: str,
    target_prompt: str,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Score]:
    """Figures of finished pictures of one source, for which nothing else is known.

    Where the CLIP model cannot be used they are ranked by how much changed; `judge.failure` says
    why.

    Args:
        judge: its CLIP model must be there.
        source: the picture before.
        candidates: pictures after, of any size, one in memory at a time; the key of a score is
            the number of its picture.
        source_prompt: caption before.
        target_prompt: caption after.
        cancelled: called between pictures.

    Raises:
        ModelMissing: there is no CLIP model.
        Cancelled: `cancelled()` was true.
    """
    check = _check(cancelled)
    before = at_proxy_size(source, cancelled)
    meter = DamageMeter(source, None, cancelled)
    after: list[Image] = []
    scores: list[Score] = []
    for number, image in enumerate(candidates):
        damage = meter.picture(image, cancelled)
        after.append(at_proxy_size(image, cancelled))
        change = mean_change(before, after[-1])
        scores.append(Score(str(number), changed=change, damage=damage, basis=CHANGE))
    domain = judge.domain(source)
    if domain is not None and not domain.fits:
        return [replace(score, absent="domain") for score in scores]
    try:
        found = judge.compared(before, after, source_prompt, [target_prompt] * len(after), check)
    except HelperFailed:
        return [replace(score, absent="clip_failed") for score in scores]
    beauty = BeautyJudge(judge.models, judge.embeddings)
    taste = beauty.rate(after, [target_prompt] * len(after), check)
    return [
        _tasted(judge.scored(score, one), rated)
        for score, one, rated in zip(scores, found, taste, strict=True)
    ]


def _tasted(score: Score, taste: Beauty) -> Score:
    return replace(score, aesthetic=taste.aesthetic, preference=taste.preference)


def _check(cancelled: Callable[[], bool]) -> Callable[[], None]:
    """What is called between pictures and layers; raises `Cancelled`."""

    def check() -> None:
        if cancelled():
            raise Cancelled

    return check


def _measured(
    before: Image,
    after: Image,
    patch: Patch,
    selection: Selection | None,
    reference: Reference,
) -> Measures:
    parameters = dict(patch.parameters)
    coverage = None
    if selection is not None:
        where = selection.inverted() if parameters.get("invert_selection") else selection
        coverage = where.array()
    return measure(
        colours(before),
        colours(after),
        ColorSpace.of(before),
        ColorSpace.of(after),
        coverage=visible_coverage(before, coverage),
        angle=float(parameters.get("straighten", 0.0)),
        reference=reference,
    )


def _only(values: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}
