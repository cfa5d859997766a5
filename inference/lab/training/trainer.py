"""One small trainer for every recipe: accelerate, EMA, AdamW, cosine with warm-up, exact resume.

A recipe is data (`TrainingPlan`) and three functions (`Recipe`). Its network is a module whose
``forward`` takes a batch and returns its loss, so that autocast and several devices work without
the trainer knowing any model. Every batch and all noise follow from (seed, step) alone: a resumed
run takes exactly the steps that an uninterrupted one would have taken.
"""

from __future__ import annotations

import json
import math
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Literal, Protocol

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from inference.lab.training.environment import prepare_libraries

prepare_libraries()

Batch = dict[str, Tensor]


@dataclass(frozen=True)
class TrainingPlan:
    """How long and how fast to learn.

    Attributes:
        steps: optimiser steps of the whole recipe; the cosine ends there.
        lr: peak learning rate of AdamW.
        precision: ``"bf16"`` for autocast; ``"auto"`` = bf16 where the device multiplies it itself.
            There it halves a UNet's step (one core with AVX-512 BF16); emulated, it is 30 times
            slower.
        shared: several processes may each take a part of every batch (torchrun; gradients are
            averaged), because the loss is a mean over examples or, nearly, over their words. Two
            processes of one thread take twice the examples of one process with two threads.
        hold: share of the steps after the warm-up that keep the peak rate before the cosine.
        ema: decay of the averaged weights (with the warm-up of diffusers' `EMAModel`).
        clip: largest gradient norm.
        final: share of ``lr`` left at the last step.
    """

    steps: int
    lr: float
    warmup: int = 200
    hold: float = 0.0
    weight_decay: float = 0.01
    betas: tuple[float, float] = (0.9, 0.99)
    ema: float = 0.999
    clip: float = 1.0
    final: float = 0.02
    precision: Literal["no", "bf16", "auto"] = "auto"
    channels_last: bool = False
    seed: int = 0
    shared: bool = False


class Recipe(Protocol):
    """What one starter model needs to be trained."""

    @property
    def name(self) -> str:
        """Folder and log name."""

    @property
    def plan(self) -> TrainingPlan:
        """How long and how fast."""

    def network(self) -> nn.Module:
        """A fresh module; ``forward(**batch)`` returns ``{"loss": ..., figures...}``."""

    def batch(self, step: int, rng: np.random.Generator) -> Batch:
        """The batch of a step, on the CPU; depends on ``step`` and ``rng`` only."""

    def export(self, network: nn.Module, folder: Path) -> None:
        """Write ``network`` in its stock format into the empty ``folder``."""


@dataclass(frozen=True)
class Outcome:
    """Where a run stands: steps taken in all, seconds spent in all, whether the plan is done."""

    step: int
    seconds: float
    done: bool


def learning_rate(plan: TrainingPlan, step: int) -> float:
    """Linear warm-up, the peak for a while, then a cosine to ``final``·``lr`` at the last step."""
    if step < plan.warmup:
        return plan.lr * (step + 1) / plan.warmup
    rest = plan.steps - plan.warmup
    share = (step - plan.warmup - plan.hold * rest) / max(1.0, (1 - plan.hold) * rest)
    if share <= 0:
        return plan.lr
    cosine = 0.5 * (1 + math.cos(math.pi * min(1.0, share)))
    return plan.lr * (plan.final + (1 - plan.final) * cosine)


def multiplies_bf16() -> bool:
    """True where the device itself multiplies bf16; emulated it is far slower than float32."""
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    return bool(torch.cpu._is_avx512_bf16_supported())


def precision_here(plan: TrainingPlan) -> Literal["no", "bf16"]:
    """The precision of a plan on this machine."""
    if plan.precision != "auto":
        return plan.precision
    return "bf16" if multiplies_bf16() else "no"


def seed_torch(seed: int, step: int) -> None:
    """Torch's own generator, from the same two numbers as the batch of the step; −1 = the start."""
    torch.manual_seed((seed * 1_000_003 + step + 1) & 0x7FFF_FFFF)


