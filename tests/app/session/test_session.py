from __future__ import annotations

from pathlib import Path

import numpy as np

from app.session.results import ResultsStage
from editor.messages import verbatim
from editor.model.selection import Selection
from editor.storage.document import Document
from inference.request import jobs
from tests.app.session_cases import Fixture


def test_run_shows_ranked_results_and_looks_at_the_first(f: Fixture) -> None:
    f.run()
    results = f.session.results
    assert results is not None
    assert results.stage is ResultsStage.RANKED
    assert [p.rank for p in results.ranking.places] == [1, 2]
    assert f.session.view.looked_at == results.ordered[0].key


def test_keep_makes_a_node_under_the_one_the_job_started_from(f: Fixture) -> None:
    root = f.session.node
    assert root is not None
    f.run()
    f.keep()
    node = f.session.node
    assert node is not None
    assert node.parent == root.id
    assert node.label == "brighter"
    assert len(node.siblings) == 2
    before, after = root.picture, f.session.image
    assert before is not None
    assert after is not None
    assert after.array().mean() > before.image.array().mean()


def test_keeping_after_going_elsewhere_still_uses_the_jobs_own_parent(f: Fixture) -> None:
    root = f.session.node
    assert root is not None
    f.run("first")
    f.keep()
    first = f.session.node
    assert first is not None
    f.session.edit.run("second")
    f.engine.prepare(0.3)
    f.session.undo()  # harmless while a job runs
    f.engine.edit()
    assert (
        f.session.view.looked_at is None
    )  # the canvas is not taken away from where the artist went
    f.session.view.look_at_number(1)
    f.session.keep()
    second = f.session.node
    assert second is not None
    assert second.parent == first.id
    f.wait(lambda: f.session.image is not None)


def test_undo_brings_that_ideas_own_results_back(f: Fixture) -> None:
    f.run("one")
    keys = {s.key for s in f.session.results.slots}  # type: ignore[union-attr]
    f.keep()
    f.run("two", (0.2, 0.4, 0.6))
    f.keep()
    f.session.undo()
    f.session.undo()
    assert f.session.results is not None
    assert {s.key for s in f.session.results.slots} == keys
    f.session.redo()
    f.session.redo()
    assert f.session.node is not None
    assert f.session.node.label == "two"


def test_an_edit_from_an_older_node_is_a_branch_and_says_so(f: Fixture) -> None:
    root = f.session.node
    assert root is not None
    f.run("one")
    f.keep()
    f.session.undo()
    f.run("other", (0.1, 0.9))
    f.keep()
    assert len(f.document.history.children(root.id)) == 2
    f.wait(lambda: f.session.messages.current is not None)
    assert f.session.messages.current is not None
    assert "branch" in f.session.messages.current.text


def test_cancel_keeps_finished_results_and_late_events_change_nothing(f: Fixture) -> None:
    f.session.edit.run("brighter")
    f.engine.prepare(0.2, 0.4, 0.6)
    f.engine.edit(upto=1)
    f.session.driver.cancel()
    results = f.session.results
    assert results is not None
    assert results.stage is ResultsStage.CANCELLED
    assert len(results.finished) == 1
    assert results.job in f.engine.cancelled
    f.engine.edit()  # what was under way arrives all the same
    assert f.session.results is results
    assert "1 finished result" in f.session.messages.current.text  # type: ignore[union-attr]


def test_a_refusal_is_one_sentence_with_one_button(f: Fixture) -> None:
    f.session.edit.run("flurble")
    job = f.engine.submitted[-1]
    f.engine.job_event.emit(
        jobs.JobFailed(
            job.id,
            "not_understood",
            verbatim("“flurble” is not known."),
            verbatim("Words"),
            "",
            ("blue",),
        )
    )
    message = f.session.messages.current
    assert message is not None
    assert message.text == "“flurble” is not known."
    assert message.action == "show_words"
    assert not f.session.is_busy


def test_fade_keeps_part_of_the_change(f: Fixture) -> None:
    f.run("brighter", (1.0,))
    look = f.session.view.look
    assert look is not None
    f.session.view.set_opacity(0.5)
    f.keep()
    half = f.session.image
    assert half is not None
    f.session.undo()
    f.session.view.look_at_number(1)
    f.session.keep()
    f.wait(lambda: f.session.image is not None)
    full = f.session.image
    assert full is not None
    root = f.document.history.nodes[f.document.history.roots()[0]].picture
    assert root is not None
    middle = (root.image.array().astype(int) + full.array()) / 2
    assert np.abs(half.array() - middle).max() <= 1


