from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from editor.model.edit import EditRequest
from editor.model.patch import Patch
from inference.diffusion.denoise import denoise
from inference.diffusion.denoiser import Denoiser, UNetDenoiser, computing_on
from inference.diffusion.finite import NotFinite
from inference.diffusion.framing import CONTEXT
from inference.diffusion.guidance import Guidance
from inference.diffusion.latents import decode_latents, generators
from inference.diffusion.previews import colour_map, preview
from inference.diffusion.sampling_job import SamplingJob
from inference.diffusion.start import Noise, Start
from inference.models.loaded import LoadedDiffusion
from inference.models.lora import with_loras
from inference.request.method_progress import MethodProgress
from inference.request.registry import values_of
from inference.request.settings import Loras

Make = Callable[[LoadedDiffusion, Sequence[EditRequest]], Sequence[Patch]]
MakeGuidance = Callable[[Denoiser, Sequence[EditRequest]], Guidance]


def in_groups(model: LoadedDiffusion, requests: Sequence[EditRequest], make: Make) -> list[Patch]:
    """Call `make` with the requests of one work size, LoRA files and surroundings at a time.

    Args:
        model: loaded.
        requests: of it.
        make: gets the model with those files laid over it.

    Returns:
        The results in request order.

    Raises:
        LoraUnfit: a file does not fit the model.
    """
    groups: dict[tuple[tuple[int, int], Loras, float], list[EditRequest]] = {}
    for request in requests:
        values = values_of(request)
        loras: Loras = values["lora"] or ()
        used = tuple((file, weight) for file, weight in loras if weight)
        key = (request.work_size, used, context_of(request))
        groups.setdefault(key, []).append(request)
    made: dict[str, Patch] = {}
    for (_, loras, _), part in groups.items():
        with with_loras(model, loras) as ready:
            made |= {r.key: patch for r, patch in zip(part, make(ready, part), strict=True)}
    return [made[request.key] for request in requests]


def context_of(request: EditRequest) -> float:
    """How much around a selection the model sees; see `frame`."""
    return float(values_of(request).get("context", CONTEXT))


def sample(
    job: SamplingJob,
    make_guidance: MakeGuidance,
    start: Callable[[EditRequest], Start] = lambda request: Noise(),
) -> NDArray[np.float32]:
    """The pictures of all requests, denoised in one batch per number of steps and start.

    `on_step` of the job is called after every step, and the last one once more when all is
    decoded. Requests found in its cache are not denoised again.

    Args:
        job: its requests are of one source, selection and model.
        make_guidance: for the requests of one batch.
        start: where a request begins; noise alone keeps nothing of the picture.

    Returns:
        (N, h, w, 3) float32 0..1, in the order of the requests.

    Raises:
        NotFinite: half precision overflowed, or the weights hold what is no number.
    """
    model, requests, cache, work_size = job.model, job.requests, job.cache, job.framing.work_size
    found = {request.key: cache.get(request, work_size) for request in requests}
    batches: dict[tuple[int, Start], list[EditRequest]] = {}
    for request in requests:
        if found[request.key] is None:
            steps = int(values_of(request)["num_inference_steps"])
            batches.setdefault((steps, start(request)), []).append(request)
    total = sum(len(_schedule(model, steps, begin)[1]) for steps, begin in batches)
    done = 0
    for (steps, begin), batch in batches.items():
        done, made = _denoised(job, batch, steps, begin, make_guidance, done, total)
        for request, latents in zip(batch, made, strict=True):
            cache.put(request, work_size, latents)
            found[request.key] = latents
    job.check()
    rows = [latents for r in requests if (latents := found[r.key]) is not None]
    pictures = decode_latents(model, torch.stack([row.to(model.device) for row in rows]))
    if not np.isfinite(pictures).all():
        raise NotFinite
    job.on_step(MethodProgress(max(1, total), max(1, total)))
    return pictures


def _denoised(
    job: SamplingJob,
    batch: Sequence[EditRequest],
    steps: int,
    start: Start,
    make_guidance: MakeGuidance,
    before: int,
    total: int,
) -> tuple[int, Tensor]:
    model, framing = job.model, job.framing
    reached = before

    def on_denoised(number: int, _: int, clean: Tensor) -> None:
        nonlocal reached
        reached = before + number
        pictures = preview(model, clean, framing.padding)
        shown: Mapping[str, NDArray[np.uint8]] = {
            request.key: picture for request, picture in zip(batch, pictures, strict=True)
        }
        job.on_step(MethodProgress(reached, total, shown))

    rows = generators([request.seed for request in batch])
    scheduler, timesteps = _schedule(model, steps, start)
    begun = start.begin(model, scheduler, timesteps, rows, framing.work_size)
    guidance = make_guidance(UNetDenoiser(model, job.check), batch)
    colour_map(model)  # decodes once, on all threads
    # The network has its own threads, and there is little work between its calls: a second thread
    # for that would spin beside the network.
    with computing_on(1):
        made = denoise(scheduler, guidance, begun.latents, timesteps, rows, on_denoised, begun.hook)
    if not bool(torch.isfinite(made).all()):
        raise NotFinite
    return reached, made


def _schedule(model: LoadedDiffusion, steps: int, start: Start) -> tuple[Any, Tensor]:
    """A fresh scheduler with its timesteps set, and those that are run."""
    scheduler = model.scheduler()
    scheduler.set_timesteps(steps, device=model.device)
    return scheduler, start.timesteps(scheduler, steps)
