from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication

from app.i18n.texts import tr
from app.session.model_need import SHOW_MODELS
from app.session.retry import RETRY
from app.session.session import Session
from app.window.action_set import ActionSet


class MessageActions:
    """What the buttons of messages and cards do: an action of the table, or one of their own.

    Args:
        session: whose message it is.
        actions: the actions table.
        others: by id, what is no action of the table.
        retry: runs the same words in another way, given its kind (`app.session.retry`).
        show_models: opens the models, given what one of them is needed for.
    """

    def __init__(
        self,
        session: Session,
        actions: ActionSet,
        others: dict[str, Callable[[], None]],
        retry: Callable[[str], None],
        show_models: Callable[[str], None],
    ) -> None:
        self._session = session
        self._actions = actions
        self._others = {
            "copy_details": self._copy_details,
            "show_alike": session.alike.show_all,
            "suggest_others": session.suggestion_feed.others,
            **others,
        }
        self._retry, self._show_models = retry, show_models

    def trigger(self, action_id: str) -> None:
        """Do what a button asks for; an unknown id does nothing (a later version may have it)."""
        if action_id in self._others:
            self._others[action_id]()
        elif action_id.startswith(RETRY):
            self._retry(action_id.removeprefix(RETRY))
        elif action_id.startswith(SHOW_MODELS):
            self._show_models(action_id.removeprefix(SHOW_MODELS))
        elif action_id in self._actions:
            self._actions.trigger(action_id)

    def _copy_details(self) -> None:
        message = self._session.messages.current
        QGuiApplication.clipboard().setText(message.details if message else "")
        self._session.messages.notice(tr("Copied."))
