"""Full disks, broken disks, mistakes: nothing is lost in memory, the order stays."""

from __future__ import annotations

import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from editor.errors import DamagedDocument, DiskFull, ExpectedError
from editor.model.history import History
from editor.model.picture import Picture
from editor.storage import file, rows, writer
from editor.storage.document import Document, verify
from editor.storage.schema import connect_writer
from editor.storage.writes import RowWrite, refusal
from tests.editor.document_cases import (
    a_candidate,
    a_document,
    a_node,
    a_picture,
    a_ranking,
    an_image,
    assert_same_history,
)


def work(document: Document) -> list[Future[None]]:
    """One turn of what an artist does."""
    head = str(document.history.head)
    seed = len(document.history.nodes)
    chosen, other = a_candidate(seed, sampled=True), a_candidate(seed + 500, sampled=True)
    node = a_node(document.history, seed)
    done = [
        document.add_candidate(f"job-{seed}", head, chosen),
        document.add_candidate(f"job-{seed}", head, other),
        document.set_ranking(f"job-{seed}", a_ranking(chosen, other)),
        document.accept(node),
        document.star(node.id, True),
    ]
    document.set_draft(f"draft {seed}")
    return done


def assert_kept(document: Document, history: History, jobs: int) -> None:
    assert_same_history(document.history, history)
    kept = [job for node in history.nodes for job in document.results(node)]
    assert len(kept) == jobs
    assert all(len(job.candidates) == 2 for job in kept)


@pytest.mark.parametrize("room", range(20))
def test_a_full_disk_at_20_positions(tmp_path: Path, room: int) -> None:
    document = Document.create(
        Picture.of(an_image(1, (400, 300), "uint16")), label="x", state_dir=tmp_path
    )
    assert document.flush()
    errors: list[ExpectedError] = []
    document.on_error = errors.append
    inner = document._writer
    assert inner is not None

    def limit(pages: int) -> None:
        connection = inner.connection
        assert connection is not None
        used = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={used + pages}")

    inner.call(lambda: limit(room * 2)).result()
    futures = [future for _ in range(4) for future in work(document)]
    assert not document.flush()
    assert errors
    assert isinstance(errors[0], DiskFull)
    assert str(errors[0]).startswith("The disk is full. The last result is not written yet")
    assert document.trouble is not None
    history = document.history
    early = sum(future.done() for future in futures)
    assert all(future.done() for future in futures[:early]), "the order stays"
    before = len(errors)
    document.retry()
    assert not document.flush()
    assert len(errors) > before, "each try that fails is reported"
    inner.call(lambda: limit(1 << 30)).result()
    if room % 2:
        document.retry()
    else:
        document.rename(str(history.head), "the next write tries again")
        history = document.history
    assert document.flush()
    for future in futures:
        assert future.result() is None
    assert_kept(document, history, 4)
    document.close()
    with Document.open(document.path) as again:
        assert_kept(again, history, 4)
        assert again.draft == "draft 4"
    assert verify(document.path).ok


class Breaking:
    """A connection that fails once, at the nth statement from now."""

    countdown = -1

    def __init__(self, real: sqlite3.Connection) -> None:
        self._real = real

    def execute(self, statement: str, *bound: Any) -> sqlite3.Cursor:
        if Breaking.countdown == 0 and not statement.startswith("ROLLBACK"):
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR
            Breaking.countdown = -1
            raise error
        Breaking.countdown -= 1
        return self._real.execute(statement, *bound)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Breaking]]:
    monkeypatch.setattr(file, "connect_writer", lambda *a, **k: Breaking(connect_writer(*a, **k)))
    Breaking.countdown = -1
    yield Breaking
    Breaking.countdown = -1


@pytest.mark.parametrize("statement", [0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89])
def test_a_disk_that_fails_in_the_middle(
    tmp_path: Path, breaking: type[Breaking], statement: int
) -> None:
    document = a_document(tmp_path)
    assert document.flush()
    failed = threading.Event()
    document.on_error = lambda error: failed.set()
    breaking.countdown = statement
    for _ in range(3):
        work(document)
    assert failed.wait()
    document.retry()
    assert document.flush()
    history = document.history
    assert_kept(document, history, 3)
    document.close()
    with Document.open(document.path) as again:
        assert_kept(again, history, 3)
    assert verify(document.path).ok


