from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from app.session.changes import Changes, MessageKind, StatusMessage
from app.session.messages import Messages
from editor.errors import DamagedDocument, DiskFull, ExpectedError, ModelMissing
from editor.messages import Message
from tests.waiting import wait_for


def made() -> tuple[Messages, list[Changes], list[str]]:
    changes: list[Changes] = []
    messages = Messages(changes.append)
    heard: list[str] = []
    messages.announced.connect(heard.append)
    return messages, changes, heard


def test_one_message_replaces_the_other(qapp: QApplication) -> None:
    messages, changes, heard = made()
    messages.notice("first")
    messages.notice("second", "Open", "open")
    assert messages.current == StatusMessage(MessageKind.NOTICE, "second", "Open", "open")
    messages.say(None)
    assert messages.current is None
    assert changes == [Changes.MESSAGE] * 3
    assert heard == []


def test_a_message_with_seconds_goes_by_itself(qapp: QApplication) -> None:
    messages, changes, _ = made()
    messages.say(StatusMessage(MessageKind.NOTICE, "for a moment", seconds=0.01))
    wait_for(lambda: messages.current is None)
    assert changes == [Changes.MESSAGE] * 2


def test_the_time_of_a_message_does_not_take_the_next_one_away(qapp: QApplication) -> None:
    messages, _, _ = made()
    messages.say(StatusMessage(MessageKind.NOTICE, "for a moment", seconds=0.01))
    messages.notice("stays")
    assert not messages._timer.isActive()
    messages.say(StatusMessage(MessageKind.NOTICE, "for a moment", seconds=0.01))
    messages.discard()
    assert not messages._timer.isActive()


def test_discarding_says_nothing(qapp: QApplication) -> None:
    messages, changes, _ = made()
    messages.notice("stays")
    messages.discard_progress()
    assert messages.current is not None
    messages.say(StatusMessage(MessageKind.PROGRESS, "Step 1 of 2"))
    messages.discard_progress()
    assert messages.current is None
    messages.notice("goes")
    messages.discard()
    assert messages.current is None
    assert changes == [Changes.MESSAGE] * 3


@pytest.mark.parametrize(
    ("error", "action"),
    [
        (DamagedDocument("It broke.", "Try again"), "open_rest"),
        (DiskFull("It broke.", "Try again"), "save_elsewhere"),
        (ModelMissing("It broke.", "Try again"), "show_models"),
    ],
)
def test_an_expected_error_is_its_sentence(
    qapp: QApplication, error: ExpectedError, action: str
) -> None:
    messages, _, _ = made()
    messages.fail(error)
    lasting = isinstance(error, DamagedDocument | DiskFull)
    assert messages.current == StatusMessage(
        MessageKind.ERROR, "It broke.", "Try again", action, lasting=lasting
    )


def test_a_missing_model_opens_the_models_at_what_is_needed(qapp: QApplication) -> None:
    messages, _, _ = made()
    messages.fail(ModelMissing(Message("model.none", role=Message("role.clip"))))
    assert messages.current is not None
    assert messages.current.action == "show_models:clip"


def test_a_bug_can_be_copied(qapp: QApplication) -> None:
    messages, _, _ = made()
    try:
        raise ZeroDivisionError("seven by zero")
    except ZeroDivisionError as error:
        messages.fail(error)
    assert messages.current is not None
    assert messages.current.action == "copy_details"
    assert "seven by zero" in messages.current.details
    assert "seven by zero" not in messages.current.text


def test_what_no_button_does_is_a_sentence(qapp: QApplication) -> None:
    messages, _, _ = made()
    messages.fail(ExpectedError("It broke.", "Mend it."))
    assert messages.current == StatusMessage(MessageKind.ERROR, "It broke. Mend it.")


def test_an_error_of_opening_names_the_file_and_offers_another(qapp: QApplication) -> None:
    messages, _, _ = made()
    messages.fail(ExpectedError("It is damaged.", "Copy it again."), "tower.png")
    text = "“tower.png”: It is damaged. Copy it again."
    assert messages.current == StatusMessage(MessageKind.ERROR, text, "Open another", "open")
    messages.fail(ExpectedError("“tower.png” is a folder."), "tower.png")
    assert messages.current.text == "“tower.png” is a folder."
    messages.fail(DamagedDocument("It is damaged.", "Open the rest"), "tower.pentimento")
    assert messages.current.text == "“tower.pentimento”: It is damaged."
    assert messages.current.action == "open_rest"


def test_what_was_said_goes_with_its_cause(qapp: QApplication) -> None:
    messages, _, _ = made()
    messages.notice("The selection is empty.", until=Changes.SELECTION)
    messages.on_changed(Changes.LOOK | Changes.MESSAGE)
    assert messages.current is not None
    messages.on_changed(Changes.SELECTION | Changes.LOOK)
    assert messages.current is None
