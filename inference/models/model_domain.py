"""What a model says of the kind of picture it was made for (`world.json`), behind one port.

Most models say nothing and are used on every picture. A model that knows one world only names it;
whoever knows that world registers a `ModelDomain` under the name (`inference.ipc.domains`), so
that nothing here or above depends on any particular world. `PictureDomains` asks them.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Final, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from editor.messages import Message
from editor.model.edit import Instruction
from editor.model.image import Image
from inference.models.found_model import FoundModel
from inference.request.analysis import Domain

WORLD_FILE: Final = "world.json"
"""Beside a model's config: ``{"world": "NAME"}``."""

_LARGEST: Final = 4096
_SIDE: Final = 512
_VERDICTS_KEPT: Final = 256

Route = Literal["adjust", "repaint"]
"""What should carry out words that tone and colour has a reading of."""

Speaker = Literal["painter", "captioner", "caption", "language", "refused", "toned"]
"""What a model that is limited to a world was asked for: an edit, a caption, a text; or what was
done in place of an edit: nothing, or a change of tone and colour."""


class ModelDomain(Protocol):
    """The one world that some models know."""

    def fits(self, pixels: NDArray[np.uint8]) -> Domain:
        """Whether a picture belongs to this world.

        Args:
            pixels: (h, w, 3) uint8 sRGB, any size.
        """

    def rewrite(self, instruction: Instruction) -> str:
        """What to ask a model of this world for; the artist's words where it knows them all.

        Args:
            instruction: with both prompts where they are known.
        """

    def route(self, text: str) -> Route | None:
        """Which kind of method words are for; None without an opinion."""

    def mentions(self, text: str) -> bool:
        """Whether words name anything that a model of this world can paint."""

    def outside_note(self, speaker: Speaker) -> Message:
        """One sentence for the artist where a model of this world does not know a picture.

        Args:
            speaker: what the model was asked for.
        """


_LOADERS: Final[dict[str, Callable[[], ModelDomain]]] = {}


def register_domain(world: str, load: Callable[[], ModelDomain]) -> None:
    """Make a world known under the name that models give in `world.json`.

    Args:
        world: the name; a second registration replaces the first.
        load: makes the domain; called once, when it is first needed.
    """
    _LOADERS[world] = cache(load)


def registered_domains() -> Iterator[ModelDomain]:
    """Every world that was registered, in that order."""
    return (load() for load in tuple(_LOADERS.values()))


def world_of(folder: Path) -> str:
    """The only world the model in a folder knows, "" where it names none."""
    file = folder / WORLD_FILE
    try:
        if file.stat().st_size > _LARGEST:
            return ""
        values = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return ""
    world = values.get("world") if isinstance(values, dict) else None
    return world if isinstance(world, str) else ""


def write_world(folder: Path, world: str) -> None:
    """Write `world.json` into a model's folder."""
    text = json.dumps({"world": world}) + "\n"
    (folder / WORLD_FILE).write_text(text, encoding="utf-8")


def domain_of_model(model: FoundModel | None) -> ModelDomain | None:
    """The world a model is limited to.

    None where there is no model, it names no world, or nobody registered the one it names.
    """
    load = _LOADERS.get(world_of(model.folder)) if model is not None else None
    return load() if load is not None else None


_verdicts: OrderedDict[tuple[ModelDomain, str], Domain] = OrderedDict()


def domain_verdict(domain: ModelDomain, picture: Image) -> Domain:
    """Whether a picture of any size belongs to a world; made once for each content.

    It is the same wherever it is asked for: always of the same reduction to 512 pixels a side.
    """
    key = (domain, picture.pixel_digest)
    if key not in _verdicts:
        from editor.formats import thumbnail

        _verdicts[key] = domain.fits(thumbnail(picture, _SIDE)[:, :, :3])
        while len(_verdicts) > _VERDICTS_KEPT:
            _verdicts.popitem(last=False)
    return _verdicts[key]


def fits_of(picture: Image) -> Callable[[FoundModel], bool | None]:
    """Whether a picture belongs to the world that a model is limited to.

    None for a model that is limited to no world that is known here.
    """

    def fits(model: FoundModel) -> bool | None:
        domain = domain_of_model(model)
        return domain_verdict(domain, picture).fits if domain is not None else None

    return fits