@pytest.mark.parametrize("statement", [0, 1, 10, 30])
def test_a_disk_that_fails_while_a_document_is_made(
    tmp_path: Path, breaking: type[Breaking], statement: int
) -> None:
    breaking.countdown = statement
    reported = threading.Event()
    document = a_document(tmp_path)
    document.on_error = lambda error: reported.set()
    work(document)
    if not document.flush():
        document.retry()
    assert document.flush()
    document.close()
    assert verify(document.path).ok


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("no right to mount a small disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_really_full_disk_and_another_place(tmp_path: Path, small_disk: Path) -> None:
    document = a_document(tmp_path, path=small_disk / "x.pentimento")
    document.flush()
    errors: list[ExpectedError] = []
    document.on_error = errors.append
    for _ in range(60):
        work(document)
        if not document.flush():
            break
    assert errors
    assert errors[0].kind == "disk_full"
    work(document)
    document.flush()
    history, jobs = document.history, len(document.history.nodes) - 1
    copy = tmp_path / "copy.pentimento"
    document.save_copy(copy).result()
    with Document.open(copy) as complete:
        assert_kept(complete, history, jobs)
    with pytest.raises(Exception):  # noqa: B017
        document.save_copy(small_disk / "no room.pentimento").result()
    document.name_file(tmp_path / "moved.pentimento").result()
    assert document.flush()
    assert [p.name for p in small_disk.iterdir()] == []
    document.close()
    with Document.open(tmp_path / "moved.pentimento") as again:
        assert_kept(again, history, jobs)
    assert verify(tmp_path / "moved.pentimento").ok


def test_a_program_mistake_stops_only_its_own_write(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    document = a_document(tmp_path)
    inner = document._writer
    assert inner is not None

    def wrong(connection: sqlite3.Connection) -> None:
        rows.put_event(connection, "dismiss", None, "must not stay")
        raise ZeroDivisionError

    before = document.dismiss("one")
    failed = inner.submit(RowWrite(wrong))
    after = document.dismiss("two")
    with pytest.raises(ZeroDivisionError):
        failed.result()
    before.result()
    after.result()
    document.close()
    with Document.open(document.path) as again:
        assert again.dismissed == {"one", "two"}
    assert "a write of the document failed" in caplog.text


def test_a_listener_that_fails_does_not_stop_the_thread(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    document = a_document(tmp_path)

    def wrong() -> None:
        raise ZeroDivisionError

    document.on_written = wrong
    document.star(str(document.history.head), True).result()
    document.close()
    assert "a listener of the document failed" in caplog.text
    assert verify(document.path).ok


def test_small_rows_go_before_pixels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = a_document(tmp_path)
    assert document.flush()
    inner = document._writer
    assert inner is not None
    order: list[str] = []
    gate = threading.Event()
    inner.call(gate.wait)
    node = a_node(document.history, 1)
    document.accept(node).add_done_callback(lambda f: order.append("node"))
    document.complete(node.id, a_picture(5)).add_done_callback(lambda f: order.append("pixels"))
    document.star(node.id, True).add_done_callback(lambda f: order.append("star"))
    monkeypatch.setattr(writer, "QUEUE_BYTES", 1)
    assert inner.waiting_bytes > 0
    assert not document.wait_for_room(0)
    gate.set()
    assert document.wait_for_room()
    assert document.flush()
    assert order == ["node", "star", "pixels"]
    document.close()


def test_closing_a_refused_document_on_purpose(tmp_path: Path) -> None:
    document = a_document(tmp_path, path=tmp_path / "nowhere" / "x.pentimento")
    future = document.star(str(document.history.head), True)
    assert not document.flush()
    document.close(discard=True)
    with pytest.raises(DiskFull):
        future.result()


def test_refusals_become_sentences() -> None:
    corrupt = sqlite3.DatabaseError("malformed")
    corrupt.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    assert isinstance(refusal(corrupt), DamagedDocument)
    assert str(refusal(OSError(28, "No space left"))).startswith("The disk is full.")
    assert "Input/output" in str(refusal(OSError(5, "Input/output error")))
    expected = DiskFull("x")
    assert refusal(expected) is expected
