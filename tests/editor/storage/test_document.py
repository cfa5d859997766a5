"""The document: what was acknowledged is there again, to the byte, whatever happened."""

from __future__ import annotations

import shutil
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from editor.errors import DamagedDocument, ExpectedError
from editor.formats.opened import SourceFile
from editor.model.edit import Suggestion
from editor.model.history import HistoryNode, new_id
from editor.model.picture import Picture
from editor.model.rect import Rect
from editor.model.selection import Selection
from editor.storage.document import Document, describe_document, verify
from editor.storage.lock import DocumentInUse
from editor.storage.writer import Writer
from tests.editor.document_cases import (
    a_candidate,
    a_document,
    a_node,
    a_picture,
    a_ranking,
    an_image,
    assert_same_history,
    edited,
    reopened,
)


def test_everything_is_there_again(tmp_path: Path) -> None:
    selection = Selection.from_rect(Rect(10, 10, 80, 270), 300, 270)
    source = SourceFile("photo.jpg", "jpeg", b"bytes of the file")
    document = Document.create(a_picture(), label="photo", state_dir=tmp_path, source=source)
    root = document.history.head
    assert root is not None
    chosen, other = a_candidate(1), a_candidate(2, sampled=True)
    document.add_candidate("job", root, chosen, selection)
    document.add_candidate("job", root, other, selection)
    document.set_ranking("job", a_ranking(other, chosen), ())
    document.accept(a_node(document.history, 1, selection=selection))
    painted = HistoryNode(
        new_id(),
        root,
        edited(a_picture(), 7),
        "both",
        time.time(),
        (chosen, other),
        paint=selection,
        kind="paint",
    )
    document.accept(painted)
    document.undo()
    document.star(root, True)
    document.rename(root, "Mine 🖌")
    document.note(painted.id, "a note")
    document.dismiss("sunset")
    document.mark_given("domain")
    document.describe("d1", "a red hous")
    document.describe("d1", "a red house")
    wanted = Suggestion.of("make it night", "a house at noon", "a house at night", "same light")
    for suggestion, on in (
        (wanted, True),
        (Suggestion.of("snow", "", "", ""), True),
        (wanted, True),
    ):
        document.pin(suggestion, on)
    document.pin(Suggestion.of("snow", "", "", ""), False)
    for text in ("w", "wa", "warm"):
        document.set_draft(text)
    before, jobs = document.history, document.results(root)
    with reopened(document) as again:
        assert_same_history(again.history, before)
        (job,) = again.results(root)
        assert job.ranking == jobs[0].ranking
        assert job.scores == jobs[0].scores
        assert [c.key for c in job.candidates] == [chosen.key, other.key]
        pixels = job.candidates[1].patch.pixels
        assert pixels is not None
        assert other.patch.pixels is not None
        assert np.array_equal(pixels, other.patch.pixels)
        assert job.selection is not None
        assert job.selection.digest == selection.digest
        assert (again.draft, again.dismissed) == ("warm", {"sunset"})
        assert again.given_notices == {"domain"}
        assert again.captions == {"d1": "a red house"}
        assert again.pinned == {"Make it night": wanted}
        assert again.source(root) == source
        assert again.source(painted.id) is None
        for node_id, node in before.nodes.items():
            kept = again.history.nodes[node_id].picture
            assert kept is not None and node.picture is not None  # noqa: PT018
            assert np.array_equal(kept.image.array(), node.picture.image.array())
    assert verify(document.path).ok


def test_pixels_leave_memory_and_come_back(tmp_path: Path) -> None:
    document = a_document(tmp_path)
    pixels = a_picture().image.array()
    candidate = a_candidate(3, sampled=True)
    document.add_candidate("job", str(document.history.head), candidate)
    document.accept(a_node(document.history, 4))
    assert document.flush()
    for node in document.history.nodes.values():
        assert node.picture is not None
        assert not any(tile.in_memory for tile in node.picture.image.tiles)
    assert not candidate.patch.in_memory
    document.store.budget = 0
    root = document.history.nodes[document.history.roots()[0]]
    assert root.picture is not None
    assert np.array_equal(root.picture.image.array(), pixels)
    document.close()
    assert np.array_equal(root.picture.image.array(), pixels), "a late thumbnail still gets pixels"


