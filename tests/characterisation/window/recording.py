"""Runs a session and writes down what each step changed; compares that with the log kept here."""

from __future__ import annotations

import difflib
import json
import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.characterisation.window.driver import Driver, make_pictures
from tests.characterisation.window.engines import RealEngine
from tests.characterisation.window.normal import Names
from tests.characterisation.window.seeing import look_at
from tests.characterisation.window.steps import Step, Steps, sentence

ROOT = Path(__file__).resolve().parents[3]
LOGS = Path(__file__).with_name("logs")
RECORD = "PENTIMENTO_RECORD"
"""Set to write logs instead of comparing; `record.py` does."""


@dataclass(frozen=True)
class Session:
    """A scripted session.

    Attributes:
        steps: see `Steps`.
        models: none, stub or starter; see `Driver`.
        settings: the artist's, where they are others than usual.
        size: of the window.
        engine: "local" in this process; "tone" or "models", the real child without and with models.
            What real models make differs a little between machines, so their figures are left out.
    """

    steps: list[Step]
    models: str = "none"
    settings: dict[str, Any] = field(default_factory=dict)
    size: tuple[int, int] = (1440, 900)
    engine: str = "local"


Log = list[dict[str, Any]]
ORDERED = ("list ", "probe ", "setting ")
"""Lists whose order says something; parts of the window are sorted."""
QUIET = ("start", "stop engine", "choose", "copied", "elsewhere")
"""After these words nothing is looked at: they are about the world outside."""


def run(
    session: Session,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    real: RealEngine | None = None,
) -> Log:
    """Play a session; returns what each step changed."""
    make_pictures(folder)
    driver = Driver(
        folder,
        monkeypatch,
        models=session.models,
        settings=session.settings,
        size=session.size,
        real=real,
    )
    steps, names = Steps(driver), Names(folder, ROOT)
    log: Log = []
    before: dict[str, Any] = {}
    try:
        driver.settle()
        for step in [("begin",), *session.steps]:
            steps.do(step)
            if step[0] in QUIET:
                log.append({"step": sentence(step)})
                continue
            coarse = session.engine == "models"
            now = look_at(driver.window, driver.facts(), names, coarse=coarse)
            now["choosers"] = [names.text(text) for text in driver.asked]
            now["files"] = driver.files()
            now |= {f"setting {k}": names.json(v) for k, v in driver.saved_settings().items()}
            now["errors"] = list(driver.errors)
            driver.asked.clear()
            driver.errors.clear()
            log.append({"step": sentence(step), **changed(before, now)})
            before = now
    finally:
        driver.close()
    return log


def changed(before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """What is another now; what is gone or empty again is null.

    Parts of the window are told as lines that came (+) and went (-), lists as rows that
    are others now, or whole where their length changed.
    """
    found: dict[str, Any] = {}
    for name in sorted({*before, *now}):
        was, is_ = before.get(name) or None, now.get(name) or None
        if was == is_:
            continue
        if isinstance(was or is_, list) and not name.startswith(ORDERED):
            old, new = Counter(was or ()), Counter(is_ or ())
            gone, come = sorted((old - new).elements()), sorted((new - old).elements())
            found[name] = [*(f"- {line}" for line in gone), *(f"+ {line}" for line in come)]
        elif name.startswith("list ") and was and is_ and len(was) == len(is_):
            rows = enumerate(zip(was, is_, strict=True), 1)
            found[name] = [f"{row}: {new}" for row, (old, new) in rows if old != new]
        else:
            found[name] = is_
    return found


def lines(log: Log) -> list[str]:
    """A log as lines to be compared."""
    return json.dumps(log, indent=1, ensure_ascii=False).splitlines()


def check(name: str, log: Log) -> None:
    """Compare with the kept log, or keep this one."""
    file = LOGS / f"{name}.json"
    text = "\n".join(lines(log)) + "\n"
    if os.environ.get(RECORD):
        LOGS.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
        return
    assert file.is_file(), f"no log of {name} yet: python {Path(__file__).with_name('record.py')}"
    kept: Log = json.loads(file.read_text("utf-8"))
    if kept != log:
        raise AssertionError(difference(name, kept, log))


def difference(name: str, kept: Log, log: Log) -> str:
    """What is another, step by step, in words."""
    told = [f"{name} is not what was recorded (−) any more (+):"]
    for number, (old, new) in enumerate(zip(kept, log, strict=False)):
        if old == new:
            continue
        told.append(f"step {number}: {new['step']}")
        rows = difflib.unified_diff(lines([old]), lines([new]), lineterm="", n=0)
        told += [f"  {row}" for row in rows if not row.startswith(("---", "+++", "@@"))]
    if len(kept) != len(log):
        told.append(f"{len(kept)} steps were recorded, now there are {len(log)}")
    return "\n".join(told)