def parameter_groups(network: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Decay matrices and kernels only: biases, norms and scales are left alone."""
    trained = [p for p in network.parameters() if p.requires_grad]
    return [
        {"params": [p for p in trained if p.ndim > 1], "weight_decay": weight_decay},
        {"params": [p for p in trained if p.ndim <= 1], "weight_decay": 0.0},
    ]


def write_atomically(path: Path, state: dict[str, Any]) -> None:
    """``torch.save`` that leaves either the old file or the whole new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    with draft.open("wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


class _Steps(Dataset[Batch]):
    """The batches of a recipe by step; workers share them out and keep their order."""

    def __init__(self, recipe: Recipe, start: int) -> None:
        self.recipe, self.start = recipe, start

    def __len__(self) -> int:
        return max(0, self.recipe.plan.steps - self.start)

    def __getitem__(self, index: int) -> Batch:
        step = self.start + index
        return self.recipe.batch(step, np.random.default_rng([self.recipe.plan.seed, step]))


class Training:
    """A recipe under way: network, optimiser, averaged weights and the step they stand at."""

    def __init__(self, recipe: Recipe, folder: Path) -> None:
        from accelerate import Accelerator
        from accelerate.state import AcceleratorState
        from diffusers.training_utils import EMAModel

        self.recipe, self.plan, self.folder = recipe, recipe.plan, folder
        self.step, self.seconds = 0, 0.0
        AcceleratorState._reset_state(reset_partial_state=False)  # precision differs by recipe
        if torch.cuda.is_available():
            torch.set_float32_matmul_precision("high")
        self.accelerator = Accelerator(
            # Processes started by torchrun find each other on CPUs only if it is said so.
            cpu="LOCAL_RANK" in os.environ and not torch.cuda.is_available(),
            mixed_precision=precision_here(self.plan),
        )
        seed_torch(self.plan.seed, -1)
        network = recipe.network()
        if self.plan.channels_last:
            network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        optimiser = torch.optim.AdamW(
            parameter_groups(network, self.plan.weight_decay),
            lr=self.plan.lr,
            betas=self.plan.betas,
        )
        self.network, self.optimiser = self.accelerator.prepare(network, optimiser)
        self.rank, self.world = self.accelerator.process_index, self.accelerator.num_processes
        if self.world > 1 and not self.plan.shared:
            raise ValueError(f"{recipe.name} compares the examples of a batch: one process only")
        self.trained = [p for p in network.parameters() if p.requires_grad]
        self.ema = EMAModel(
            self.trained, decay=self.plan.ema, use_ema_warmup=True, power=0.75, foreach=True
        )
        self.ema.to(self.accelerator.device)

    @property
    def checkpoint(self) -> Path:
        """The one file a run resumes from."""
        return self.folder / "checkpoints" / f"{self.recipe.name}.pt"

    def save(self) -> None:
        """Write everything the next step depends on."""
        if not self.accelerator.is_main_process:
            return
        write_atomically(
            self.checkpoint,
            {
                "step": self.step,
                "seconds": self.seconds,
                "plan": json.dumps(asdict(self.plan)),
                "network": self.accelerator.unwrap_model(self.network).state_dict(),
                "optimiser": self.optimiser.state_dict(),
                "ema": self.ema.state_dict(),
            },
        )

    def resume(self) -> bool:
        """Continue from the checkpoint if there is one."""
        if not self.checkpoint.is_file():
            return False
        state = torch.load(self.checkpoint, map_location="cpu", weights_only=True)
        self.step, self.seconds = state["step"], state["seconds"]
        self.accelerator.unwrap_model(self.network).load_state_dict(state["network"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.ema.load_state_dict(state["ema"])
        self.ema.to(self.accelerator.device)
        return True

    def advance(self, batch: Batch) -> dict[str, float]:
        """One optimiser step; returns the figures of the forward pass."""
        rate = learning_rate(self.plan, self.step)
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        seed_torch(self.plan.seed + 7919 * self.rank, self.step)
        figures = self.network(**self._place(self._part(batch)))
        self.accelerator.backward(figures["loss"])
        norm = float(self.accelerator.clip_grad_norm_(self.trained, self.plan.clip))
        if math.isfinite(norm):  # one bad batch must not poison an hour's work
            self.optimiser.step()
            self.ema.step(self.trained)
        self.optimiser.zero_grad(set_to_none=True)
        self.step += 1
        return {name: float(value.detach()) for name, value in figures.items()} | {"norm": norm}

    def averaged(self) -> nn.Module:
        """The network with the averaged weights; training goes on after `restored`."""
        self.ema.store(self.trained)
        self.ema.copy_to(self.trained)
        network: nn.Module = self.accelerator.unwrap_model(self.network)
        return network.eval()

    def restored(self) -> None:
        """Put the training weights back after `averaged`."""
        self.ema.restore(self.trained)
        self.network.train()

    def batches(self, workers: int = 0) -> Iterator[Batch]:
        """Batches from the current step on, made by ``workers`` processes or, with 0, here."""
        loader: DataLoader[Batch] = DataLoader(
            _Steps(self.recipe, self.step), batch_size=None, num_workers=workers
        )
        return iter(loader)

    def agreed(self, halt: bool) -> bool:
        """True in every process once one of them wants to stop: all stop after the same step."""
        if self.world == 1:
            return halt
        wish = torch.tensor(float(halt), device=self.accelerator.device)
        return float(self.accelerator.reduce(wish, "sum")) > 0

    def _part(self, batch: Batch) -> Batch:
        if self.world == 1:
            return batch
        return {name: v[self.rank :: self.world] if v.ndim else v for name, v in batch.items()}

    def _place(self, batch: Batch) -> Batch:
        device = self.accelerator.device
        placed = {name: value.to(device, non_blocking=True) for name, value in batch.items()}
        if self.plan.channels_last:
            for name, value in placed.items():
                if value.ndim == 4:
                    placed[name] = value.contiguous(memory_format=torch.channels_last)
        return placed


@contextmanager
def ended_politely() -> Iterator[list[int]]:
    """Collects SIGTERM and SIGINT instead of dying, so that the last steps are saved."""
    received: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        received.append(number)

    kinds = (signal.SIGTERM, signal.SIGINT)
    try:
        before = [signal.signal(kind, note) for kind in kinds]
    except ValueError:  # not the main thread: the caller ends us otherwise
        yield received
        return
    try:
        yield received
    finally:
        for kind, handler in zip(kinds, before, strict=True):
            signal.signal(kind, handler)


def train(
    recipe: Recipe,
    folder: Path,
    *,
    minutes: float | None = None,
    steps: int | None = None,
    workers: int = 0,
    checkpoint_minutes: float = 4.0,
    log_every: int = 50,
) -> Outcome:
    """Train until the plan is done, the time is up, or someone asks to stop; always resumable.

    Args:
        recipe: what to train.
        folder: the training folder; ``checkpoints/NAME.pt`` and ``logs/NAME.jsonl`` lie in it.
        minutes: time for this call, ``None`` = until the plan is done.
        steps: at most so many steps in this call.
        workers: processes that make batches; 0 for none, a few where a GPU waits for them.
        checkpoint_minutes: time between two checkpoints.
        log_every: steps that one line of the log is the mean of.
    """
    training = Training(recipe, folder)
    training.resume()
    last = training.plan.steps
    if steps is not None:
        last = min(last, training.step + steps)
    began = noted = saved = time.monotonic()
    spent_before = training.seconds
    log = folder / "logs" / f"{recipe.name}.jsonl"
    log.parent.mkdir(parents=True, exist_ok=True)
    log = log if training.rank == 0 else Path(os.devnull)
    sums: dict[str, float] = {}
    count = 0
    batches = training.batches(workers)
    with ended_politely() as signals, log.open("a", encoding="utf-8") as file:
        while training.step < last:
            for name, value in training.advance(next(batches)).items():
                sums[name] = sums.get(name, 0.0) + value
            count += 1
            now = time.monotonic()
            training.seconds = spent_before + now - began
            if count == log_every or training.step == last:
                line = {
                    "step": training.step,
                    "seconds": round(training.seconds, 1),
                    "steps_per_s": round(count / max(1e-9, now - noted), 3),
                    "lr": learning_rate(training.plan, training.step - 1),
                } | {name: round(value / count, 5) for name, value in sums.items()}
                file.write(json.dumps(line) + "\n")
                file.flush()
                sums, count, noted = {}, 0, now
            if now - saved > 60 * checkpoint_minutes:
                training.save()
                saved = now
            late = minutes is not None and now - began > 60 * minutes
            if training.agreed(late or bool(signals)):
                break
    training.save()
    training.accelerator.wait_for_everyone()  # nobody resumes from what is still being written
    if signals:
        raise KeyboardInterrupt
    return Outcome(training.step, training.seconds, training.step >= training.plan.steps)


def averaged_network(recipe: Recipe, folder: Path) -> tuple[nn.Module, Outcome]:
    """The averaged weights of a recipe's checkpoint, in evaluation mode, on the CPU.

    Raises:
        FileNotFoundError: if the recipe was never trained in this folder.
    """
    training = Training(recipe, folder)
    if not training.resume():
        raise FileNotFoundError(f"{recipe.name} was never trained: no {training.checkpoint}")
    outcome = Outcome(training.step, training.seconds, training.step >= training.plan.steps)
    return training.averaged().cpu(), outcome
