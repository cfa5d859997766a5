"""The captions of the next edit: what they follow, and what goes with the edit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.session.caption_draft import CaptionDraft
from editor.model.edit import Instruction
from inference.request.edit_job import EditJob
from inference.request.jobs import Prepared
from inference.workflow.preparation import Preparation
from tests.app.session_cases import CAPTION, Fixture, repainting

AFTER = "a red house at night"
METHOD = "prompt_to_prompt"


class DraftFixture(Fixture):
    """A session with a box and captions, of a picture whose caption is known."""

    def __init__(self, tmp_path: Path, app: QApplication) -> None:
        super().__init__(tmp_path, app)
        self.text = ""
        session = self.session
        self.draft = CaptionDraft(
            session.live_preview, session.binding, session.current_results, session.view,
            session.suggestion_feed, lambda: self.text,
        )  # fmt: skip
        session.changed.connect(self.draft.on_changed)
        image = self.session.image
        assert image is not None
        self.session.binding.captions[image.pixel_digest] = CAPTION
        self.draft.refresh()

    def say(self, text: str) -> None:
        self.text = text
        self.draft.follow_words()

    def understand(self, text: str, after: str = AFTER) -> None:
        read = Prepared("job", Instruction(text, CAPTION, after), (METHOD,))
        self.session.live_preview.understood.emit(read)


@pytest.fixture
def f(tmp_path: Path, qapp: QApplication) -> Iterator[DraftFixture]:
    fixture = DraftFixture(tmp_path, qapp)
    yield fixture
    fixture.session.close()
    fixture.work.close()


def test_they_follow_what_the_words_were_read_as(f: DraftFixture) -> None:
    captions = f.draft.captions
    assert (captions.before, captions.after, captions.differ) == (CAPTION, CAPTION, False)
    f.say("make it night")
    f.understand("make it night")
    assert f.draft.captions.after == AFTER
    assert f.draft.instruction() is None  # the engine reads the words itself
    f.say("make it noon")
    assert f.draft.captions.after == CAPTION


def test_those_of_another_picture_go_and_it_is_said(
    f: DraftFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    f.say("make it night")
    f.understand("make it night")
    changes: list[str] = []
    f.draft.changed.connect(lambda: changes.append(f.draft.captions.after))
    monkeypatch.setattr(f.session.suggestion_feed, "caption", lambda: "")  # of the next picture
    f.run()
    f.keep()
    assert (f.draft.captions.before, f.draft.captions.after) == ("", "")
    assert changes[-1] == ""


def test_taken_back_what_was_written_is_no_longer_the_artists(f: DraftFixture) -> None:
    f.say("make it night")
    f.understand("make it night")
    f.draft.set_after(AFTER + " sky")
    f.draft.set_after(AFTER)  # as it was read, but by hand
    assert f.draft.is_edited
    changes: list[bool] = []
    f.draft.changed.connect(lambda: changes.append(f.draft.is_edited))
    f.draft.reset()
    assert changes == [False]


def test_what_is_written_goes_with_the_words_it_was_written_for(f: DraftFixture) -> None:
    f.say("make it night")
    f.understand("make it night")
    f.draft.set_after("a red house under stars")
    written = Instruction("make it night", CAPTION, "a red house under stars")
    assert f.draft.instruction() == written
    f.understand("make it night", "a blue house")  # a late reading changes nothing
    assert f.draft.instruction() == written
    f.say("make it noon")
    assert f.draft.instruction() is None


def test_without_words_the_captions_say_them(f: DraftFixture) -> None:
    f.draft.set_after(AFTER)
    f.draft.expect_words("noon → night")
    f.say("noon → night")
    found = f.draft.instruction()
    assert found == Instruction("noon → night", CAPTION, AFTER)


def test_the_picture_is_described_anew(f: DraftFixture) -> None:
    f.draft.set_before("a blue barn")
    assert f.session.suggestion_feed.caption() == "a blue barn"
    captions = f.draft.captions
    assert (captions.before, captions.after) == ("a blue barn", "a blue barn")
    assert f.draft.instruction() is None


def test_weights_and_locks_are_settings_of_the_methods_that_have_them(f: DraftFixture) -> None:
    f.draft.set_after(AFTER)
    f.draft.set_weight("night", 1.4)
    f.draft.set_weight("red", 3.0)
    f.draft.set_weight("house", 1.0)
    f.draft.toggle_lock("house")
    assert dict(f.draft.settings((METHOD,))) == {"word_weights": (("night", 1.4), ("red", 2.0))}
    assert dict(f.draft.settings(("pix2pix_zero",))) == {"locked_words": "house"}
    assert f.draft.settings(()) == f.draft.settings(("adjust",)) == ()
    f.draft.toggle_lock("house")
    assert f.draft.settings(("pix2pix_zero",)) == ()
    f.draft.set_after("a red house")
    assert dict(f.draft.settings((METHOD,))) == {"word_weights": (("red", 2.0),)}


def test_they_come_back_with_the_results_and_the_idea(f: DraftFixture) -> None:
    f.say("make it night")
    f.draft.set_after(AFTER)
    f.draft.set_weight("night", 1.4)
    own = f.draft.instruction()
    assert own is not None
    f.session.edit.run(
        "make it night", methods=(METHOD,), instruction=own, settings=f.draft.settings((METHOD,))
    )
    job: EditJob = f.engine.job
    assert job.instructions == (own,)
    found = {**repainting("make it night"), "methods": (METHOD,)}
    f.engine.understand(Preparation(own, methods=found["methods"]))
    f.engine.edit()
    f.draft.reset()
    assert f.draft.captions.after == AFTER
    assert f.draft.captions.weights == {"night": 1.4}
    f.keep()
    f.say("")
    assert (f.draft.captions.before, f.draft.captions.after) == (CAPTION, AFTER)
    assert f.draft.captions.weights == {"night": 1.4}


def test_the_same_words_again_keep_the_captions(f: DraftFixture) -> None:
    own = Instruction("make it night", CAPTION, AFTER)
    f.session.edit.run("make it night", methods=(METHOD,), instruction=own)
    f.engine.understand(Preparation(own, methods=(METHOD,)))
    f.engine.edit()
    f.session.edit.run_again()
    assert f.engine.job.instructions == (own,)
