from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

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
