"""Made the documents that lie here, with the program as it was before the rebuilding.

They are committed, and stay as they are: the tests show that later programs read them the same.
The script says what is in them; nothing needs it, and it need not be kept running.

`python -m tests.characterisation.documents.make_documents`
"""

from __future__ import annotations

import itertools
import os
import secrets
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import numpy as np

from editor.model.edit import Suggestion
from editor.model.selection import Selection
from tests.characterisation.documents.artist import CLOCK, Artist, now, selected
from tests.characterisation.documents.store import pack
from tests.characterisation.product import STARTER
from tests.characterisation.running import INPUTS

CAPTION = (
    "a purple boat with a yellow flag, in a meadow, at noon, clear sky, summer, seen close, "
    "flat illustration"
)


def walk(folder: Path) -> Path:
    """A photograph (its own bytes kept), three ideas in a row, the head in the middle."""
    artist = Artist(folder, "walk", INPUTS / "turned.jpg")
    artist.keep(artist.ask("warmer, and lift the shadows a little"))
    second = artist.keep(artist.ask("more contrast", count=4), 1)
    artist.keep(artist.ask("a little vignette", count=2))
    artist.document.rename(second, "The one with punch")
    artist.document.note(second, "Too hard in the corners?\nLook again tomorrow.")
    artist.document.undo()
    artist.document.undo()
    artist.document.redo()
    artist.document.set_draft("and now a bit of gra")
    return artist.done()


def branches(folder: Path) -> Path:
    """Three ways from one picture, one of them twice as long; stars; two roots more."""
    artist = Artist(folder, "branches", INPUTS / "photo.png")
    root = artist.head
    cool = artist.keep(artist.ask("cooler"))
    artist.keep(artist.ask("black and white", count=2))
    artist.document.go(root)
    sepia = artist.keep(artist.ask("sepia", count=2))
    artist.document.go(root)
    artist.keep(artist.ask("much brighter"), 2)
    pasted = artist.bring(INPUTS / "strip.png", "Pasted", "open")
    artist.keep(artist.ask("mute the yellows", count=1))
    artist.bring(INPUTS / "grey.png", "grey.png")
    for node, on in ((cool, True), (sepia, True), (pasted, True), (sepia, False)):
        artist.document.star(node, on)
    artist.document.rename(cool, "Cold")
    artist.document.rename(sepia, "Old")
    artist.document.rename(sepia, "")
    artist.document.go(cool)
    return artist.done()


def chosen(folder: Path) -> Path:
    """Selections: sharp, soft, acting outside, a spot removed, one job twice."""
    artist = Artist(folder, "chosen", INPUTS / "photo.png")
    sharp = selected(96, 72, (20, 10, 50, 40))
    soft = selected(96, 72, (5, 5, 80, 60), feather=9)
    artist.keep(artist.ask("brighter", selection=sharp))
    artist.keep(artist.ask("blur the background", selection=soft, count=2))
    artist.keep(artist.ask("remove this spot", selection=selected(96, 72, (40, 30, 9, 9)), count=1))
    artist.ask("less contrast", selection=soft.inverted())
    both = Selection.from_array(np.minimum(sharp.array(), soft.array()))
    artist.ask("less contrast", selection=both, seed=7)
    return artist.done()


def painted(folder: Path) -> Path:
    """Two results painted together, a faded one, a crop and a turn."""
    artist = Artist(folder, "painted", INPUTS / "photo.png")
    results = artist.ask("more vivid", count=4)
    artist.keep(results, 0, second=2, paint=selected(96, 72, (30, 20, 40, 40), feather=6))
    artist.keep(artist.ask("darker"), opacity=0.4)
    artist.keep(artist.ask("crop to 16:9", count=1))
    artist.keep(artist.ask("straighten by 3 degrees", count=1))
    parts = artist.ask("warmer", count=3, selection=selected(*_size(artist), (4, 4, 50, 30)))
    artist.keep(parts, 1, opacity=0.75, second=0, paint=selected(*_size(artist), (0, 0, 40, 60)))
    return artist.done()


def _size(artist: Artist) -> tuple[int, int]:
    return artist.image().width, artist.image().height


def deep(folder: Path) -> Path:
    """Sixteen bits, with colour and with alpha."""
    artist = Artist(folder, "deep", INPUTS / "deep.png")
    artist.keep(artist.ask("half a stop darker"))
    artist.keep(artist.ask("", count=1, methods=("adjust",), clarity=0.5, grain=0.3))
    artist.bring(INPUTS / "deep-alpha.png", "deep-alpha.png")
    artist.keep(artist.ask("warmer", count=2), opacity=0.5)
    return artist.done()


def transparent(folder: Path) -> Path:
    """Alpha, in colour and in grey."""
    artist = Artist(folder, "transparent", INPUTS / "alpha.png")
    artist.keep(artist.ask("sharper", count=2))
    artist.keep(artist.ask("let the blues pop"), 1)
    artist.bring(INPUTS / "grey-alpha.png", "grey-alpha.png")
    artist.keep(artist.ask("more contrast", count=2))
    return artist.done()


