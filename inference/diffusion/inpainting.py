"""Drawing a part of a picture anew while the rest stays: with a plain UNet or an inpainting one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from editor.model.selection import Selection
from editor.render.color import Floats
from inference.diffusion.attention_control import AttentionHook
from inference.diffusion.denoise import Step, StepHook
from inference.diffusion.framing import Framing
from inference.diffusion.guidance import Guidance
from inference.diffusion.latents import sampled_latents, start_noise
from inference.diffusion.start import Begun, Encoded
from inference.models.loaded import LoadedDiffusion


def drawn_pixels(selection: Selection, framing: Framing) -> NDArray[np.bool_]:
    """Work pixels in which anything is selected, (h, w), padded by reflection as the picture is."""
    cover = selection.read(framing.crop).astype(np.float32)
    size = (framing.width, framing.height)
    shrinks = framing.scale < 1
    drawn = cv2.resize(cover, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    left, top, right, bottom = framing.padding
    return np.pad(drawn > 0, ((top, bottom), (left, right)), mode="reflect")


def drawn_latents(drawn: NDArray[np.bool_], factor: int) -> Tensor:
    """(1, 1, h / factor, w / factor), 1 where any of a latent's pixels is drawn, else 0."""
    return functional.max_pool2d(torch.from_numpy(drawn).float()[None, None], factor)


@dataclass(frozen=True)
class PartlyNoise:
    """From a picture of which a part is drawn anew (a `Start`).

    Drawn as diffusers' `StableDiffusionInpaintPipeline` draws: from each row's generator first a
    sample of the autoencoder's posterior, then the noise.

    Attributes:
        strength: share of the schedule that is run; at 1 it begins with noise alone.
        posterior: of the whole picture, see `Encoded`.
        mask: (1, 1, h, w), 1 in latents to be drawn.
        blends: put what is known back after each step, for networks that do not see it.
    """

    strength: float
    posterior: Any = field(compare=False)
    mask: Tensor = field(compare=False)
    blends: bool = True

    def timesteps(self, scheduler: Any, num_inference_steps: int) -> Tensor:
        """The last ones, as many as `Encoded` runs."""
        return Encoded(self.strength, self.posterior).timesteps(scheduler, num_inference_steps)

    def begin(
        self,
        model: LoadedDiffusion,
        scheduler: Any,
        timesteps: Tensor,
        rows: Sequence[torch.Generator],
        work_size: tuple[int, int],
    ) -> Begun:
        """Noise, or the picture under noise."""
        known = None
        if self.blends or self.strength < 1:
            known = sampled_latents(model, self.posterior, rows)
        noise = start_noise(model, rows, work_size)
        if self.strength < 1:
            latents = scheduler.add_noise(known, noise, timesteps[:1].repeat(len(rows)))
        else:
            latents = noise * scheduler.init_noise_sigma
        if not self.blends or known is None:
            return Begun(latents)
        mask = self.mask.to(model.device, model.dtype)
        return Begun(latents, KeepKnown(scheduler, timesteps, known, noise, mask))


class KeepKnown(StepHook):
    """Puts the known part back after each step, under the noise of the next one.

    Blended latent diffusion (Avrahami et al. 2023, algorithm 1).

    Args:
        scheduler: that runs.
        timesteps: of the run.
        known: (N, C, h, w) latents of the picture, scaled.
        noise: (N, C, h, w) that the run began with.
        mask: (1, 1, h, w), 1 in latents to be drawn.
    """

    def __init__(
        self, scheduler: Any, timesteps: Tensor, known: Tensor, noise: Tensor, mask: Tensor
    ) -> None:
        self._scheduler, self._timesteps = scheduler, timesteps
        self._known, self._noise, self._mask = known, noise, mask

    def after(self, step: Step, latents: Tensor) -> Tensor:
        """See `StepHook.after`."""
        known = self._known
        if step.number < step.total:
            following = self._timesteps[step.number : step.number + 1]
            known = self._scheduler.add_noise(known, self._noise, following)
        return (1 - self._mask) * known + self._mask * latents


class BesideMask:
    """Guidance of an inpainting UNet, which sees mask and masked picture beside the noise.

    Args:
        guidance: over a denoiser with 2 · C + 1 input channels.
        mask: (1, 1, h, w), 1 in latents to be drawn.
        masked: (1, C, h, w), scaled latents of the picture with grey in place of what is drawn.
    """

    def __init__(self, guidance: Guidance, mask: Tensor, masked: Tensor) -> None:
        self._guidance = guidance
        self._shown = torch.cat([mask.to(masked), masked], 1)

    def __call__(
        self,
        noisy: Tensor,
        timestep: Tensor,
        *,
        attention: AttentionHook | None = None,
        grad: bool = False,
    ) -> Tensor:
        """See `Guidance`."""
        shown = self._shown.to(noisy).expand(len(noisy), -1, -1, -1)
        inputs = torch.cat([noisy, shown], 1)
        return self._guidance(inputs, timestep, attention=attention, grad=grad)


def masked_picture(picture: Floats, drawn: NDArray[np.bool_]) -> Floats:
    """The picture (h, w, 3) with the middle grey of the range in place of what is drawn."""
    return np.where(drawn[:, :, None], np.float32(0.5), picture)


def fitted_to_surroundings(
    picture: Floats, known: Floats, drawn: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """A drawn picture whose tone runs into what is around it.

    The autoencoder shifts tones a little, which shows as a seam where the drawn part ends. The
    difference at its border is carried into it, ever more smoothly (as the membrane of Pérez et
    al. 2003, by a pull-push pyramid, Gortler et al. 1996), and added.

    Args:
        picture: (h, w, 3) 0..1, as drawn.
        known: the same place of the source.
        drawn: (h, w), what is drawn anew.
    """
    weight = (~drawn).astype(np.float32)[:, :, None]
    if drawn.all() or not drawn.any():
        return np.asarray(picture, np.float32)
    # Single pixels differ by detail that the autoencoder loses; the tone beside them counts.
    size, sigma = (0, 0), 2.0
    near = cv2.GaussianBlur((known - picture) * weight, size, sigma)
    share = cv2.GaussianBlur(weight, size, sigma)[:, :, None]
    difference = np.where(weight > 0, near / np.maximum(share, 1e-6), 0.0).astype(np.float32)
    carried = _filled_in(difference, weight)
    return np.clip(np.where(drawn[:, :, None], picture + carried, picture), 0.0, 1.0)


def _filled_in(values: Floats, weight: Floats) -> Floats:
    """Values (h, w, 3) with those of weight 0 filled from ever coarser levels."""
    height, width = values.shape[:2]
    if (weight > 0).all() or min(height, width) == 1:
        total = max(float(weight.sum()), 1e-6)
        mean = (values * weight).sum(axis=(0, 1), keepdims=True) / total
        return np.where(weight > 0, values, mean)
    size = (max(1, width // 2), max(1, height // 2))
    share = cv2.resize(weight, size, interpolation=cv2.INTER_AREA)[:, :, None]
    pulled = cv2.resize(values * weight, size, interpolation=cv2.INTER_AREA)
    pulled = pulled / np.maximum(share, 1e-6)
    coarse = _filled_in(pulled, (share > 0).astype(np.float32))
    pushed = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.where(weight > 0, values, pushed)
