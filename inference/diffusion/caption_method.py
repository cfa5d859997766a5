"""Methods that invert a picture under its caption and draw it again under another one."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from editor.messages import Message
from editor.model.edit import EditRequest
from editor.model.patch import Patch
from inference.diffusion.sampling_job import SamplingJob
from inference.diffusion.sampling_method import SamplingMethod
from inference.request.captions import RECONSTRUCTION_PSNR, USED_INVERSION, CaptionsMissing
from inference.request.method_progress import MethodProgress
from inference.request.registry import values_of
from inference.request.settings import AUTOMATIC_INVERSION, Loras

if TYPE_CHECKING:
    from torch import Tensor

    from inference.diffusion.denoise import OnDenoised
    from inference.diffusion.denoiser import AttendingDenoiser
    from inference.diffusion.source_branch import SourceBranch
    from inference.models.store import ModelStore

_KEPT = 4
"""Inversions that are kept; one of Stable Diffusion 1 with 50 steps has 3 MB."""


@dataclass(frozen=True)
class SourceKey:
    """What a source branch depends on, besides model, picture and framing."""

    caption: str
    negative: str
    strategy: str
    steps: int
    guidance_scale: float | None
    as_authors: bool
    seed: int
    loras: Loras


@dataclass(frozen=True, eq=False)
class Beside:
    """What a method is given to draw edits beside their source.

    Attributes:
        job: with the model.
        scheduler: a `DDIMScheduler` whose timesteps are set.
        denoiser: of the model.
        source: inverted.
        requests: whose edits are drawn, in one batch.
        on_denoised: to be called after every step.
    """

    job: SamplingJob
    scheduler: Any
    denoiser: AttendingDenoiser
    source: SourceBranch
    requests: Sequence[EditRequest]
    on_denoised: OnDenoised


class CaptionMethod(SamplingMethod):
    """An `EditMethod` by captions before and after; a method file gives `draw` and `strategy`.

    What the candidates share is computed once: requests of one caption, strategy and number of
    steps are drawn beside one source, and recent inversions are kept, so that other words for the
    same picture need none.
    """

    role: ClassVar[str] = "text_to_image"
    gradients: ClassVar[bool] = True  # null-text and guidance by attention

    def __init__(self, models: ModelStore) -> None:
        """Nothing is loaded before the first edit."""
        from inference.diffusion.source_latents import SourceLatents

        super().__init__(models)
        self._sources = SourceLatents()
        self._inverted: OrderedDict[tuple[Any, ...], SourceBranch] = OrderedDict()

    @abstractmethod
    def draw(self, beside: Beside) -> tuple[Tensor, Tensor]:
        """Scaled latents of the source drawn again (1, C, h, w) and of the edits (N, C, h, w)."""

    def patches(self, job: SamplingJob) -> list[Patch]:
        """The edits, as changes of the source.

        Raises:
            CaptionsMissing: a request does not say what is seen before and after.
        """
        import torch

        from inference.diffusion.finite import NotFinite
        from inference.diffusion.latents import decode_latents
        from inference.diffusion.source_latents import edit_patches

        for request in job.requests:
            if not request.instruction.source_prompt or not request.instruction.target_prompt:
                raise CaptionsMissing(Message("caption.both_needed"), Message("do.write_captions"))
        posterior = self._sources.posterior(job.model, job.source, job.framing)
        groups: dict[SourceKey, list[EditRequest]] = {}
        for request in job.requests:
            groups.setdefault(self._key(request), []).append(request)
        progress = _Progress(job, groups)
        made: dict[str, Tensor] = {}
        for key, requests in groups.items():
            made |= self._drawn(job, key, requests, posterior, progress)
        job.check()
        rows = torch.stack([made[request.key].to(job.model.device) for request in job.requests])
        if not bool(torch.isfinite(rows).all()):
            raise NotFinite
        if job.selection is None:  # else that says where the picture is to be kept
            self._note_regions(job, posterior.mode(), rows)
        pictures = decode_latents(job.model, rows)
        progress.finish()
        return edit_patches(job, posterior.mode(), pictures)

    def _key(self, request: EditRequest) -> SourceKey:
        from inference.diffusion.source_branch import (
            GUIDANCE_MATTERS,
            NOT_BY_AUTHORS,
            REGULARISED,
            fitting_strategy,
        )

        values, prompts = values_of(request), request.instruction
        strategy = str(values["inversion"])
        if strategy == AUTOMATIC_INVERSION:
            strategy = (
                REGULARISED
                if values.get("as_authors")
                else fitting_strategy(prompts.source_prompt, prompts.target_prompt)
            )
        return SourceKey(
            prompts.source_prompt,
            _held(strategy, prompts.source_prompt, values["negative_prompt"]),
            strategy,
            int(values["num_inference_steps"]),
            float(values["guidance_scale"]) if strategy in GUIDANCE_MATTERS else None,
            bool(values.get("as_authors")) and strategy not in NOT_BY_AUTHORS,
            request.seed if strategy == REGULARISED else 0,
            tuple((file, weight) for file, weight in values["lora"] or () if weight),
        )

    def _drawn(
        self,
        job: SamplingJob,
        key: SourceKey,
        requests: Sequence[EditRequest],
        posterior: Any,
        progress: _Progress,
    ) -> dict[str, Tensor]:
        """Scaled latents of some requests by their keys, all beside one source."""
        from inference.diffusion.denoiser import UNetDenoiser
        from inference.diffusion.inversion import ddim_scheduler

        model = job.model
        denoiser = UNetDenoiser(model, job.check)
        scheduler = ddim_scheduler(model.scheduler_config)
        source = self._source(job, key, scheduler, denoiser, posterior, progress)
        scheduler.set_timesteps(key.steps, device=model.device)
        again, edits = self.draw(
            Beside(job, scheduler, denoiser, source, requests, progress.drawing(requests))
        )
        recorded = {
            RECONSTRUCTION_PSNR: round(_psnr(job, again), 2),
            USED_INVERSION: key.strategy,
        }
        self.request_facts |= {request.key: recorded for request in requests}
        return {request.key: row for request, row in zip(requests, edits, strict=True)}

    def _note_regions(self, job: SamplingJob, encoded: Tensor, edits: Tensor) -> None:
        """Where the words that differ are seen: those before in the source, those after in edits.

        Args:
            job: whose requests the edits answer, in order.
            encoded: latents of the source, (1, C, h, w), unscaled.
            edits: scaled latents, (N, C, h, w).
        """
        from inference.diffusion.attention_region import attention_to, edit_region

        source = encoded.to(job.model.dtype) * job.model.vae.config.scaling_factor
        seen: dict[tuple[str, str], Any] = {}
        for number, request in enumerate(job.requests):
            before, after = request.instruction.source_prompt, request.instruction.target_prompt
            if (before, after) not in seen:
                seen[before, after] = attention_to(
                    job.model, source, job.framing, before, after, job.check
                )
            edit = edits[number : number + 1]
            made = attention_to(job.model, edit, job.framing, after, before, job.check)
            region = edit_region((seen[before, after], made), job.framing)
            if region is not None:
                self.regions[request.key] = region

    def _source(
        self,
        job: SamplingJob,
        key: SourceKey,
        scheduler: Any,
        denoiser: AttendingDenoiser,
        posterior: Any,
        progress: _Progress,
    ) -> SourceBranch:
        """The inverted picture, from before or inverted now."""
        from inference.diffusion.source_branch import invert_source
        from inference.diffusion.text import text_states

        model = job.model
        place = (job.source.pixel_digest, str(model.found.folder), job.framing, model.dtype, key)
        if place not in self._inverted:
            states = text_states(model, [key.caption, key.negative])
            clean = posterior.mode().to(model.dtype) * model.vae.config.scaling_factor
            self._inverted[place] = invert_source(
                key.strategy,
                scheduler,
                denoiser,
                clean,
                states[:1],
                states[1:],
                key.guidance_scale or 1.0,
                key.steps,
                as_authors=key.as_authors,
                seed=key.seed,
                pause=job.check,
                on_step=progress.inverting(),
            )
            while len(self._inverted) > _KEPT:
                self._inverted.popitem(last=False)
        else:
            progress.skip(key.steps)
        self._inverted.move_to_end(place)
        return self._inverted[place]


def _held(strategy: str, caption: str, avoided: str | None) -> str:
    """What guidance leads away from: what the artist wants to avoid, else the caption or nothing.

    With the caption there, guidance leads from before to after alone and leaves the rest: what
    does not change stays sharper than where it leads away from the empty text, as the code of PnP
    inversion does it. Fitting needs the empty text, and plain inversion is there to compare.
    """
    from inference.diffusion.source_branch import DDIM, NULL_TEXT

    if avoided is not None:
        return avoided
    return "" if strategy in (DDIM, NULL_TEXT) else caption


class _Progress:
    """Counts the steps of inverting and drawing of all groups as one."""

    def __init__(self, job: SamplingJob, groups: dict[SourceKey, list[EditRequest]]) -> None:
        self._job = job
        self._total = 2 * sum(key.steps for key in groups)
        self._done = 0

    def inverting(self) -> Callable[[int, int], None]:
        """What an inversion calls after each step."""
        before = self._done

        def on_step(number: int, total: int) -> None:
            del total
            self._say(before + number)

        return on_step

    def skip(self, steps: int) -> None:
        """An inversion that was done before."""
        self._total -= steps

    def drawing(self, requests: Sequence[EditRequest]) -> OnDenoised:
        """What drawing calls after each step."""
        from inference.diffusion.previews import preview

        before = self._done

        def on_denoised(number: int, total: int, clean: Tensor) -> None:
            del total
            pictures = preview(self._job.model, clean, self._job.framing.padding)
            shown = {r.key: picture for r, picture in zip(requests, pictures, strict=True)}
            self._say(before + number, shown)

        return on_denoised

    def finish(self) -> None:
        """All is decoded."""
        self._say(self._total)

    def _say(self, done: int, shown: dict[str, Any] | None = None) -> None:
        self._done = done
        self._job.on_step(MethodProgress(done, max(done, self._total), shown or {}))


def _psnr(job: SamplingJob, again: Tensor) -> float:
    """How near the source drawn again is to the picture that the model saw, in dB."""
    import numpy as np

    from inference.diffusion.framing import work_picture
    from inference.diffusion.latents import decode_latents

    seen = work_picture(job.source, job.framing)
    away = float(np.square(decode_latents(job.model, again)[0] - seen).mean())
    return 99.0 if away <= 0 else min(99.0, -10 * math.log10(away))
