from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

import torch
from torch import Tensor

from inference.diffusion.lean.blocks import KeysAndValues
from inference.diffusion.lean.choice import lean_unet
from inference.models.loaded import LoadedDiffusion

_CPU_LATENTS = 24 * 32 * 32
"""Latent pixels that a CPU computes at a time; more gains nothing and costs memory."""

_LARGE = 100_000_000
_LARGE_CPU_LATENTS = 64 * 64
"""The same for a UNet of this many numbers: one layer of one row takes a third of a second there,
and a cancel waits for a layer."""

_ROWS_A_THREAD = 3


class Guidance(Protocol):
    """Predicts what the scheduler subtracts, from scaled noisy latents (N, 4, h, w)."""

    def __call__(self, noisy: Tensor, timestep: Tensor) -> Tensor:
        """The guided prediction, of the same shape."""
        ...


@dataclass
class GuidanceRows:
    """The rows that a UNet predicts at every step of a job.

    Attributes:
        inputs: for each row, the index of its input; rows of one input are neighbours, so that
            they are computed together.
        states: the text states of each row, (N, context, D).
        texts: what a lean network makes of the distinct ones among them, once it has.
        text_of_row: for each row, the index of its text in `texts`.
    """

    inputs: Sequence[int]
    states: Tensor
    texts: list[KeysAndValues] = field(default_factory=list, init=False)
    text: Tensor | None = field(default=None, init=False)


