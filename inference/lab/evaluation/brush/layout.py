"""The layout of MagicBrush (Zhang et al. 2023): sessions of turns, pictures, masks, captions.

``edit_sessions.json`` holds ``{id: [{"input", "mask", "output", "instruction"}, ...]}``; the files
lie in ``images/ID/``. ``global_descriptions.json`` and ``local_descriptions.json`` hold
``{id: {file: text}}``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image as Pillow

from editor.errors import ExpectedError
from editor.model.image import Pixels
from editor.ranking.fidelity import Mask

SESSIONS: Final = "edit_sessions.json"
IMAGES: Final = "images"
GLOBAL: Final = "global_descriptions.json"
LOCAL: Final = "local_descriptions.json"

_OTHER_NAMES: Final = {GLOBAL: ("global_description.json",), LOCAL: ("local_captions.json",)}
"""As the authors' evaluation script and its usage example spell them."""


class BadBrush(ExpectedError):
    """A folder that does not have the layout of MagicBrush."""

    kind = "bad_data"


@dataclass(frozen=True)
class BrushTurn:
    """One edit of a session.

    Attributes:
        session: id.
        number: from 1.
        instruction: what is asked.
        source, target: files of the picture before and of the wanted one.
        mask: file of the picture before, transparent where the edit belongs; None without one.
            No method sees it.
        source_caption, target_caption: global descriptions; "" where there are none.
        local_caption: what the edit brings, of the picture after; "" without one.
    """

    session: str
    number: int
    instruction: str
    source: Path
    target: Path
    mask: Path | None
    source_caption: str
    target_caption: str
    local_caption: str

    @property
    def item(self) -> str:
        """Names the turn among all."""
        return f"{self.session}/{self.number}"


@dataclass(frozen=True)
class BrushSession:
    """Edits of one picture, each of the result of the one before."""

    id: str
    turns: tuple[BrushTurn, ...]


def generated_name(session: str, number: int, *, carried_on: bool) -> str:
    """File of a result as the authors' scripts name it.

    Args:
        session: id.
        number: of the turn, from 1.
        carried_on: the turn edits the result of the turn before, not the given picture.
    """
    if number == 1:
        return f"{session}_1.png"
    return f"{session}_{'iter' if carried_on else 'inde'}_{number}.png"


def read_brush(folder: Path) -> tuple[BrushSession, ...]:
    """Every session, in the order of the file.

    Raises:
        BadBrush: there is no list of sessions, it has another form or names files elsewhere, or a
            picture that it names is missing.
    """
    listed = _read(folder / SESSIONS)
    if listed is None:
        raise BadBrush(f"There is no {SESSIONS} in {folder.name}.", "Name a folder in that layout.")
    captions, local = _captions(folder, GLOBAL), _captions(folder, LOCAL)
    try:
        return tuple(
            BrushSession(
                session,
                tuple(
                    _turn(folder, session, number, one, captions, local)
                    for number, one in enumerate(turns, 1)
                ),
            )
            for session, turns in listed.items()
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise BadBrush(f"{SESSIONS} holds no sessions.", "Name a folder in that layout.") from error


def _turn(
    folder: Path,
    session: str,
    number: int,
    one: dict[str, str],
    captions: dict[str, dict[str, str]],
    local: dict[str, dict[str, str]],
) -> BrushTurn:
    for name in (session, one["input"], one["output"], one.get("mask") or "mask"):
        if name != Path(name).name or name == "..":  # results are written below such names too
            raise BadBrush(f"{SESSIONS} names a file elsewhere.", "The data are damaged.")
    place = folder / IMAGES / session
    if not place.is_dir():
        place = folder / session
    source, target = place / one["input"], place / one["output"]
    for path in (source, target):
        if not path.is_file():
            raise BadBrush(f"Session {session} has no {path.name}.", "The data are incomplete.")
    mask = place / one["mask"] if one.get("mask") else None
    whole = captions.get(session, {})
    return BrushTurn(
        session,
        number,
        one["instruction"],
        source,
        target,
        mask if mask is not None and mask.is_file() else None,
        whole.get(one["input"], ""),
        whole.get(one["output"], ""),
        local.get(session, {}).get(one["output"], ""),
    )


def _captions(folder: Path, name: str) -> dict[str, dict[str, str]]:
    for file in (name, *_OTHER_NAMES[name]):
        found = _read(folder / file)
        if found is not None:
            return {str(session): texts for session, texts in found.items()}
    return {}


def _read(path: Path) -> Any:
    """The JSON of a file, None where there is none.

    Raises:
        BadBrush: it is no JSON.
    """
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except (ValueError, RecursionError) as error:
        raise BadBrush(f"{path.name} is no JSON.", "The data are damaged.") from error


def read_picture(path: Path) -> Pixels:
    """(H, W, 3) uint8 as Pillow's ``convert("RGB")`` gives it, which the authors use."""
    with Pillow.open(path) as file:
        return np.asarray(file.convert("RGB"))


def read_inside(path: Path) -> Mask:
    """Where the edit belongs, (H, W): transparent pixels of a mask, white ones of an opaque one."""
    with Pillow.open(path) as file:
        if "A" in file.getbands() or "transparency" in file.info:
            return np.asarray(file.convert("RGBA"))[..., 3] < 128
        return np.asarray(file.convert("L")) > 127
