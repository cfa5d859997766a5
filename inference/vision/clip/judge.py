from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace

from editor.messages import Message
from editor.model.edit import Candidate
from editor.model.image import Image
from editor.model.score import DIRECTION, Gates, Score
from inference.models.helper import HelperFailed, helping
from inference.models.store import ModelStore
from inference.request.analysis import Domain
from inference.request.cancel import Cancelled
from inference.vision.clip.calibration import Calibration, default_gates, read_calibration
from inference.vision.clip.domain import clip_domain
from inference.vision.clip.embeddings import Embeddings
from inference.vision.clip.similarity import Similarity

DomainOf = Callable[[Image], Domain | None]
"""Says whether a picture is in the domain of the CLIP model; None if that knows all pictures."""


def is_parametric(candidate: Candidate) -> bool:
    """True if the method left parameters and no pixels, so that its effect can be measured."""
    return candidate.patch.placement is None


class ClipJudge:
    """Adds CLIP's figures to measured scores, held to the bar of the model that made them.

    Attributes:
        models: whose CLIP model serves.
        failure: why the model could not be used the last time it failed, else None.
    """

    def __init__(self, models: ModelStore, domain: DomainOf | None = None) -> None:
        """Nothing is loaded before the first judgement.

        Args:
            models: whose CLIP model serves.
            domain: called once for each source; None asks `inference.vision.clip.domain`.
        """
        self.embeddings = Embeddings(models)
        self.models = models
        self._domain_of = domain
        self._verdict: tuple[str, str, Domain | None] | None = None
        self._calibration: tuple[str, Calibration | None] | None = None
        self.failure: Message | None = None

    def wants(self, candidate: Candidate) -> bool:
        """True if CLIP should see a candidate.

        The effect of parametric ones is measured; CLIP's figures are added where there are
        captions to compare. Without them nothing is loaded: `adjust` needs no model.
        """
        words = candidate.request.instruction
        captioned = bool(words.source_prompt.strip() and words.target_prompt.strip())
        return not is_parametric(candidate) or (captioned and self.embeddings.model is not None)

    @property
    def must_load(self) -> bool:
        """True if the next judgement has to load the model first."""
        return self.embeddings.model is not None and not self.models.is_loaded("clip")

    def judge(
        self,
        before: Image,
        candidates: Sequence[Candidate],
        made: Sequence[tuple[Score, Image]],
        cancelled: Callable[[], bool],
        domain_picture: Image | None = None,
    ) -> Iterator[Score]:
        """The scores with CLIP's figures, in order.

        Args:
            before: the source as small as the candidates were rendered.
            candidates: of one source.
            made: the measured score of each, and what it looks like.
            cancelled: called between batches.
            domain_picture: the picture the model has to know; None for `before`.

        Raises:
            Cancelled: `cancelled()` was true.
        """

        def check() -> None:
            if cancelled():
                raise Cancelled

        pairs = list(zip(candidates, made, strict=True))
        found: dict[int, Similarity] = {}
        absent = ""
        if self.embeddings.model is None:
            absent = "no_clip"
        else:
            check()
            domain = self.domain(domain_picture or before)
            if domain is not None and not domain.fits:
                absent = "domain"
            else:
                try:
                    found = self._compared(before, pairs, check)
                except HelperFailed:
                    # The candidates are finished and good; they are only ranked by something else.
                    absent = "clip_failed"
        for i, (candidate, (score, _)) in enumerate(pairs):
            if i in found:
                yield self.scored(score, found[i], parametric=is_parametric(candidate))
            elif is_parametric(candidate):  # ranked by measured effect anyway: nothing is missing
                yield score
            else:
                yield replace(score, absent=absent)

    def _compared(
        self,
        before: Image,
        pairs: Sequence[tuple[Candidate, tuple[Score, Image]]],
        check: Callable[[], None],
    ) -> dict[int, Similarity]:
        judged = [i for i, (candidate, _) in enumerate(pairs) if self.wants(candidate)]
        words = {i: pairs[i][0].request.instruction for i in judged}
        found: dict[int, Similarity] = {}
        # Nearly always one caption before; candidates of several instructions may have several.
        for prompt in dict.fromkeys(words[i].source_prompt for i in judged):
            rows = [i for i in judged if words[i].source_prompt == prompt]
            compared = self.compared(
                before,
                [pairs[i][1][1] for i in rows],
                prompt,
                [words[i].target_prompt for i in rows],
                check,
            )
            found |= dict(zip(rows, compared, strict=True))
        return found

    def compared(
        self,
        before: Image,
        after: Sequence[Image],
        source_prompt: str,
        target_prompts: Sequence[str],
        check: Callable[[], None],
    ) -> list[Similarity]:
        """What CLIP says; see `Embeddings.compare`.

        Raises:
            ModelMissing: there is no CLIP model.
            HelperFailed: it cannot be used; `failure` says why.
        """
        model = self.embeddings.model
        try:
            with helping(model) if model is not None else nullcontext():
                return self.embeddings.compare(before, after, source_prompt, target_prompts, check)
        except HelperFailed as error:
            self.failure = error.message
            raise

    @property
    def last_domain(self) -> Domain | None:
        """The verdict about the last source."""
        return self._verdict[2] if self._verdict is not None else None

    def gates(self, text: float | None, source: float | None = None) -> Gates:
        """The bar for an edit; see `Calibration.gates`."""
        model = self.embeddings.model
        if model is None:
            return Gates()
        digest = self.embeddings.digest
        if self._calibration is None or self._calibration[0] != digest:
            self._calibration = (digest, read_calibration(model.folder, digest))
        known = self._calibration[1]
        return known.gates(text, source) if known is not None else default_gates(model)

    def scored(self, score: Score, found: Similarity, *, parametric: bool = False) -> Score:
        """A score with CLIP's figures and the bar they are held to.

        Args:
            score: what was measured.
            found: of the same candidate.
            parametric: it is ranked by what was measured, whatever CLIP says.
        """
        basis, absent = score.basis, ""
        if not parametric and found.direction is not None:
            basis = DIRECTION
        elif not parametric:
            both_known = found.source is not None and found.target is not None
            absent = "same_captions" if both_known else "no_captions"
        return replace(
            score,
            direction=found.direction,
            image=found.image,
            source=found.source,
            target=found.target,
            basis=basis,
            absent=absent,
            gates=self.gates(found.text, found.source),
        )

    def domain(self, picture: Image) -> Domain | None:
        """Whether a picture lies in the world that the CLIP model knows; None if it knows all."""
        key = (picture.pixel_digest, self.embeddings.digest)
        if self._verdict is None or self._verdict[:2] != key:
            ask = self._domain_of
            found = ask(picture) if ask else clip_domain(self.embeddings.model, picture)
            self._verdict = (*key, found)
        return self._verdict[2]
