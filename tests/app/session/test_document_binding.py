from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import Any

import pytest

from app.session.changes import Changes
from app.session.kept_node import kept_node
from editor.errors import DiskFull
from editor.model.image import Image
from editor.render.result_blend import ResultBlend
from editor.storage.document import Document
from tests.app.session.part_cases import Parts, results, slot

FIRST = slot(1.0)


def accept(p: Parts) -> str:
    """Keep a result at head; its idea's id."""
    assert FIRST.candidate is not None
    assert p.binding.node is not None
    node = kept_node(ResultBlend(FIRST.candidate), results(FIRST, parent=p.binding.node.id))
    p.binding.accept(node)
    return node.id


def test_nothing_open_has_no_idea_and_no_picture(p: Parts) -> None:
    assert p.binding.node is None
    assert p.binding.image is None
    p.binding.star("x")
    p.binding.rename("x", "name")
    p.binding.retry_writing()
    assert p.changes == []


def test_an_idea_gets_its_pixels_and_says_so(p: Parts) -> None:
    p.open()
    root = p.binding.image
    assert root is not None
    rendered: list[bool] = []
    p.binding.rendered.connect(lambda: rendered.append(True))
    node = accept(p)
    waiting: list[Any] = []
    p.binding.when_rendered(node, waiting.append)
    p.wait(lambda: waiting)
    assert rendered
    assert p.binding.image is waiting[0]
    assert p.binding.image_of(node) is waiting[0]
    assert waiting[0] is not None
    assert waiting[0].array().mean() > root.array().mean()
    p.binding.when_rendered(node, waiting.append)  # at once now
    assert len(waiting) == 2


def test_an_idea_that_cannot_be_rendered_is_named(
    p: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise MemoryError("no room")

    monkeypatch.setattr("app.session.node_renderer.render_blend", broken)
    p.open()
    failed: list[tuple[str, BaseException]] = []
    p.binding.not_rendered.connect(lambda node_id, error: failed.append((node_id, error)))
    node = accept(p)
    p.wait(lambda: failed)
    assert failed[0][0] == node
    assert isinstance(failed[0][1], MemoryError)


def test_another_document_sends_the_old_one_to_the_closer(p: Parts) -> None:
    first = p.open()
    path = first.path
    p.open()
    p.binding.wait_closed()
    p.wait(lambda: not p.binding.closer.titles)
    with Document.open(path) as again:  # closed, so it can be opened here
        assert not again.read_only


def test_star_and_name_are_changes_of_the_history(p: Parts) -> None:
    document = p.open()
    root = document.history.current.id
    p.changes.clear()
    p.binding.star(root)
    assert root in document.history.starred
    p.binding.star(root)
    assert root not in document.history.starred
    p.binding.rename(root, "dawn")
    assert document.history.label(root) == "dawn"
    assert p.changes == [Changes.HISTORY] * 3


def test_a_write_that_is_on_disk_calls_back_on_this_thread(p: Parts) -> None:
    p.open()
    done: list[str] = []
    good: Future[None] = Future()
    bad: Future[None] = Future()
    p.binding.when_durable(good, lambda: done.append("good"))
    p.binding.when_durable(bad, lambda: done.append("bad"))
    bad.set_exception(DiskFull("full", "Make room"))
    good.set_result(None)
    p.wait(lambda: done)
    assert done == ["good"]


def test_trouble_of_the_open_document_is_said_and_of_another_one_is_not(p: Parts) -> None:
    document = p.open()
    assert document.on_error is not None
    report = document.on_error
    report(DiskFull("The disk is full.", "Make room"))
    p.wait(lambda: p.messages.current is not None)
    assert p.messages.current is not None
    assert p.messages.current.action == "save_elsewhere"
    p.messages.say(None)
    p.open()
    report(DiskFull("The disk is full.", "Make room"))
    p.app.processEvents()
    assert p.messages.current is None


def test_what_was_written_is_a_change_of_the_document(p: Parts) -> None:
    document = p.open()
    p.changes.clear()
    document.set_draft("warm")
    document.flush()
    p.wait(lambda: Changes.DOCUMENT in p.changes)


def test_a_notice_is_shown_once_per_document(p: Parts) -> None:
    assert p.binding.show_once("domain")
    assert p.binding.show_once("domain")  # no document remembers it
    p.open()
    assert not p.binding.was_shown("domain")
    assert p.binding.show_once("domain")
    assert p.binding.was_shown("domain")
    assert not p.binding.show_once("domain")


def test_captions_of_the_document_are_known(p: Parts) -> None:
    document = p.open()
    assert p.binding.image is not None
    digest = p.binding.image.pixel_digest
    document.describe(digest, "a grey wall")
    p.binding.bind(None)
    p.binding.wait_closed()
    p.binding.bind(Document.open(document.path))
    assert p.binding.captions == {digest: "a grey wall"}


def test_closing_drops_what_is_still_being_rendered(
    p: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A picture that is ready after the document was closed has no place to go."""
    let_go = threading.Event()
    begun = threading.Event()

    def slow(source: Image, *_: object, **__: object) -> Image:
        begun.set()
        let_go.wait()
        return source

    monkeypatch.setattr("app.session.node_renderer.render_blend", slow)
    path = p.open().path
    rendered: list[bool] = []
    p.binding.rendered.connect(lambda: rendered.append(True))
    accept(p)
    p.wait(begun.is_set)
    p.binding.close()
    let_go.set()
    done: list[object] = []
    p.work.run(lambda ticket: None, done.append, None, 9)  # comes after the picture
    p.wait(lambda: done)
    assert not rendered
    with Document.open(path) as again:
        assert len(again.pending()) == 1  # made when it opens again
