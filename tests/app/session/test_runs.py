"""Every run of words on an idea can be reached again: in the list, and after opening again."""

from __future__ import annotations

from dataclasses import replace

from app.session.changes import Changes
from app.session.results import ResultsStage
from app.session.runs import not_kept, words_of
from app.session.session import Session
from editor.model.edit import Instruction
from editor.storage.document import Document
from inference.workflow.preparation import Preparation
from tests.app.session_cases import Fixture, adjusting


def _twice(f: Fixture) -> tuple[str, str]:
    """Two runs on the root; their jobs."""
    jobs = []
    for words, strengths in (("brighter", (0.5, 1.0)), ("darker", (-0.3,))):
        f.run(words, strengths)
        assert f.session.results is not None
        jobs.append(f.session.results.job)
    return jobs[0], jobs[1]


def test_a_single_run_has_no_others(f: Fixture) -> None:
    assert not f.session.runs.all
    f.run("brighter")
    (run,) = f.session.runs.all
    assert (run.number, run.words, run.finished) == (1, "brighter", 2)


def test_an_earlier_run_comes_back_with_its_best_result(f: Fixture) -> None:
    first, second = _twice(f)
    assert [(r.job, r.number, r.words, r.finished) for r in f.session.runs.all] == [
        (first, 1, "brighter", 2),
        (second, 2, "darker", 1),
    ]
    f.session.runs.show(first)
    results = f.session.results
    assert results is not None
    assert (results.job, results.stage) == (first, ResultsStage.RANKED)
    assert f.session.view.looked_at == results.ordered[0].key
    f.keep()
    assert f.session.node is not None
    assert f.session.node.label == "brighter"


def test_a_cancelled_run_takes_none_of_the_earlier_ones(f: Fixture) -> None:
    _twice(f)
    f.session.edit.run("warmer")
    f.engine.prepare(0.1, 0.2, 0.3)
    f.engine.edit(upto=1)
    f.session.driver.cancel()
    assert [r.words for r in f.session.runs.all] == ["brighter", "darker", "warmer"]
    assert f.session.runs.all[2].finished == 1


def test_nothing_changes_while_an_edit_is_live_or_for_an_unknown_run(f: Fixture) -> None:
    first, _ = _twice(f)
    now = f.session.results
    f.session.runs.show("unknown")
    assert f.session.results is now
    f.session.edit.run("warmer")
    live = f.session.results
    f.session.runs.show(first)
    assert f.session.results is live


def test_from_a_kept_idea_the_runs_beside_it_are_reachable(f: Fixture) -> None:
    first, second = _twice(f)
    f.keep()
    assert f.session.node is not None
    kept = f.session.node.id
    assert [r.job for r in f.session.runs.all] == [first, second]
    f.session.runs.show(first)
    results = f.session.results
    assert results is not None
    assert results.kept_node == kept
    assert f.session.node.id == kept


def test_runs_are_there_after_opening_again(f: Fixture) -> None:
    first, second = _twice(f)
    path = f.document.path
    f.session.close()
    session = Session(f.engine, f.work, f.settings)
    session.set_document(Document.open(path))
    assert [r.job for r in session.runs.all] == [first, second]
    session.runs.show(first)
    assert session.results is not None
    assert session.results.job == first
    session.close()


def test_new_pictures_remember_their_runs(f: Fixture) -> None:
    f.run("a red house")
    drawn, image = f.session.results, f.session.image
    assert drawn is not None
    f.session.set_document(None)
    for job in ("one", "two"):
        f.session.current_results.value = replace(drawn, job=job, parent="", source=image)
        f.session.changed.emit(Changes.RESULTS)
    assert [r.job for r in f.session.runs.all] == ["one", "two"]
    f.session.runs.show("one")
    assert f.session.results is not None
    assert f.session.results.job == "one"


def test_left_are_those_no_idea_has_beside_it(f: Fixture) -> None:
    first, second = _twice(f)
    root = f.session.node
    assert root is not None
    assert [job.job for job in not_kept(f.document, root.id)] == [first, second]
    f.keep()  # of "darker": nothing of that run is left
    assert [job.job for job in not_kept(f.document, root.id)] == [first]
    assert [words_of(job) for job in not_kept(f.document, root.id)] == ["brighter"]


def test_a_result_of_a_run_that_nothing_was_kept_of_can_be_looked_at(f: Fixture) -> None:
    first, _ = _twice(f)
    root = f.session.node
    assert root is not None
    f.keep()
    key = not_kept(f.document, root.id)[0].candidates[1].key
    assert f.session.look_at_result_of(root.id, key)
    assert f.session.node is root
    assert f.session.view.looked_at == key
    assert f.session.results is not None
    assert f.session.results.job == first


def test_explored_results_have_no_words_in_common(f: Fixture) -> None:
    f.session.explore.run([Instruction("brighter"), Instruction("warmer")])
    f.engine.understand(
        *(Preparation(words, **adjusting(0.5)) for words in f.engine.job.instructions)
    )
    f.engine.edit()
    (run,) = f.session.runs.all
    assert (run.words, run.finished) == ("", 2)