@dataclass
class Network:
    """A UNet that predicts any number of rows, as many at a time as fit.

    On a CPU the rows are divided among threads that compute alone: small layers gain little from
    two cores at once, and wait for each other where other programs run too.
    Small UNets are `LeanUNet` there.

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

    def __call__(self, noisy: Tensor, timestep: Tensor, rows: GuidanceRows) -> Tensor:
        """Predictions (N, C', h, w) for the inputs of the rows, noisy latents (M, C, h, w)."""
        count = len(rows.inputs)
        if not self._at_once:
            self._at_once = count
            if noisy.device.type == "cpu":
                large = self.model.found.elements >= _LARGE
                latents = _LARGE_CPU_LATENTS if large else _CPU_LATENTS
                self._at_once = max(1, latents // (noisy.shape[-1] * noisy.shape[-2]))
        lean = lean_unet(self.model)
        if lean is not None and rows.text is None:
            flat, rows.text = torch.unique(rows.states.flatten(1), dim=0, return_inverse=True)
            rows.texts = lean.texts(flat.view(-1, *rows.states.shape[1:]))
        made: list[Tensor] = []
        done = 0
        while done < count:
            self.pause()
            part = range(done, min(count, done + self._at_once))
            try:
                made.append(self._part(noisy, timestep, rows, part))
            except torch.OutOfMemoryError:
                if self._at_once == 1:
                    raise
                self._at_once = -(-min(self._at_once, count) // 2)
                torch.cuda.empty_cache()
                continue
            done = part.stop
        return torch.cat(made) if len(made) > 1 else made[0]

    def _part(self, noisy: Tensor, timestep: Tensor, rows: GuidanceRows, part: range) -> Tensor:
        threads = self.threads
        if noisy.device.type != "cpu" or threads == 1 or len(part) < _ROWS_A_THREAD * threads:
            with computing_on(threads):
                return self._predict(noisy, timestep, rows, part)
        shares = [
            part[i * len(part) // threads : (i + 1) * len(part) // threads] for i in range(threads)
        ]
        before = torch.get_num_threads()
        with ThreadPoolExecutor(
            threads, "pentimento-denoise", initializer=torch.set_num_threads, initargs=(1,)
        ) as pool:
            tasks = [pool.submit(self._predict, noisy, timestep, rows, share) for share in shares]
        torch.set_num_threads(before)  # this also changed the default of new threads
        return torch.cat([task.result() for task in tasks])

    def _predict(self, noisy: Tensor, timestep: Tensor, rows: GuidanceRows, part: range) -> Tensor:
        here = slice(part.start, part.stop)
        inputs = rows.inputs[here]
        with torch.inference_mode():  # counts for each thread on its own
            lean = lean_unet(self.model)
            if lean is not None and rows.text is not None:
                needed = list(dict.fromkeys(inputs))
                text_of_row = rows.text[here]
                texts = [(keys[text_of_row], values[text_of_row]) for keys, values in rows.texts]
                own = [needed.index(number) for number in inputs]
                return lean(noisy[needed], timestep, texts, own, self.pause)
            predicted: Tensor = self.model.unet(
                noisy[list(inputs)],
                timestep,
                encoder_hidden_states=rows.states[here],
                return_dict=False,
            )[0]
            return predicted


@contextmanager
def computing_on(threads: int) -> Iterator[None]:
    """Within this context torch computes on `threads` threads of a CPU."""
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        yield
    finally:
        torch.set_num_threads(before)


class ThreeBranch:
    """InstructPix2Pix's guidance by picture and text (Brooks et al. 2023, eq. 3).

    ε(∅,∅) + s_I·(ε(I,∅) − ε(∅,∅)) + s_T·(ε(I,T) − ε(I,∅)); scales are per row. A branch whose
    factor in that sum is zero is not computed: ε(∅,∅) at s_I = 1, ε(I,∅) at s_I = s_T, ε(I,T) at
    s_T = 0.
    """

    def __init__(
        self,
        network: Network,
        states: Tensor,
        empty: Tensor,
        image: Tensor,
        guidance_scale: Sequence[float],
        image_guidance_scale: Sequence[float],
    ) -> None:
        """Prepare.

        Args:
            network: with 8 input channels.
            states: of the instructions, (N, context, D).
            empty: of the empty text, (1, context, D).
            image: unscaled mode of the source, (1, 4, h, w), shared by all rows.
            guidance_scale: s_T of each row.
            image_guidance_scale: s_I of each row.
        """
        rows = len(states)
        self._network = network
        self._text = _column(guidance_scale, image)
        self._image = _column(image_guidance_scale, image)
        unneeded = [
            all(s == 0 for s in guidance_scale),
            all(s == i for s, i in zip(guidance_scale, image_guidance_scale, strict=True)),
            all(i == 1 for i in image_guidance_scale),
        ]
        shown = image.to(states.dtype).expand(rows, -1, -1, -1)
        self._used = [not unused for unused in unneeded]
        text, picture, neither = self._used
        # All factors zero cannot be: they add up to one.
        self._shown = [shown] * (text or picture) + [torch.zeros_like(shown)] * neither
        silent = empty.expand(rows, -1, -1)
        first = rows * (len(self._shown) - 1)  # of the inputs without a picture
        inputs = zip(
            *([range(rows)] * (text + picture) + [range(first, first + rows)] * neither),
            strict=True,
        )
        branch_states = torch.stack([states] * text + [silent] * (picture + neither), 1)
        self._rows = GuidanceRows(
            [number for each in inputs for number in each], branch_states.flatten(0, 1)
        )

    def __call__(self, noisy: Tensor, timestep: Tensor) -> Tensor:
        """See `Guidance`."""
        inputs = torch.cat([torch.cat([noisy, shown], 1) for shown in self._shown])
        made = self._network(inputs, timestep, self._rows)
        parts = iter(made.view(len(noisy), -1, *made.shape[1:]).unbind(1))
        text, image, neither = (
            next(parts) if used else torch.zeros_like(noisy) for used in self._used
        )
        # In the order the stock pipeline adds them up.
        return neither + self._text * (text - image) + self._image * (image - neither)


class ClassifierFree:
    """Guidance by text (Ho & Salimans 2022): ε(∅) + s·(ε(T) − ε(∅)); scales are per row.

    At s = 1 the empty branch is not computed.
    """

    def __init__(
        self, network: Network, states: Tensor, empty: Tensor, guidance_scale: Sequence[float]
    ) -> None:
        """Prepare; `states` and `empty` both (N, context, D), the latter of negative prompts."""
        self._network = network
        self._plain = all(scale == 1 for scale in guidance_scale)
        self._scale = _column(guidance_scale, states)
        branches = [states] if self._plain else [empty, states]
        inputs = [number for number in range(len(states)) for _ in branches]
        self._rows = GuidanceRows(inputs, torch.stack(branches, 1).flatten(0, 1))

    def __call__(self, noisy: Tensor, timestep: Tensor) -> Tensor:
        """See `Guidance`."""
        made = self._network(noisy, timestep, self._rows)
        if self._plain:
            return made
        neither, text = made.view(-1, 2, *made.shape[1:]).unbind(1)
        return neither + self._scale * (text - neither)


def _column(values: Sequence[float], like: Tensor) -> Tensor:
    """(N, 1, 1, 1) on the device of `like`."""
    return torch.tensor(values, device=like.device, dtype=torch.float32).view(-1, 1, 1, 1)