def grey(folder: Path) -> Path:
    """Grey stays grey until an edit brings colour; sixteen bits of grey beside it."""
    artist = Artist(folder, "grey", INPUTS / "grey.png")
    artist.keep(artist.ask("deeper blacks", count=2))
    artist.keep(artist.ask("sepia", count=2))
    artist.bring(INPUTS / "deep-grey.png", "deep-grey.png")
    artist.keep(artist.ask("brighter", count=1))
    return artist.done()


def profile(folder: Path) -> Path:
    """A wide profile, a resolution and words of the file; notices given, phrases dismissed."""
    artist = Artist(folder, "profile", INPUTS / "wide.png")
    artist.keep(artist.ask("desaturate the greens"))
    artist.keep(artist.ask("split toning", count=2))
    artist.document.mark_given("first_edit")
    artist.document.mark_given("kept")
    artist.document.dismiss("warmer")
    artist.document.dismiss("more contrast")
    phrase = Suggestion.of("cooler", "", "", "The picture is warm.")
    artist.document.pin(phrase, True)
    artist.document.pin(Suggestion.of("sepia", "", "", "It was pinned and let go."), True)
    artist.document.pin(Suggestion.of("sepia", "", "", ""), False)
    return artist.done()


def repainted(folder: Path) -> Path:
    """A scene painted again by a model, beside tone and colour; captions, a pinned suggestion."""
    artist = Artist(folder, "repainted", INPUTS / "scene.png", STARTER)
    artist.document.describe(artist.image().pixel_digest, CAPTION)
    night = CAPTION.replace("at noon", "at night")
    results = artist.ask(
        "much darker",
        count=3,
        methods=("adjust", "instruct_pix2pix"),
        captions=(CAPTION, night),
        num_inference_steps=8,
    )
    artist.keep(results)
    artist.keep(artist.ask("more contrast", count=2), opacity=0.5)
    snow = CAPTION.replace("clear sky", "snow is falling")
    artist.document.pin(Suggestion.of("let it snow", CAPTION, snow, "No snow yet."), True)
    return artist.done()


def interrupted(folder: Path) -> Path:
    """Ended in the middle: two ideas without pixels, a job without ranking, a draft."""
    artist = Artist(folder, "interrupted", INPUTS / "photo.png")
    soft = selected(96, 72, (10, 10, 60, 50), feather=5)
    first = artist.ask("brighter", selection=soft)
    artist.keep(artist.ask("warmer"))
    unranked = artist.ask("recover the highlights", ranked=False)
    artist.keep(first, 1, opacity=0.6, finished=False)
    artist.document.go(unranked.parent)
    artist.keep(unranked, finished=False)
    artist.document.set_draft("what I wanted to say was")
    return artist.done()


ALL: tuple[Callable[[Path], Path], ...] = (
    walk,
    branches,
    chosen,
    painted,
    deep,
    transparent,
    grey,
    profile,
    repainted,
    interrupted,
)


def spoilt(folder: Path, whole: Path) -> None:
    """Files that are refused, made from one that is whole."""
    for name, statement in (
        ("newer", "PRAGMA user_version=2"),
        ("foreign", "CREATE TABLE guest(id INTEGER)"),
    ):
        made = folder / f"{name}.pentimento"
        made.write_bytes(whole.read_bytes())
        with sqlite3.connect(made) as connection:
            connection.execute(statement)
        connection.close()
        pack(made)
    made = folder / "damaged.pentimento"
    made.write_bytes(whole.read_bytes())
    with sqlite3.connect(made) as connection:
        kept = connection.execute(
            "SELECT name, sql FROM sqlite_schema WHERE tbl_name='tile' AND type='trigger'"
        ).fetchall()
        for name, _ in kept:
            connection.execute(f"DROP TRIGGER {name}")
        (data,) = connection.execute("SELECT data FROM tile WHERE id=2").fetchone()
        connection.execute("UPDATE tile SET data=? WHERE id=2", (data[:-9] + b"\0" * 9,))
        for _, statement in kept:
            connection.execute(statement)
    connection.close()
    pack(made)


class Counted:
    """Ids one after the other, in place of random ones."""

    def __init__(self, first: int) -> None:
        self._numbers = itertools.count(first)

    def __call__(self, nbytes: int | None = None) -> str:
        return f"{next(self._numbers):0{(nbytes or 6) * 2}x}"


def main() -> None:
    """Make and pack all of them; ids and times are counted, so that they can be made again."""
    os.environ["PENTIMENTO_NO_WARMUP"] = "1"
    wanted = sys.argv[1:]
    with tempfile.TemporaryDirectory() as temporary, patch.object(time, "time", now):
        folder = Path(temporary)
        for number, make in enumerate(ALL, 1):
            if wanted and make.__name__ not in wanted:
                continue
            CLOCK["now"] = 1_700_000_000.0 + 86_400 * number
            with patch.object(secrets, "token_hex", Counted(number * 0x100000)):
                document = make(folder)
            print(f"{make.__name__}: {pack(document).stat().st_size} bytes")
            if make is branches:
                spoilt(folder, document)


if __name__ == "__main__":
    main()
