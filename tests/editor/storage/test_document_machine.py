"""The document under random work: whatever the order, it is what memory says it is."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from editor.model.rect import Rect
from editor.model.selection import Selection
from editor.storage.document import verify
from tests.editor.document_cases import (
    a_candidate,
    a_document,
    a_node,
    a_picture,
    a_ranking,
    assert_same_history,
    reopened,
)


class DocumentMachine(RuleBasedStateMachine):
    """Random work with closing and reopening in between; the truth is kept in memory."""

    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.document = a_document(self.folder)
        self.truth = self.document.history
        self.shown: dict[str, list[str]] = {}
        self.seed = 0

    def some_node(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(list(self.truth.nodes)))

    @rule(data=st.data(), picture=st.booleans(), selected=st.booleans())
    def accept(self, data: st.DataObject, picture: bool, selected: bool) -> None:
        self.seed += 1
        selection = Selection.from_rect(Rect(5, 5, 50, self.seed), 300, 270) if selected else None
        node = a_node(
            self.truth,
            self.seed,
            parent=self.some_node(data),
            picture=picture,
            selection=selection,
        )
        self.document.accept(node)
        self.truth = self.truth.accept(node)

    @rule()
    def complete(self) -> None:
        for node_id in self.document.pending():
            self.seed += 1
            picture = a_picture(self.seed, (60, 50))
            self.document.complete(node_id, picture)
            self.truth = self.truth.with_picture(node_id, picture)

    @rule(data=st.data())
    def walk(self, data: st.DataObject) -> None:
        step = data.draw(st.sampled_from(["undo", "redo", "go"]))
        if step == "go":
            to = self.some_node(data)
            self.document.go(to)
            self.truth = self.truth.go(to)
        else:
            getattr(self.document, step)()
            self.truth = getattr(self.truth, step)()

    @rule(data=st.data(), text=st.text(max_size=20), on=st.booleans())
    def mark(self, data: st.DataObject, text: str, on: bool) -> None:
        node = self.some_node(data)
        self.document.star(node, on)
        self.document.rename(node, text)
        self.document.note(node, text)
        self.document.set_draft(text)
        self.truth = self.truth.star(node, on).rename(node, text).note(node, text)

    @rule(data=st.data(), sampled=st.booleans())
    def show(self, data: st.DataObject, sampled: bool) -> None:
        self.seed += 1
        node = self.some_node(data)
        candidate = a_candidate(self.seed, sampled=sampled)
        self.document.add_candidate(f"job-{node}", node, candidate)
        self.document.set_ranking(f"job-{node}", a_ranking(candidate))
        self.shown.setdefault(node, []).append(candidate.key)

    @rule()
    def reopen(self) -> None:
        draft = self.document.draft
        self.document = reopened(self.document)
        assert self.document.draft == draft

    @rule()
    def rename_file(self) -> None:
        self.seed += 1
        self.document.name_file(self.folder / f"{self.seed}.pentimento").result()

    @invariant()
    def same(self) -> None:
        if not hasattr(self, "document"):
            return
        assert_same_history(self.document.history, self.truth)
        for node, keys in self.shown.items():
            (job,) = self.document.results(node)
            assert [c.key for c in job.candidates] == keys

    def teardown(self) -> None:
        if not hasattr(self, "document"):
            return
        self.document.close()
        report = verify(self.document.path)
        assert report.ok, report
        shutil.rmtree(self.folder)


TestDocumentMachine = DocumentMachine.TestCase
TestDocumentMachine.settings = settings(
    max_examples=10,
    stateful_step_count=20,
    suppress_health_check=list(HealthCheck),
)
