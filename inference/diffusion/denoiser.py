from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Protocol

import torch
from torch import Tensor

from inference.diffusion.attention_control import AttentionHook, attention_hooked
from inference.diffusion.lean.blocks import KeysAndValues
from inference.diffusion.lean.choice import lean_unet
from inference.diffusion.text import text_arguments
from inference.models.loaded import LoadedDiffusion
from inference.models.memory.lack import lacks_memory

_CPU_LATENTS = 24 * 32 * 32
"""Latent pixels that a CPU computes at a time; more gains nothing and costs memory."""

_LARGE = 100_000_000
_LARGE_CPU_LATENTS = 64 * 64
"""The same for a UNet of this many numbers: one layer of one row takes a third of a second there,
and a cancel waits for a layer."""

_ROWS_A_THREAD = 3


@dataclass
class Conditioning:
    """What the rows of a prediction are conditioned on; the same at every step of a job.

    Attributes:
        inputs: for each row, the index of its input latents; rows of one input are neighbours, so
            that they are computed together.
        states: the text states of each row, as `text_states` gives them.
        guidance: for networks that were trained to be given the scale of guidance: that of each
            row, (N,); None for others.
        texts: what a lean network makes of the distinct ones among them, once it has.
        text_of_row: for each row, the index of its text in `texts`.
    """

    inputs: Sequence[int]
    states: Tensor
    guidance: Tensor | None = None
    texts: list[KeysAndValues] = field(default_factory=list, init=False)
    text_of_row: Tensor | None = field(default=None, init=False)


class Denoiser(Protocol):
    """A network that predicts what a scheduler subtracts: a UNet or a transformer."""

    def predict(
        self,
        latents: Tensor,
        timestep: Tensor,
        conditioning: Conditioning,
        *,
        attention: AttentionHook | None = None,
        grad: bool = False,
    ) -> Tensor:
        """Predict N rows from M input latents.

        Args:
            latents: (M, C, h, w), as the scheduler's `scale_model_input` leaves them.
            timestep: one number, the same for all rows.
            conditioning: of the N rows.
            attention: is given the attention maps of all rows, and may change them.
            grad: the result can be differentiated with respect to `latents`. They must be made
                outside `torch.inference_mode`, and the call too.

        Returns:
            (N, C', h, w): ε, v or a flow, whichever the network was trained for.

        Raises:
            RuntimeError: `grad` inside `torch.inference_mode`.
        """
        ...


class AttendingDenoiser(Denoiser, Protocol):
    """A denoiser that can also compute attention maps alone, without a prediction."""

    def attend(
        self,
        latents: Tensor,
        timestep: Tensor,
        conditioning: Conditioning,
        attention: AttentionHook,
        *,
        grad: bool = False,
    ) -> None:
        """Give `attention` the maps that `predict` would give; ends after the last of the text.

        With `grad` they can be differentiated with respect to `latents`. Raises as `predict`.
        """
        ...


