"""Runs one command line in this process, in a folder of its own, and says what came of it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import signal
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.characterisation import comparing, pictures, product

INPUTS = Path(__file__).parent / "commands" / "inputs"
_GONE = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "PENTIMENTO_TRACE")


@dataclass(frozen=True)
class Case:
    """One command line.

    Attributes:
        name: of its expectation.
        argv: the words; `:` begins a place: `:starter` is the folder of the starter models.
        inputs: files of `inputs/`, and documents, that lie in the folder it runs in.
        models: "starter", or "none": `PENTIMENTO_MODELS` names an empty place.
        loose: what it makes comes from models, so numbers and pixels may differ a little.
        first: command lines that run before, unrecorded.
        keep: name and text of further files in the folder.
        no_window: the terminal's demo draws no window.
    """

    name: str
    argv: tuple[str, ...]
    inputs: tuple[str, ...] = ()
    models: str = "none"
    loose: bool = False
    first: tuple[tuple[str, ...], ...] = ()
    keep: tuple[tuple[str, str], ...] = ()
    no_window: bool = False

    @property
    def tolerance(self) -> float:
        """How far numbers may be off."""
        return comparing.LOOSE if self.loose else comparing.STRICT


def ran(case: Case, folder: Path) -> dict[str, Any]:
    """Exit code, words, files and pixels of a command, run in an empty folder."""
    folder = folder.resolve()
    here, home = folder / "here", folder / "home"
    here.mkdir(parents=True)
    for name in case.inputs:
        supply(name, here)
    for name, text in case.keep:
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).write_text(text, "utf-8")
    places = {
        str(here): "<here>",
        str(home): "<home>",
        str(folder): "<folder>",
        str(product.STARTER): "<starter>",
        str(product.ROOT): "<program>",
        tempfile.gettempdir(): "<tmp>",
    }
    models = {} if case.models == "starter" else {"PENTIMENTO_MODELS": str(folder / "no-models")}
    with surroundings(here, {"PENTIMENTO_HOME": str(home), **models}), quiet_libraries():
        for words in case.first:
            called(words)
        before = {path: path.read_bytes() for path in files_below(here)}
        with product.no_window() if case.no_window else contextlib.nullcontext():
            code, out, err = called(case.argv)
    digits = 4 if case.loose else 6
    printed = _parsed(out)
    return {
        "argv": list(case.argv),
        "exit": code,
        "stdout": comparing.masked(printed, places, digits=digits),
        "stderr": comparing.masked_text(err, places).splitlines(),
        "files": {
            **dict(_left(here, before, printed, case, places)),
            **{f"<home>/{name}": told for name, told in _left(home, {}, printed, case, places)},
        },
    }


def supply(name: str, here: Path) -> None:
    """Put an input there: a file of `inputs/`, or a document of the other half of this suite."""
    if name.endswith(".pentimento"):
        from tests.characterisation.documents.store import unpacked

        unpacked(name.removesuffix(".pentimento"), here)
    else:
        shutil.copyfile(INPUTS / name, here / name)


def called(words: tuple[str, ...]) -> tuple[int, str, str]:
    """Exit code and what was said on standard output and error."""
    argv = [str(product.STARTER) if word == ":starter" else word for word in words]
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = product.command(argv)
    return code, out.getvalue(), err.getvalue()


@contextlib.contextmanager
def quiet_libraries() -> Iterator[None]:
    """What libraries warn about among themselves is no part of the program."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def surroundings(here: Path, values: Mapping[str, str]) -> Iterator[None]:
    """Environment, current folder, time zone and signals for a while."""
    before, folder = dict(os.environ), Path.cwd()
    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    handlers = {number: signal.getsignal(number) for number in numbers}
    for name in (*_GONE, "PENTIMENTO_MODELS"):
        os.environ.pop(name, None)
    os.environ.update({"COLUMNS": "100", "LINES": "24", "TZ": "UTC", **values})
    os.environ.setdefault("PENTIMENTO_NO_WARMUP", "1")
    os.chdir(here)
    if hasattr(time, "tzset"):
        time.tzset()
    try:
        yield
    finally:
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(before)
        if hasattr(time, "tzset"):
            time.tzset()
        for number, handler in handlers.items():
            signal.signal(number, handler)


def files_below(folder: Path) -> list[Path]:
    """Every file, in order."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _parsed(text: str) -> Any:
    try:
        value = json.loads(text)
    except ValueError:
        return text.splitlines()
    return value if isinstance(value, dict) else text.splitlines()


def _left(
    here: Path, before: Mapping[Path, bytes], printed: Any, case: Case, places: Mapping[str, str]
) -> Iterator[tuple[str, Any]]:
    """What was written, changed or taken away."""
    digits = 4 if case.loose else 6
    for path in before:
        if not path.exists():
            yield path.relative_to(here).as_posix(), "is gone"
    for path in files_below(here):
        data = path.read_bytes()
        if before.get(path) == data:
            continue
        name = path.relative_to(here).as_posix()
        told: Any
        if path.name == "model-digests.json":
            told = "times and digests of the models"
        elif path.suffix in pictures.ENDINGS:
            # Letters on the sheet are drawn by the font library; the numbers say the same.
            told = pictures.described(path, loose=case.loose or path.name == "sheet.png")
        elif path.suffix == ".json":
            value = json.loads(data)
            told = (
                "as printed" if value == printed else comparing.masked(value, places, digits=digits)
            )
        elif path.suffix == ".jsonl":
            lines = [json.loads(line) for line in data.decode().splitlines()]
            told = comparing.masked(lines, places, digits=digits)
        else:
            told = {"bytes": len(data)}
        yield name, told
