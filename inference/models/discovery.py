from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from editor.messages import Message, verbatim
from inference.models.families import families
from inference.models.found_model import FoundModel, Refused, RefusedModel
from inference.models.model_folder import ModelFolder
from inference.models.unsupported import refuse_file, refuse_folder

_DEPTH = 6
_FOLDERS = 5000


def search(root: Path) -> Iterator[FoundModel | RefusedModel]:
    """Every model below a folder, recognised by its family; nothing is written.

    Whatever looks like a model gets an answer: it is found, or refused with what to do. Links are
    followed only where they stay below `root`.
    """
    yield from _Search(root).folder(root, _DEPTH)


class _Search:
    """One walk below one root."""

    def __init__(self, root: Path) -> None:
        self._root = _hub_root(root.resolve())
        self._seen: set[Path] = set()

    def folder(self, path: Path, depth: int) -> Iterator[FoundModel | RefusedModel]:
        try:
            real = path.resolve()
            if real in self._seen or len(self._seen) >= _FOLDERS or not path.is_dir():
                return
            self._seen.add(real)
            if not real.is_relative_to(self._root):
                yield RefusedModel(path, Message("model.link_outside"))
                return
            folder = ModelFolder(path, self._root)
        except (OSError, RuntimeError) as error:  # RuntimeError: a link to itself
            own = getattr(error, "strerror", None)
            reason = verbatim(own) if own else Message("model.link_to_itself")
            yield RefusedModel(path, Message("model.folder_unreadable", reason=reason))
            return
        answer = _answered(path, partial(_model_in, folder))
        if answer is not None:
            yield answer
            return
        for entry in folder.entries:
            if entry.is_dir():
                if depth and not entry.name.startswith("."):
                    yield from self.folder(entry, depth - 1)
            else:
                refused = _answered(entry, partial(refuse_file, entry, folder))
                if refused is not None:
                    yield refused


def _model_in(folder: ModelFolder) -> FoundModel | None:
    """The model in this very folder, None if there is none."""
    for family in families().values():
        found = family.recognise(folder)
        if found is not None:
            return found
    refuse_folder(folder)
    return None


def _answered(
    path: Path, look: Callable[[], FoundModel | None]
) -> FoundModel | RefusedModel | None:
    """What was found, or the refusal that looking ended with."""
    try:
        return look()
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


def _hub_root(root: Path) -> Path:
    """A snapshot of a hub cache keeps its files beside it, in `blobs`."""
    parents = (root, *root.parents)
    return next((part for part in parents if part.name.startswith("models--")), root)
