"""The notice about pictures of another world: once per document, also after reopening it."""

from __future__ import annotations

from typing import Any

import pytest

from app.session.job_messages import DOMAIN
from editor.messages import Message, verbatim
from editor.model.edit import Instruction
from editor.storage.document import Document
from inference.request import jobs
from inference.request.analysis import Domain
from inference.starter.storybook import Storybook
from inference.workflow.preparation import Preparation
from tests.app.session_cases import adjusting, repainting

SAID = "storybook scenes"


def foreign(job: jobs.EditJob, *, toned: bool = False) -> Preparation:
    return Preparation(
        job.instructions[0],
        **(adjusting(0.5, 1.0) if toned else repainting(job.instructions[0].text)),
        domain=Domain(False, 0.1),
        warning=Storybook().outside_note("toned" if toned else "painter"),
    )


def run(f: Any, text: str = "brighter") -> str:
    """The message after a job that ended in a picture the models do not know."""
    f.session.edit.run(text)
    f.engine.understand(foreign(f.engine.job))
    f.engine.edit()
    message = f.session.messages.current
    return message.text if message is not None else ""


def test_it_is_said_once(f: Any) -> None:
    assert SAID in run(f)
    assert f.session.messages.current.action == "show_models:repaint"
    assert run(f, "darker") == ""
    f.keep()
    assert run(f, "warmer") == ""


def test_tone_in_place_of_a_repaint_is_said_each_time_with_the_way_to_repaint(f: Any) -> None:
    for text in ("a sunny day", "a grey day"):
        f.session.edit.run(text)
        f.engine.understand(foreign(f.engine.job, toned=True))
        f.engine.edit()
        message = f.session.messages.current
        assert "tone and colour" in message.text
        assert (message.action, message.second_action) == ("repaint_anyway", "show_models:repaint")
    assert not f.session.binding.was_shown(DOMAIN)


def test_the_document_remembers_it(f: Any) -> None:
    run(f)
    path = f.document.path
    f.session.set_document(None)
    f.session.binding.wait_closed()
    again = Document.open(path)
    assert again.given_notices == {DOMAIN}
    f.session.set_document(again)
    assert f.session.binding.was_shown(DOMAIN)
    assert run(f, "darker") == ""


def test_another_document_hears_it_again(f: Any, tmp_path: Any) -> None:
    from editor.model.picture import Picture

    assert SAID in run(f)
    picture = Picture.of(f.session.image)
    other = Document.create(picture, label="other", state_dir=tmp_path)
    f.session.set_document(other)
    assert SAID in run(f)


def test_a_cancelled_job_has_not_said_it(f: Any) -> None:
    f.session.edit.run("brighter")
    f.engine.understand(foreign(f.engine.job))
    f.session.driver.cancel()
    assert not f.session.binding.was_shown(DOMAIN)
    assert SAID in run(f)


def test_a_read_only_document_is_told_while_it_is_open(f: Any) -> None:
    path = f.document.path
    f.document.flush()
    with Document.open(path, read_only=True) as other:
        other.mark_given("x").result()
        assert other.given_notices == {"x"}
    f.document.flush()
    with Document.open(path, read_only=True) as again:
        assert again.given_notices == set()


def test_exploring_says_it_once(f: Any) -> None:
    def explore(text: str) -> str:
        f.session.explore.run([Instruction(text)])
        f.engine.understand(foreign(f.engine.job))
        f.engine.edit()
        return f.session.messages.current.text if f.session.messages.current is not None else ""

    assert SAID in explore("brighter")
    assert explore("darker") == ""


def test_what_is_heard_at_the_end_is_the_reason_in_the_artists_language(
    f: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    f.session.messages.announced.connect(heard.append)
    monkeypatch.setattr("app.session.edit_driver.reason_text", lambda place: f"<{place.reason}>")
    f.run()
    reason = f.session.results.ranking.places[0].reason
    assert heard == [f"2 results. Best: <{reason}>"]


def test_a_failure_is_said_in_the_artists_language(f: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "app.session.job_messages.text_of", lambda text: f"<{text}>" if text else ""
    )
    f.session.edit.run("brighter")
    job = f.engine.job
    f.engine.job_event.emit(
        jobs.JobFailed(job.id, "odd", verbatim("It broke."), verbatim("Mend it"))
    )
    assert f.session.messages.current.text == "<It broke.> <Mend it>"


def test_a_method_left_out_for_want_of_a_selection_is_said_each_time(f: Any) -> None:
    left_out = Message("method.left_out", method=Message("method.inpaint.title"))
    for text in ("brighter", "darker"):
        f.session.edit.run(text)
        made = Preparation(Instruction(text), **adjusting(0.5, 1.0), skipped=(left_out,))
        f.engine.understand(made)
        f.engine.edit()
        message = f.session.messages.current
        assert message.text == "Fill the selection was left out: nothing is selected."
        assert (message.button, message.action) == ("Select", "tool_rectangle")