def test_a_crash_leaves_accepted_nodes_to_be_rendered_again(tmp_path: Path) -> None:
    document = a_document(tmp_path)
    first = a_node(document.history, 1, picture=False)
    document.accept(first).result()
    second = a_node(document.history, 2, picture=False)
    document.accept(second).result()
    assert document.pending() == (first.id, second.id)
    with reopened(document) as again:
        assert again.pending() == (first.id, second.id)
        picture = edited(a_picture(), 1)
        again.complete(first.id, picture).result()
        assert again.pending() == (second.id,)
        kept = again.history.nodes[first.id]
        assert kept.picture is not None
        assert kept.picture.pixel_digest == picture.pixel_digest
        assert kept.candidates[0].patch.parameters == a_candidate(1).patch.parameters
    report = verify(document.path)
    assert report.ok
    assert report.pending == (second.id,)


def test_a_picture_from_elsewhere_is_acknowledged_with_its_pixels(tmp_path: Path) -> None:
    document = a_document(tmp_path)
    pasted = HistoryNode(new_id(), None, a_picture(9), "pasted", time.time(), kind="import")
    document.accept(pasted).result()
    assert pasted.picture is not None
    assert not any(tile.in_memory for tile in pasted.picture.image.tiles)
    document.close()


def test_a_second_window_reads_only(tmp_path: Path) -> None:
    document = a_document(tmp_path)
    document.accept(a_node(document.history, 1)).result()
    assert document.flush()
    with Document.open(document.path) as second:
        assert second.read_only
        assert not document.read_only
        assert_same_history(second.history, document.history)
        second.undo().result()
        assert second.history.head != document.history.head
        with pytest.raises(DocumentInUse):
            second.accept(a_node(second.history, 2))
        with pytest.raises(DocumentInUse):
            second.star(str(second.history.head), True)
        second.set_draft("only here")
        second.dismiss("only here")
        second.save_copy(tmp_path / "copy.pentimento").result()
        assert second.flush()
        assert second.wait_for_room()
    document.close()
    assert verify(tmp_path / "copy.pentimento").ok
    with Document.open(document.path) as again:
        assert not again.read_only
        assert again.draft == ""


def test_the_closed_file_is_complete_when_copied(tmp_path: Path) -> None:
    document = a_document(tmp_path, path=tmp_path / "one.pentimento")
    document.accept(a_node(document.history, 1))
    history = document.history
    document.close()
    assert [p.name for p in tmp_path.iterdir()] == ["one.pentimento"]
    shutil.copyfile(document.path, tmp_path / "two.pentimento")
    with Document.open(tmp_path / "two.pentimento") as copy:
        assert_same_history(copy.history, history)


def test_the_idle_file_is_complete_when_copied(tmp_path: Path) -> None:
    document = a_document(tmp_path, path=tmp_path / "one.pentimento")
    document.accept(a_node(document.history, 1))
    assert document.flush()
    log = tmp_path / "one.pentimento-wal"
    while log.stat().st_size:
        time.sleep(0.05)
    shutil.copyfile(document.path, tmp_path / "two.pentimento")
    with Document.open(tmp_path / "two.pentimento") as copy:
        assert_same_history(copy.history, document.history)
    document.close()


def test_untitled_documents_are_found_and_named(tmp_path: Path) -> None:
    document = a_document(tmp_path)
    assert document.is_untitled
    assert document.title == "photo.png"
    document.accept(a_node(document.history, 1))
    assert document.flush()
    assert Document.untitled(tmp_path) == [], "a window has it"
    document.close()
    assert Document.untitled(tmp_path) == [document.path]
    document = Document.open(document.path)
    assert document.is_untitled
    old, history = document.path, document.history
    document.name_file(tmp_path / "Né #1?.pentimento").result()
    assert document.path == tmp_path / "Né #1?.pentimento"
    assert (document.title, document.is_untitled) == ("Né #1?", False)
    assert not old.exists()
    document.star(str(history.head), True).result()
    with reopened(document) as again:
        assert again.history.starred == {history.head}
    assert Document.untitled(tmp_path) == []


def test_naming_replaces_an_existing_file_whole(tmp_path: Path) -> None:
    other = a_document(tmp_path, path=tmp_path / "name.pentimento", seed=5)
    other.flush()
    document = a_document(tmp_path)
    with pytest.raises(DocumentInUse):
        document.name_file(other.path).result()
    assert document.is_untitled
    other.close()
    document.name_file(other.path).result()
    with reopened(document) as again:
        assert_same_history(again.history, document.history)