@dataclass
class UNetDenoiser:
    """A UNet of diffusers that predicts any number of rows, as many at a time as fit.

    On a CPU the rows are divided among threads that compute alone: small layers gain little from
    two cores at once, and wait for each other where other programs run too; not where each layer's
    weights are widened for the time that it computes. Small UNets are
    `LeanUNet` there, unless attention or gradients are asked for or the model carries a LoRA:
    those need diffusers' own layers, and all rows in one call.

    Attributes:
        model: the loaded model with the UNet.
        pause: called before each part and by `LeanUNet` before each block, on whatever thread; may
            raise to cancel.
        threads: of a CPU, as many as torch had when this was made.
    """

    model: LoadedDiffusion
    pause: Callable[[], None] = lambda: None
    threads: int = field(default_factory=torch.get_num_threads)
    _at_once: int = field(default=0, init=False)

    def predict(
        self,
        latents: Tensor,
        timestep: Tensor,
        conditioning: Conditioning,
        *,
        attention: AttentionHook | None = None,
        grad: bool = False,
    ) -> Tensor:
        """See `Denoiser`."""
        if attention is not None or grad:
            return self._whole(latents, timestep, conditioning, attention, grad)
        count = len(conditioning.inputs)
        if not self._at_once:
            self._at_once = count
            if latents.device.type == "cpu":
                large = self.model.found.elements >= _LARGE
                pixels = _LARGE_CPU_LATENTS if large else _CPU_LATENTS
                self._at_once = max(1, pixels // (latents.shape[-1] * latents.shape[-2]))
        lean = lean_unet(self.model)
        if lean is not None and conditioning.text_of_row is None:
            states = conditioning.states
            flat, conditioning.text_of_row = torch.unique(
                states.flatten(1), dim=0, return_inverse=True
            )
            conditioning.texts = lean.texts(flat.view(-1, *states.shape[1:]))
        made: list[Tensor] = []
        done = 0
        while done < count:
            self.pause()
            part = range(done, min(count, done + self._at_once))
            try:
                made.append(self._part(latents, timestep, conditioning, part))
                done = part.stop
            except (RuntimeError, MemoryError) as error:
                if self._at_once == 1 or not lacks_memory(error):
                    raise
                self._at_once = -(-min(self._at_once, count) // 2)
            if done < part.stop and latents.device.type != "cpu":
                getattr(torch, latents.device.type).empty_cache()
        return torch.cat(made) if len(made) > 1 else made[0]

    def attend(
        self,
        latents: Tensor,
        timestep: Tensor,
        conditioning: Conditioning,
        attention: AttentionHook,
        *,
        grad: bool = False,
    ) -> None:
        """See `AttendingDenoiser`."""
        with attention_hooked(self.model.unet, attention, until_last=True):
            self._whole(latents, timestep, conditioning, None, grad)

    def _whole(
        self,
        latents: Tensor,
        timestep: Tensor,
        conditioning: Conditioning,
        attention: AttentionHook | None,
        grad: bool,
    ) -> Tensor:
        """All rows in one call of diffusers' UNet, with access to what it computes."""
        if grad and torch.is_inference_mode_enabled():
            raise RuntimeError("gradients cannot be computed inside torch.inference_mode")
        self.pause()
        unet, states = self.model.unet, conditioning.states
        if grad and states.is_inference():
            states = states.clone()  # cached by a method that needs no gradients
        access = attention_hooked(unet, attention) if attention is not None else nullcontext()
        with access, computing_on(self.threads), torch.set_grad_enabled(grad):
            predicted: Tensor = unet(
                latents[list(conditioning.inputs)],
                timestep,
                **text_arguments(self.model, states, latents.shape[-2:]),
                timestep_cond=self._guidance(conditioning, slice(None)),
                return_dict=False,
            )[0]
        return predicted

    def _part(
        self, latents: Tensor, timestep: Tensor, conditioning: Conditioning, part: range
    ) -> Tensor:
        threads = self.threads
        alone = self.model.plan.kept_as or len(part) < _ROWS_A_THREAD * threads
        if latents.device.type != "cpu" or threads == 1 or alone:
            with computing_on(threads):
                return self._predict(latents, timestep, conditioning, part)
        shares = [
            part[i * len(part) // threads : (i + 1) * len(part) // threads] for i in range(threads)
        ]
        before = torch.get_num_threads()
        with ThreadPoolExecutor(
            threads, "pentimento-denoise", initializer=torch.set_num_threads, initargs=(1,)
        ) as pool:
            tasks = [
                pool.submit(self._predict, latents, timestep, conditioning, share)
                for share in shares
            ]
        torch.set_num_threads(before)  # this also changed the default of new threads
        return torch.cat([task.result() for task in tasks])

    def _predict(
        self, latents: Tensor, timestep: Tensor, conditioning: Conditioning, part: range
    ) -> Tensor:
        here = slice(part.start, part.stop)
        inputs = conditioning.inputs[here]
        with torch.inference_mode():  # counts for each thread on its own
            lean = lean_unet(self.model)
            if lean is not None and conditioning.text_of_row is not None:
                needed = list(dict.fromkeys(inputs))
                text_of_row = conditioning.text_of_row[here]
                texts = [(k[text_of_row], v[text_of_row]) for k, v in conditioning.texts]
                own = [needed.index(number) for number in inputs]
                return lean(latents[needed], timestep, texts, own, self.pause)
            predicted: Tensor = self.model.unet(
                latents[list(inputs)],
                timestep,
                **text_arguments(self.model, conditioning.states[here], latents.shape[-2:]),
                timestep_cond=self._guidance(conditioning, here),
                return_dict=False,
            )[0]
            return predicted

    def _guidance(self, conditioning: Conditioning, rows: slice) -> Tensor | None:
        """Scales as a network that was distilled with them is given them (Luo et al. 2023, 4.1)."""
        if conditioning.guidance is None:
            return None
        from diffusers import LatentConsistencyModelPipeline

        width = self.model.unet.config.time_cond_proj_dim
        scales = conditioning.guidance[rows].cpu() - 1
        embedded: Tensor = LatentConsistencyModelPipeline.get_guidance_scale_embedding(
            None, scales, embedding_dim=width
        )
        return embedded.to(self.model.device, self.model.dtype)


@contextmanager
def computing_on(threads: int) -> Iterator[None]:
    """Within this context torch computes on `threads` threads of a CPU."""
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        yield
    finally:
        torch.set_num_threads(before)
