from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import torch
from torch import Tensor

from inference.diffusion.denoise import StepHook
from inference.diffusion.inversion import Trajectory
from inference.diffusion.latents import sampled_latents, start_noise
from inference.models.loaded import LoadedDiffusion


class Begun(NamedTuple):
    """What sampling begins with.

    Attributes:
        latents: (N, C, h, w), in the UNet's type and on its device.
        hook: acts on them at each step, None where nothing does.
    """

    latents: Tensor
    hook: StepHook | None = None


class Start(Protocol):
    """Where sampling begins. Requests whose starts are equal are sampled in one batch."""

    def timesteps(self, scheduler: Any, num_inference_steps: int) -> Tensor:
        """Those that are run of a scheduler whose timesteps are set, the noisiest first.

        Sets where the scheduler begins.
        """
        ...

    def begin(
        self,
        model: LoadedDiffusion,
        scheduler: Any,
        timesteps: Tensor,
        rows: Sequence[torch.Generator],
        work_size: tuple[int, int],
    ) -> Begun:
        """The latents to begin with.

        Args:
            model: gives shape, type and device.
            scheduler: of which `timesteps` are run.
            timesteps: what the method above returned.
            rows: a generator for each row, on the CPU.
            work_size: width and height in pixels.
        """
        ...


@dataclass(frozen=True)
class Noise:
    """From noise alone: nothing of a picture is kept."""

    def timesteps(self, scheduler: Any, num_inference_steps: int) -> Tensor:
        """All of them."""
        timesteps: Tensor = scheduler.timesteps
        return timesteps

    def begin(
        self,
        model: LoadedDiffusion,
        scheduler: Any,
        timesteps: Tensor,
        rows: Sequence[torch.Generator],
        work_size: tuple[int, int],
    ) -> Begun:
        """Noise of the variance that the scheduler begins at."""
        noise: Tensor = start_noise(model, rows, work_size) * scheduler.init_noise_sigma
        return Begun(noise)


@dataclass(frozen=True)
class Encoded:
    """From a picture with noise over it (SDEdit; Meng et al. 2022).

    Drawn as diffusers' `StableDiffusionImg2ImgPipeline` draws: from each row's generator first a
    sample of the autoencoder's posterior, then the noise.

    Attributes:
        strength: share of the schedule that is run, over 0 to 1. At 1 hardly more than noise is
            left of the picture.
        posterior: of the picture: diffusers' `DiagonalGaussianDistribution` of (1, C, h, w),
            unscaled.
    """

    strength: float
    posterior: Any = field(compare=False)

    def timesteps(self, scheduler: Any, num_inference_steps: int) -> Tensor:
        """The last ones: `strength` of all, rounded down, at least one."""
        run = min(max(1, int(num_inference_steps * self.strength)), num_inference_steps)
        first = (num_inference_steps - run) * scheduler.order
        if hasattr(scheduler, "set_begin_index"):
            scheduler.set_begin_index(first)
        timesteps: Tensor = scheduler.timesteps[first:]
        return timesteps

    def begin(
        self,
        model: LoadedDiffusion,
        scheduler: Any,
        timesteps: Tensor,
        rows: Sequence[torch.Generator],
        work_size: tuple[int, int],
    ) -> Begun:
        """The picture's latents with the noise of the first timestep."""
        clean = sampled_latents(model, self.posterior, rows)
        noise = start_noise(model, rows, work_size)
        noisy: Tensor = scheduler.add_noise(clean, noise, timesteps[:1].repeat(len(rows)))
        return Begun(noisy)


@dataclass(frozen=True)
class Inverted:
    """From the noise that a picture was inverted to (`inversion.invert`).

    The scheduler must be a `DDIMScheduler` and run as many steps as the inversion.

    Attributes:
        trajectory: of the picture.
    """

    trajectory: Trajectory

    def timesteps(self, scheduler: Any, num_inference_steps: int) -> Tensor:
        """All of them.

        Raises:
            ValueError: they are not those of the trajectory.
        """
        timesteps: Tensor = scheduler.timesteps
        if tuple(timesteps.tolist()) != self.trajectory.timesteps[::-1]:
            raise ValueError("the scheduler's timesteps are not those of the inversion")
        return timesteps

    def begin(
        self,
        model: LoadedDiffusion,
        scheduler: Any,
        timesteps: Tensor,
        rows: Sequence[torch.Generator],
        work_size: tuple[int, int],
    ) -> Begun:
        """The noisiest latents of the trajectory, the same for every row."""
        noisiest = self.trajectory.latents[-1]
        return Begun(noisiest.to(model.device, model.dtype).repeat(len(rows), 1, 1, 1))
