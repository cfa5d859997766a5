"""Pictures, jobs and a client around `slow_child.py`, shared by the engine's tests."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

from editor.model.edit import Instruction
from editor.model.image import Image
from editor.model.patch import settings_of
from inference.ipc.client import EngineClient
from inference.request.edit_job import EditJob, Until
from inference.request.jobs import Event, JobCancelled, JobFailed, JobFinished, Progress

SLOW_CHILD = [sys.executable, "-P", str(Path(__file__).with_name("slow_child.py"))]
ENDS = (JobFinished, JobCancelled, JobFailed)


def picture(width: int = 300, height: int = 270, seed: int = 0, dtype: str = "uint8") -> Image:
    top = np.iinfo(np.dtype(dtype)).max
    rng = np.random.default_rng(seed)
    ramp = np.linspace(0.1, 0.9, width)[None, :, None] * np.array([1.0, 0.8, 0.6])
    noise = rng.normal(0, 0.03, (height, width, 3))
    return Image.from_array((np.clip(ramp + noise, 0, 1) * top).astype(dtype))


def slow_client(home: Path, **options: Any) -> EngineClient:
    return EngineClient(home, command=SLOW_CHILD, **options)


def slow_job(image: Image, job: dict[str, Any] | None = None, **settings: Any) -> EditJob:
    return EditJob(
        (Instruction("slowly"),),
        image,
        methods=("slow",),
        count=1,
        settings=settings_of(settings),
        until=Until.EDITED,
        **(job or {}),
    )


def until_end(client: EngineClient, job_id: str) -> list[Event]:
    """Events of one job up to its end."""
    return until_all_end(client, [job_id])


def until_all_end(client: EngineClient, job_ids: list[str]) -> list[Event]:
    """Events of several jobs until each has ended; only the suite's hang guard limits it."""
    waiting, events = set(job_ids), []
    while waiting:
        for event in client.poll(0.2):
            if event.job_id in job_ids:
                events.append(event)
                if isinstance(event, ENDS):
                    waiting.discard(event.job_id)
    return events


def until_ready(client: EngineClient) -> None:
    while not client.is_ready:
        client.poll(0.1)


def until_hanging(client: EngineClient) -> EditJob:
    """Submit a job and wait until the child is deep in a call that never asks for cancels."""
    job = slow_job(picture(), hang=True)
    client.submit(job)
    while not any(isinstance(event, Progress) for event in client.poll(0.2)):
        pass
    return job


def ends_of(events: list[Event], job_id: str) -> list[Event]:
    return [e for e in events if e.job_id == job_id and isinstance(e, ENDS)]
