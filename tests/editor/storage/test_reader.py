"""Damage: what can be shown is shown, the rest is counted; no hostile value gets through."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from editor.errors import DamagedDocument, ExpectedError
from editor.model.history import History
from editor.storage.document import Document, verify
from editor.storage.schema import KEPT
from tests.editor.document_cases import (
    a_candidate,
    a_document,
    a_node,
    a_ranking,
    assert_same_node,
)


class Made:
    def __init__(self, path: Path, history: History) -> None:
        self.path = path
        self.history = history
        self.ids = list(history.nodes)


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A root with three edits in a row and one shown job."""
    folder = tmp_path_factory.mktemp("made")
    document = a_document(folder, path=folder / "x.pentimento")
    candidate = a_candidate(50, sampled=True)
    document.add_candidate("job", str(document.history.head), candidate)
    document.set_ranking("job", a_ranking(candidate))
    for seed in range(3):
        document.accept(a_node(document.history, seed))
    history = document.history
    document.close()
    return Made(document.path, history)


@pytest.fixture
def made(made_once: Made, tmp_path: Path) -> Made:
    """A copy to be damaged."""
    shutil.copyfile(made_once.path, tmp_path / "x.pentimento")
    return Made(tmp_path / "x.pentimento", made_once.history)


def damage(path: Path, *statements: str) -> None:
    """Change rows as a broken disk or a stranger would: around the triggers."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("BEGIN")
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type='trigger'"
        ).fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for _, sql in triggers:
            connection.execute(sql)
        connection.execute("COMMIT")


def opened_rest(made: Made, lost: set[str]) -> None:
    with pytest.raises(DamagedDocument) as refused:
        Document.open(made.path)
    assert str(refused.value.message) == (
        f"Part of this file is damaged: {len(lost)} of 4 ideas cannot be shown, the rest can."
    )
    assert str(refused.value.fix) == "Open the rest"
    with Document.open(made.path, rest=True) as document:
        assert set(document.damaged) == lost
        assert document.pending() == ()
        assert document.history.head is not None
        assert document.history.head not in lost
        for node_id in set(made.ids) - lost:
            assert_same_node(document.history.nodes[node_id], made.history.nodes[node_id])
        # Work goes on.
        document.accept(a_node(document.history, 70)).result()


def last_image(extra: str) -> str:
    return extra.format(image="(SELECT max(image) FROM layer)")


def test_a_missing_tile_row_hides_one_idea(made: Made) -> None:
    damage(
        made.path,
        last_image("DELETE FROM image_tile WHERE image={image} AND place=1"),
    )
    opened_rest(made, {made.ids[3]})
    report = verify(made.path)
    assert not report.ok
    assert report.damaged == (made.ids[3],)


def test_missing_pixels_hide_the_ideas_that_need_them(made: Made) -> None:
    damage(
        made.path,
        "DELETE FROM tile WHERE digest IN (SELECT tile FROM image_tile WHERE image="
        "(SELECT max(image) FROM layer)) AND digest NOT IN (SELECT tile FROM image_tile"
        " WHERE image<(SELECT max(image) FROM layer))",
    )
    opened_rest(made, {made.ids[3]})


def test_a_lost_parent_hides_what_hangs_on_it(made: Made) -> None:
    damage(made.path, f"DELETE FROM node WHERE id='{made.ids[2]}'")
    with pytest.raises(DamagedDocument, match="1 of 3 ideas"):
        Document.open(made.path)
    with Document.open(made.path, rest=True) as document:
        assert list(document.history.nodes) == made.ids[:2]
        assert document.history.head in made.ids[:2]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE node SET parent=id",
        "UPDATE node SET parent=(SELECT id FROM node ORDER BY rowid DESC) WHERE parent IS NULL",
        "UPDATE image SET width=70000",
        "UPDATE image SET width=65000, height=65000",
        "UPDATE image SET channels=9",
        "UPDATE image SET dtype='float64'",
        "UPDATE image SET pixel_digest=pixel_digest || 'x'",
        "UPDATE image_tile SET tile=x'00'",
        "UPDATE meta SET icc=x'00'",
        "UPDATE meta SET text='[[[['",
        "UPDATE node SET opacity=7",
        "UPDATE node SET id='../../etc/' || id",
        "DELETE FROM node",
        "DELETE FROM meta",
    ],
)
def test_when_nothing_can_be_shown_it_says_so(made: Made, statement: str) -> None:
    damage(made.path, statement)
    with pytest.raises(DamagedDocument, match=r"none of its ideas|ideas cannot be shown"):
        Document.open(made.path)
    with pytest.raises(DamagedDocument, match="none of its ideas can be shown"):
        Document.open(made.path, rest=True)
    assert not verify(made.path).ok or statement == "DELETE FROM node"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE candidate SET request=replace(request, 'warmer', 'colder')",
        "UPDATE candidate SET request='{}'",
        "UPDATE candidate SET recorded='5'",
        "UPDATE patch SET parameters='['",
        "UPDATE patch SET placement='[1]' WHERE placement IS NOT NULL",
        "UPDATE ranking SET value='NaN'",
        "UPDATE score SET value='[]'",
        "UPDATE node_candidate SET role=role || 's'",
        "UPDATE node SET ranking='{}'",
        "UPDATE job SET parent='nobody'",
        "DELETE FROM patch",
        "DELETE FROM candidate",
    ],
)
def test_damaged_candidates_leave_every_idea_visible(made: Made, statement: str) -> None:
    damage(made.path, "INSERT INTO score VALUES(1,'job','{}')", statement)
    with pytest.raises(DamagedDocument, match="some results cannot be shown, every idea can"):
        Document.open(made.path)
    with Document.open(made.path, rest=True) as document:
        assert document.damaged == ()
        for node_id, node in made.history.nodes.items():
            kept = document.history.nodes[node_id]
            assert kept.picture is not None
            assert node.picture is not None
            assert kept.picture.pixel_digest == node.picture.pixel_digest
    assert not verify(made.path).ok


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM event",
        "UPDATE event SET node='nobody'",
        'UPDATE event SET value=\'{"trail": ["nobody", 5, null]}\'',
        "INSERT INTO event(kind, node, value, time) VALUES('unknown', NULL, '1', 0)",
    ],
)
def test_lost_events_lose_only_themselves(made: Made, statement: str) -> None:
    damage(made.path, statement)
    with Document.open(made.path) as document:
        assert list(document.history.nodes) == made.ids
        assert document.history.head == made.ids[-1]
        assert document.history.trail == ()


def test_pixels_that_changed_are_found_when_read(made: Made) -> None:
    damage(
        made.path,
        "UPDATE tile SET data=(SELECT data FROM tile ORDER BY id LIMIT 1)"
        " WHERE id=(SELECT max(id) FROM tile)",
    )
    report = verify(made.path)
    assert len(report.problems) == 1
    assert report.damaged == (made.ids[3],)
    assert str(report.sentence) == (
        "Part of this file is damaged: 1 of 4 ideas cannot be shown, the rest can."
    )
    with Document.open(made.path) as document:
        picture = document.history.current.picture
        assert picture is not None
        with pytest.raises(DamagedDocument, match="some pixels cannot be read"):
            picture.image.array()


@pytest.mark.parametrize(
    "change",
    ["height=257", "width=0", "channels=7", "depth=9", "codec=2", "data=zeroblob(9)"],
)
def test_impossible_tiles_are_refused(made: Made, change: str) -> None:
    damage(made.path, f"UPDATE tile SET {change}")
    assert len(verify(made.path).damaged) == 4


@pytest.mark.parametrize(
    "change",
    ["height=-1", "width=1000000", "channels=9", "dtype='float64'", "codec=2", "data=x'00'"],
)
def test_impossible_patches_are_refused(made: Made, change: str) -> None:
    damage(made.path, f"UPDATE patch SET {change} WHERE placement IS NOT NULL")
    assert not verify(made.path).ok
    with Document.open(made.path) as document:
        (job,) = document.results(made.ids[0])
        with pytest.raises(DamagedDocument):
            _ = job.candidates[0].patch.pixels


def test_random_damage_never_surprises(made: Made, tmp_path: Path) -> None:
    """Any bytes changed anywhere: opened, opened in part, or refused in a sentence."""
    whole = made.path.read_bytes()
    rng = random.Random(7)
    ways: list[Callable[[bytearray], None]] = [
        lambda b: b.__setitem__(rng.randrange(len(b)), rng.randrange(256)),
        lambda b: b.__setitem__(slice(p := rng.randrange(len(b)), p + 400), rng.randbytes(400)),
        lambda b: b.__setitem__(slice(p := 16384 * rng.randrange(len(b) // 16384), p + 16384), b""),
        lambda b: b.__delitem__(slice(rng.randrange(len(b)), None)),
        lambda b: b.__setitem__(slice(rng.randrange(4000), 4000), rng.randbytes(200)),
    ]
    path = tmp_path / "broken.pentimento"
    for turn in range(60):
        data = bytearray(whole)
        ways[turn % len(ways)](data)
        path.write_bytes(data)
        for read in (lambda: Document.open(path, rest=True), lambda: verify(path)):
            try:
                result = read()
            except ExpectedError:
                continue
            if isinstance(result, Document):
                for node in result.history.nodes.values():
                    if node.picture is not None:
                        try:
                            node.picture.image.array()
                        except ExpectedError:
                            continue
                result.close(discard=True)


def test_every_table_is_read_or_checked(made: Made) -> None:
    """Dropping all rows of any table is noticed, or loses only that table's own matter."""
    for table in KEPT:
        path = made.path.with_name(f"{table}.pentimento")
        path.write_bytes(made.path.read_bytes())
        damage(path, f"DELETE FROM {table}")
        try:
            with Document.open(path, rest=True) as document:
                assert document.history.nodes
        except DamagedDocument:
            continue