def test_painting_parts_of_two_results_makes_one_node_of_two_candidates(f: Fixture) -> None:
    f.run("brighter", (0.3, 1.2))
    results = f.session.results
    assert results is not None
    first, second = results.ordered
    f.session.view.look_at(first.key)
    f.session.view.start_painting(second.key)
    coverage = np.zeros((280, 300), np.uint8)
    coverage[:, 150:] = 255
    f.session.view.set_paint(Selection.from_array(coverage))
    f.keep()
    node = f.session.node
    assert node is not None
    assert len(node.candidates) == 2
    assert node.kind == "paint"
    painted = f.session.image
    assert painted is not None
    from editor.render.composite import render

    root = f.document.history.nodes[f.document.history.roots()[0]].picture
    assert root is not None
    whole = [render(root.image, s.candidate.patch, None).array() for s in (first, second)]  # type: ignore[union-attr]
    assert np.array_equal(painted.array()[:, :150], whole[0][:, :150])
    assert np.array_equal(painted.array()[:, 150:], whole[1][:, 150:])


def test_everything_is_there_after_closing_and_opening(f: Fixture, tmp_path: Path) -> None:
    f.run("one")
    f.keep()
    f.run("two", (0.1, 0.2))
    path = f.document.path
    kept = f.session.image
    assert kept is not None
    f.session.set_document(None)
    f.session.binding.wait_closed()
    again = Document.open(path)
    f.session.set_document(again)
    f.wait(lambda: f.session.image is not None)
    assert f.session.image is not None
    assert f.session.image.pixel_digest == kept.pixel_digest
    assert f.session.results is not None
    assert f.session.results.instruction.text == "two"  # shown, not kept: still there
    assert f.session.results.ranking.places


def test_a_node_killed_before_its_pixels_were_written_is_made_again(
    f: Fixture, tmp_path: Path
) -> None:
    f.run("one", (0.7,))
    f.keep()
    whole = f.session.image
    assert whole is not None
    f.session.undo()
    # As after a kill between the two transactions: the node is there, its pixels are not.
    from dataclasses import replace

    from editor.model.history import new_id

    node = next(n for n in f.document.history.nodes.values() if n.candidates)
    f.document.accept(replace(node, id=new_id(), picture=None)).result()
    path = f.document.path
    f.session.set_document(None)
    f.session.binding.wait_closed()
    again = Document.open(path)
    assert len(again.pending()) == 1
    f.session.set_document(again)
    f.wait(lambda: not again.pending() and f.session.image is not None)
    assert f.session.image is not None
    assert f.session.image.pixel_digest == whole.pixel_digest


def test_a_job_waits_for_the_pixels_of_its_picture(f: Fixture) -> None:
    f.run("one")
    f.session.keep()
    count = len(f.engine.submitted)
    f.session.edit.run("two")  # at once: the kept picture is still being made
    f.wait(lambda: len(f.engine.submitted) > count)
    assert isinstance(f.engine.submitted[-1], jobs.EditJob)


def test_again_shows_further_readings_and_says_when_there_are_none(f: Fixture) -> None:
    f.run("brighter", (0.5, 1.0))
    f.session.edit.run_again(count=2)
    assert (f.engine.job.count, f.engine.job.skip) == (2, 2)
    f.engine.prepare(0.5, 1.0, 1.5, 2.0)
    f.engine.edit()
    results = f.session.results
    assert results is not None
    shown = [dict(s.request.settings)["exposure"] for s in results.slots]
    assert shown == [1.5, 2.0]
    f.session.edit.run_again(count=2)
    f.engine.prepare(0.5, 1.0, 1.5, 2.0)
    assert not f.session.is_busy
    assert f.session.results is not None  # what was there stays
    assert "no further readings" in f.session.messages.current.text  # type: ignore[union-attr]


def test_reference_pictures_stay_with_the_document_they_were_given_for(f: Fixture) -> None:
    settings, document = f.session.method_settings, f.session.document
    settings.set("flux2_klein", "references", ("/pictures/dog.png",))
    f.run()
    f.keep()
    assert settings.value("flux2_klein", "references") == ("/pictures/dog.png",)
    f.session.set_document(None)
    f.session.set_document(document)
    assert settings.value("flux2_klein", "references") is None
