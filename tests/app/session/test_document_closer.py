from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from app.runtime.settings import Settings
from app.runtime.thread_pool import ThreadPool
from app.session.session import Session
from editor.errors import DiskFull
from editor.model.image import Image
from editor.model.picture import Picture
from editor.storage.document import Document
from editor.storage.verify import verify
from inference.request.jobs import Job
from tests.waiting import wait_for


class NoEngine(QObject):
    job_event = Signal(object)
    failed = Signal(object)

    def submit(self, job: Job) -> None:
        raise AssertionError("nothing is submitted here")

    def cancel(self, job_id: str) -> None:
        raise AssertionError("nothing is cancelled here")

    def search_models(self, folders: Sequence[Path]) -> None:
        raise AssertionError("no models are searched here")

    def limit_memory(self, nbytes: int | None) -> None:
        raise AssertionError("nothing is limited here")

    def find_device(self) -> None:
        raise AssertionError("no device is looked for here")


def a_document(folder: Path, label: str) -> Document:
    pixels = np.random.default_rng(1).integers(0, 65535, (300, 280, 3), np.uint16)
    document = Document.create(Picture.of(Image.from_array(pixels)), label=label, state_dir=folder)
    assert document.flush()
    return document


def set_room(document: Document, pages: int) -> None:
    """Let the file grow by this many pages from now on."""
    writer = document._writer
    assert writer is not None

    def limit() -> None:
        assert writer.connection is not None
        used = writer.connection.execute("PRAGMA page_count").fetchone()[0]
        writer.connection.execute(f"PRAGMA max_page_count={used + pages}")

    writer.call(limit).result()


def fill(document: Document) -> None:
    """The disk has no room any more, and something waits to be written."""
    set_room(document, 0)
    for number in range(400):
        document.dismiss(f"{number} " + "words" * 40)
    assert not document.flush()


@pytest.fixture
def session(tmp_path: Path, qapp: QApplication) -> Iterator[Session]:
    work = ThreadPool(1)
    session = Session(NoEngine(), work, Settings(tmp_path / "settings.json"))
    yield session
    session.binding.closer._timer.stop()
    work.close()


def leave_on_full_disk(session: Session, app: QApplication, folder: Path) -> Document:
    old, new = a_document(folder, "old"), a_document(folder, "new")
    session.set_document(old)
    fill(old)
    session.set_document(new)
    wait_for(
        lambda: (
            session.messages.current is not None
            and session.messages.current.action == "retry_writing"
        ),
    )
    return old


def test_a_document_left_on_a_full_disk_is_named_and_written_once_there_is_room(
    session: Session, qapp: QApplication, tmp_path: Path
) -> None:
    old = leave_on_full_disk(session, qapp, tmp_path)
    assert session.messages.current is not None
    assert "“old” is not written" in session.messages.current.text
    assert session.binding.closer.titles == ("old",)
    session.binding.wait_closed(1)  # other documents can be opened meanwhile
    assert session.binding.closer._timer.isActive()
    set_room(old, 10_000)
    session.binding.closer._timer.timeout.emit()  # what the clock does every few seconds
    wait_for(lambda: not session.binding.closer.titles)
    assert not session.binding.closer._timer.isActive()
    with Document.open(old.path) as again:
        assert len(again.dismissed) == 400
    assert verify(old.path).ok
    session.close()


def test_the_button_tries_again_and_says_nothing_new(
    session: Session, qapp: QApplication, tmp_path: Path
) -> None:
    old = leave_on_full_disk(session, qapp, tmp_path)
    session.messages.say(None)
    session.binding.retry_writing()
    wait_for(lambda: not session.binding.closer._under_way)
    assert session.binding.closer.titles == ("old",)
    assert session.messages.current is None
    set_room(old, 10_000)
    session.binding.retry_writing()
    wait_for(lambda: not session.binding.closer.titles)
    session.close()


def test_the_program_does_not_end_while_a_document_left_is_not_written(
    session: Session, qapp: QApplication, tmp_path: Path
) -> None:
    old = leave_on_full_disk(session, qapp, tmp_path)
    current = session.document
    with pytest.raises(DiskFull, match="“old” is not written"):
        session.close()
    assert session.document is current
    set_room(old, 10_000)
    session.close()
    with Document.open(old.path) as again:
        assert len(again.dismissed) == 400


def test_several_documents_left_are_all_waited_for(
    session: Session, qapp: QApplication, tmp_path: Path
) -> None:
    documents = [a_document(tmp_path, str(number)) for number in range(3)]
    for document in documents:
        session.set_document(document)
    session.set_document(None)
    session.binding.wait_closed(20)
    for document in documents:
        with Document.open(document.path) as again:
            assert not again.read_only
    wait_for(lambda: not session.binding.closer.titles)
