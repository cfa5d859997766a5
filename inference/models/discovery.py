from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from editor.messages import Message, verbatim
from inference.models.adapter_file import found_adapter
from inference.models.families import families
from inference.models.found_model import (
    Convertible,
    FoundAdapter,
    FoundModel,
    Refused,
    RefusedModel,
)
from inference.models.model_folder import COPY_AGAIN, ModelFolder
from inference.models.model_paths import MODEL_PATHS, named_folders
from inference.models.part_files import PartFile, assembled, part_of
from inference.models.unsupported import (
    MODEL_SUFFIXES,
    is_own,
    refuse_file,
    refuse_folder,
    refused_weights,
)
from inference.models.weights import DamagedWeights, WeightsHeader, read_header

_DEPTH = 16
_FOLDERS = 20_000
_NO_MODELS = ("site-packages", "node_modules", "__pycache__", "custom_nodes", "venv")
"""Folders of programs, which hold thousands of others."""


Found = FoundModel | FoundAdapter | RefusedModel
"""What a search ends with for a folder or file."""


def search(root: Path) -> Iterator[Found]:
    """Every model and adapter below a folder, recognised by its family; nothing is written.

    Whatever looks like a model gets an answer: it is found, or refused with what to do. Links are
    followed, also to other drives, and so are the folders that ComfyUI's `extra_model_paths.yaml`
    names; each folder and file is looked at once.

    Args:
        root: a folder, or one file.
    """
    yield from Search().below(root)


class Search:
    """One walk below one root.

    Args:
        on_look: called with each folder and file before it is looked at.
    """

    def __init__(self, on_look: Callable[[Path], object] = lambda path: None) -> None:
        self._on_look = on_look
        self._seen: set[Path] = set()
        self._folders = 0
        self._parts: list[PartFile] = []

    def below(self, root: Path) -> Iterator[Found]:
        """As `search`; what is made of several files comes last."""
        if root.is_file():
            yield from self._file(root)
        else:
            yield from self._folder(root, _DEPTH)
        yield from assembled(self._parts)

    def _folder(self, path: Path, depth: int) -> Iterator[Found]:
        self._on_look(path)
        try:
            real = path.resolve()
            if real in self._seen or not path.is_dir():
                return
            self._seen.add(real)
            self._folders += 1
            if self._folders >= _FOLDERS:
                if self._folders == _FOLDERS:
                    count = Message("model.many_folders", count=_FOLDERS)
                    yield RefusedModel(path, count, Message("do.add_closer_folder"))
                return
            folder = ModelFolder(path)
        except (OSError, RuntimeError) as error:  # RuntimeError: a link to itself
            own = getattr(error, "strerror", None)
            reason = verbatim(own) if own else Message("model.link_to_itself")
            yield RefusedModel(path, Message("model.folder_unreadable", reason=reason))
            return
        answer = _answered(path, partial(_model_in, folder))
        if answer is not None:
            for part in folder.entries:
                self._on_look(part)
            yield answer
            return
        for entry in folder.entries:
            if entry.is_dir():
                if depth and not entry.name.startswith((".", *_NO_MODELS)):
                    yield from self._folder(entry, depth - 1)
            else:
                yield from self._file(entry)

    def _file(self, path: Path) -> Iterator[Found]:
        """A file that lies in no model's folder."""
        if path.name == MODEL_PATHS:
            yield from self._named(path)
            return
        answer = _answered(path, partial(self._model_of, path))
        if answer is not None:
            yield answer

    def _named(self, file: Path) -> Iterator[Found]:
        """The folders that ComfyUI's file names."""
        self._on_look(file)
        folders: list[Path] = []
        refused = _answered(file, lambda: folders.extend(named_folders(file)))
        if refused is not None:
            yield refused
        for folder in folders:
            if folder.is_dir():  # ComfyUI's own example names folders that nobody has
                yield from self._folder(folder, _DEPTH)

    def _model_of(self, file: Path) -> FoundModel | FoundAdapter | None:
        """The model or adapter that a file is by itself, None if it is none."""
        if file.suffix.lower() not in MODEL_SUFFIXES:
            return None
        real = file.resolve()
        if real in self._seen:
            return None
        self._seen.add(real)
        self._on_look(file)
        if file.suffix.lower() == ".safetensors" and not is_own(file):
            header = _header(file)
            part = part_of(file, header)
            if part is not None:
                self._parts.append(part)
                return None
            for family in families().values():
                found = family.recognise_file(file, header)
                if found is not None:
                    return found
            adapter = found_adapter(file, header)
            if adapter is None:
                raise refused_weights(header)
            return adapter
        refuse_file(file)
        return None


def _header(file: Path) -> WeightsHeader:
    try:
        return read_header(file)
    except DamagedWeights as error:
        raise Refused(error.reason, COPY_AGAIN) from None


def _model_in(folder: ModelFolder) -> FoundModel | None:
    """The model in this very folder, None if there is none."""
    for family in families().values():
        found = family.recognise(folder)
        if found is not None:
            return found
    refuse_folder(folder)
    return None


def _answered(path: Path, look: Callable[[], FoundModel | FoundAdapter | None]) -> Found | None:
    """What was found, or the refusal that looking ended with."""
    try:
        return look()
    except Convertible as refused:
        return RefusedModel(path, refused.reason, Message("do.convert_model", path=str(path)))
    except Refused as refused:
        return RefusedModel(path, refused.reason, refused.fix)
    except OSError as error:
        return RefusedModel(path, Message("model.unreadable", reason=str(error.strerror)))
    except RecursionError:
        return RefusedModel(path, Message("model.nested"))
    except RuntimeError:  # pathlib's way to say that a file is a link to itself, before 3.13
        return RefusedModel(
            path, Message("model.unreadable", reason=Message("model.link_to_itself"))
        )