def test_a_document_can_be_named_before_it_reached_the_disk(tmp_path: Path) -> None:
    blocked = tmp_path / "no-such-folder"
    errors: list[ExpectedError] = []
    blocked.mkdir()
    document = a_document(tmp_path, path=blocked / "x.pentimento")
    document.on_error = errors.append
    document.flush()
    document.close()
    shutil.rmtree(blocked)
    document = a_document(tmp_path, path=blocked / "x.pentimento")
    document.on_error = errors.append
    node = a_node(document.history, 1)
    document.accept(node)
    assert not document.flush()
    assert document.trouble is not None
    assert document.trouble.kind == "disk_full"
    with pytest.raises(ExpectedError):
        document.close()
    document.save_copy(tmp_path / "copy.pentimento").result()
    document.name_file(tmp_path / "y.pentimento").result()
    assert document.flush()
    assert document.trouble is None
    history = document.history
    document.close()
    for name in ("copy", "y"):
        with Document.open(tmp_path / f"{name}.pentimento") as again:
            assert_same_history(again.history, history)


def test_create_replaces_an_existing_file(tmp_path: Path) -> None:
    path = tmp_path / "x.pentimento"
    path.write_bytes(b"something else")
    document = a_document(tmp_path, path=path)
    assert document.flush()
    with pytest.raises(DocumentInUse):
        a_document(tmp_path, path=path)
    document.close()
    assert verify(path).ok


def test_describe_is_the_contract(tmp_path: Path) -> None:
    document = a_document(tmp_path)
    node = a_node(document.history, 1)
    document.accept(node)
    document.star(node.id, True)
    document.rename(node.id, "Mine")
    document.close()
    described = describe_document(document.path)
    assert set(described) == {"nodes", "head", "damaged", "warning"}
    assert (described["damaged"], described["warning"]) == ([], None)
    assert described["head"] == node.id
    first, second = described["nodes"]
    assert (first["parent"], second["parent"]) == (None, first["id"])
    assert (second["label"], second["starred"]) == ("Mine", True)
    assert node.picture is not None
    assert second["pixel_digest"] == node.picture.pixel_digest
    assert [c["chosen"] for c in second["candidates"]] == [True, False]
    assert second["candidates"][0]["key"] == node.candidates[0].key


def test_calls_return_while_the_disk_is_busy_and_tell_when_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    big = an_image(1, (2000, 1500), "uint16")
    document = Document.create(Picture.of(big), label="big", state_dir=tmp_path)
    assert document.flush()
    written = threading.Event()
    document.on_written = written.set
    free, transact = threading.Event(), Writer._transact

    def busy(self: Writer, work: Any) -> bool:
        free.wait()  # for ever if a call below waits for the disk
        return transact(self, work)

    monkeypatch.setattr(Writer, "_transact", busy)
    for seed in range(5):
        document.accept(a_node(document.history, seed))
        document.set_draft(f"draft {seed}")
    assert not document.flush(0), "nothing is on disk yet"
    free.set()
    assert document.wait_for_room()
    assert document.flush()
    assert written.wait()
    assert document.saved_at is not None
    document.close()


def test_mistakes_are_raised_at_once(tmp_path: Path) -> None:
    document = a_document(tmp_path)
    with pytest.raises(LookupError):
        document.add_candidate("job", "nowhere", a_candidate())
    with pytest.raises(LookupError):
        document.set_ranking("no job", a_ranking())
    with pytest.raises(LookupError):
        document.star("nowhere", True)
    with pytest.raises(ValueError):
        document.add_candidate("a job/with a path", str(document.history.head), a_candidate())
    document.close()
    document.close()
    with pytest.raises(RuntimeError, match="closed"):
        document.star(str(document.history.head), True)
    with pytest.raises(ExpectedError, match="no file"):
        Document.open(tmp_path / "nothing.pentimento")


def test_a_bad_event_takes_none_after_it_along(tmp_path: Path) -> None:
    """And what cannot be read again is not written: an endless caption behind a pin."""
    document = a_document(tmp_path)
    root = str(document.history.head)
    endless = Suggestion.of("night", "a house " * 2000, "a boat", "")
    document.pin(endless, True).result()
    assert document.pinned == {"Night": endless}
    document.star(root, True).result()
    path = document.path
    document.close()
    with Document.open(path) as again:
        assert again.pinned == {}
        assert again.history.starred == {root}
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("UPDATE event SET id=id+1000 WHERE kind!='head'")
        raw.execute("INSERT INTO event(id, kind, value, time) VALUES(900, 'pin', '{}', 0)")
    with pytest.raises(DamagedDocument):
        Document.open(path)
    with Document.open(path, rest=True) as again:
        assert again.history.starred == {root}
        assert again.history.head == root
