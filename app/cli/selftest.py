from __future__ import annotations

import importlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

import numpy as np

from app.cli.output import guarded, say
from editor.model.edit import Instruction
from editor.model.image import Image
from inference.ipc.client import EngineClient
from inference.request.edit_job import EditJob
from inference.request.jobs import (
    CandidateReady,
    Event,
    Job,
    JobFailed,
    JobFinished,
    ScoreReady,
)
from inference.request.registry import METHODS

_MODULES = (
    "app.window.program",
    "app.session.session",
    "editor.render.composite",
    "editor.formats",
    "editor.storage.document",
)
_RESOURCES = ("fonts/Inter-Regular.otf", "icons/image.svg", "themes/dark.toml", "schemas/edit.json")


class SelfTestFailed(Exception):
    """What does not work, in words."""


def run() -> int:
    """Check that this installation works; prints OK and returns 0 if it does.

    In the frozen program this is what says that nothing was left out of the package.
    """
    return guarded(_run, as_json=False)


def _run() -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="pentimento-selftest-") as folder:
        home = Path(folder)
        for name, check in (
            ("modules", _modules),
            ("resources", _resources),
            ("pictures", lambda: _pictures(home)),
            ("engine", lambda: _engine(home)),
            ("document", lambda: _document(home)),
            ("no torch in this process", _no_torch),
        ):
            with _timed(name):
                check()
    say("OK")
    return 0


@contextmanager
def _timed(name: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    say(f"{name:<26} {time.monotonic() - began:6.2f} s")


def _modules() -> None:
    for name in _MODULES:
        importlib.import_module(name)


def _resources() -> None:
    for name in _RESOURCES:
        if not (resources.files("resources") / name).is_file():
            raise SelfTestFailed(f"the resource {name} is missing")


def _picture() -> Image:
    ramp = np.linspace(0, 60000, 96 * 64 * 3).reshape(64, 96, 3)
    return Image.from_array(ramp.astype(np.uint16))


def _pictures(home: Path) -> None:
    from editor.formats import open_image, save_image

    for name in ("ramp.png", "ramp.tif"):
        save_image(_picture(), home / name)
        if not open_image(home / name).image.equals(_picture()):
            raise SelfTestFailed(f"{name} did not come back as it was written")


def _engine(home: Path) -> None:
    """Start the child and edit a picture end to end."""
    source = _picture()
    with EngineClient(home) as client:
        events = _until_end(client, EditJob((Instruction("warmer"),), source, count=2))
    made = sum(isinstance(e, CandidateReady) for e in events)
    scored = sum(isinstance(e, ScoreReady) for e in events)
    if not made or made != scored:
        raise SelfTestFailed(f"{made} candidates, {scored} scores")
    for info in METHODS.values():
        if not info.roles:
            info.load()


def _until_end(client: EngineClient, job: Job) -> list[Event]:
    client.submit(job)
    events: list[Event] = []
    while True:  # a child that dies or does not start ends the job with `JobFailed`
        for event in client.poll():
            events.append(event)
            if isinstance(event, JobFailed):
                raise SelfTestFailed(f"{event.message}\n{event.details}")
            if isinstance(event, JobFinished):
                return events


def _document(home: Path) -> None:
    from editor.model.picture import Picture
    from editor.storage.document import Document, verify

    file = home / "self.pentimento"
    document = Document.create(Picture.of(_picture()), label="self-test", state_dir=home, path=file)
    document.flush()
    document.close()
    again = Document.open(file)
    try:
        picture = again.history.current.picture
        if picture is None or not picture.image.equals(_picture()):
            raise SelfTestFailed("the document did not give its picture back")
    finally:
        again.close()
    if not verify(file).ok:
        raise SelfTestFailed("the document does not verify")


def _no_torch() -> None:
    heavy = {"torch", "diffusers", "transformers", "open_clip", "accelerate"}
    found = sorted(heavy & {name.partition(".")[0] for name in sys.modules})
    if found:
        raise SelfTestFailed(f"the program imported {', '.join(found)}")
