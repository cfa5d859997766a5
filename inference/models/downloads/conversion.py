"""Converts an artist's own pickles and GGUF files into models that can be loaded."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from editor.errors import ExpectedError, is_disk_full
from editor.messages import Message, verbatim
from inference.models.discovery import search
from inference.models.downloads.child_process import StepFailed, run_step
from inference.models.downloads.failures import disk_full
from inference.models.downloads.package_source import conversion_memory
from inference.models.downloads.staging import Staging
from inference.models.found_model import RefusedModel
from inference.models.model_folder import PACKED, PICKLES
from inference.request.cancel import CancelCheck

_OFFLINE: Final = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
_SMALL_BYTES: Final = 64 << 20
_TAKEN_ALONG: Final = (".json", ".txt", ".model", ".jinja", ".safetensors", ".md")
"""Files of a model's folder that belong to the weights and are no code."""


class ConversionFailed(ExpectedError):
    """A file or folder was not converted; it is as it was, and nothing was added."""

    kind = "conversion_failed"


def convert(
    source: Path, models: Path, check: CancelCheck, on_file: Callable[[Path], None]
) -> Path:
    """Make a folder of safetensors out of a model's files; the source stays as it is.

    Each file is read in a process of its own that may open no connection, start no program and
    write only there. One rename at the end makes the folder, if the result can be used.

    Args:
        source: a .ckpt, .pt, .pth, .bin or .gguf file, or a model's folder with such.
        models: the folder with the artist's models.
        check: called often; what it raises passes.
        on_file: called before each file that is read.

    Returns:
        The new folder.

    Raises:
        ConversionFailed: there is nothing to convert, a file holds more than weights, or nothing
            here could use the result.
        DiskFull: there is no room.
        BeingInstalled: another program makes a model of that name.
    """
    wanted = list(_convertible(source))
    if not wanted:
        raise ConversionFailed(Message("convert.nothing", name=source.name))
    name = source.stem if source.is_file() else source.name
    staging = Staging(models, name)
    if staging.target.exists():
        raise ConversionFailed(
            Message("convert.exists", name=name, folder=str(staging.target)),
            Message("do.rename_source"),
        )
    try:
        with staging.held():
            size = sum(file.stat().st_size for file in wanted)
            packed = any(file.suffix.lower() == PACKED for file in wanted)
            staging.need_room(size * (5 if packed else 1), name)
            staging.begin_model()
            try:
                _fill(source, wanted, staging.model, check, on_file)
                _check_usable(staging.model, name)
            except BaseException:
                staging.drop()
                raise
            return staging.place()
    except StepFailed as error:
        raise _failure(error, source.name) from error
    except OSError as error:
        if is_disk_full(error):
            raise disk_full(name) from error
        reason = verbatim(error.strerror or str(error))
        raise ConversionFailed(
            Message("convert.failed", name=source.name, reason=reason)
        ) from error


def _convertible(source: Path) -> Iterator[Path]:
    """The files to convert; in a folder those that have no safetensors beside them."""
    if source.is_file():
        if source.suffix.lower() in (*PICKLES, PACKED):
            yield source
        return
    folders = [source, *(path for path in sorted(source.rglob("*")) if path.is_dir())]
    for folder in folders:
        here = sorted(path for path in folder.iterdir() if path.is_file())
        if not any(path.suffix == ".safetensors" for path in here):
            yield from (path for path in here if _holds_weights(path))


def _holds_weights(path: Path) -> bool:
    """False for what trainers write beside weights: their own arguments and states."""
    states = ("training_args", "optimizer", "scheduler", "rng_state")
    return path.suffix.lower() in PICKLES and not path.name.startswith(states)


def _fill(
    source: Path,
    wanted: list[Path],
    model: Path,
    check: CancelCheck,
    on_file: Callable[[Path], None],
) -> None:
    if source.is_dir():
        _take_along(source, model)
    for file in wanted:
        check()
        on_file(file)
        place = file.parent.relative_to(source) if source.is_dir() else Path()
        folder = model / place
        folder.mkdir(parents=True, exist_ok=True)
        packed = file.suffix.lower() == PACKED
        values = {
            "kind": "gguf" if packed else "pickle",
            "file": str(file.absolute()),
            "folder": str(folder),
            "name": _new_name(file),
            "memory": conversion_memory(file.stat().st_size),
        }
        run_step("convert", values, check, environment=_OFFLINE)


def _new_name(file: Path) -> str:
    """As stock loaders look for it: `pytorch_model.bin` becomes `model.safetensors`."""
    stem = file.stem
    if stem.startswith("pytorch_model"):
        stem = "model" + stem.removeprefix("pytorch_model")
    return f"{stem}.safetensors"


def _take_along(source: Path, model: Path) -> None:
    """Copy configs and tokenizers; indexes name the old files and are left out."""
    for path in source.rglob("*"):
        taken = path.suffix in _TAKEN_ALONG and ".index" not in path.name
        if not (path.is_file() and taken):
            continue
        if path.suffix != ".safetensors" and path.stat().st_size > _SMALL_BYTES:
            continue
        target = model / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def _check_usable(model: Path, name: str) -> None:
    """Refuse a result that nothing here could use, with the reason that a search gives."""
    items = list(search(model))
    refused = [item for item in items if isinstance(item, RefusedModel)]
    if refused and len(refused) == len(items):
        reason = refused[0].reason
        raise ConversionFailed(
            Message("convert.unusable", name=name, reason=reason), refused[0].fix
        )


def _failure(error: StepFailed, name: str) -> ExpectedError:
    match error.code:
        case "disk_full":
            return disk_full(name)
        case "memory":
            return ConversionFailed(Message("download.conversion_memory", model=name))
    words = str(error.values.get("reason", "")) or error.last_words.strip().rpartition("\n")[2]
    reason = verbatim(words[:200].rstrip(".") or "it ended without a word")
    return ConversionFailed(Message("convert.failed", name=name, reason=reason))
