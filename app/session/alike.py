from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QObject

from app.i18n.messages import text_of
from app.i18n.texts import tr
from app.session.changes import Changes, MessageKind, Notify, StatusMessage
from app.session.current_results import CurrentResults
from app.session.edit_driver import EditDriver
from app.session.messages import Messages
from app.session.results import Results, ResultsStage
from app.session.view_state import ViewState
from editor.messages import Message
from inference.request.registry import METHODS

REPEATS: Final = "reason.almost_same"
"""Code of the reason that names the better result which one repeats (`editor.ranking.rank`)."""
LONGEST: Final = 140
"""Characters of a notice."""


def stacks(results: Results | None) -> dict[str, tuple[str, ...]]:
    """Keys of the results that repeat a better one, in their order, by the key of that one.

    Only where all are measured: results that are still made stand each by itself.
    """
    found: dict[str, tuple[str, ...]] = {}
    if results is None or results.stage is not ResultsStage.RANKED:
        return found
    places = results.ranking.places
    for place in places:
        better = next((dict(one.values)["rank"] for one in place.clauses if one.code == REPEATS), 0)
        if isinstance(better, int) and 0 < better < place.rank:
            first = places[better - 1].key
            found[first] = (*found.get(first, ()), place.key)
    return found


class AlikeResults(QObject):
    """Results that are almost the same are one with variants: a stack, until it is fanned out."""

    def __init__(
        self,
        driver: EditDriver,
        results: CurrentResults,
        view: ViewState,
        messages: Messages,
        notify: Notify,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._results, self._view = results, view
        self._messages, self._notify = messages, notify
        self._fanned: set[str] = set()
        driver.ranked.connect(self._on_ranked)

    def count(self, key: str) -> int:
        """How many results a stack holds, the first of which has this key; 0 for no stack."""
        variants = stacks(self._results.value).get(key, ())
        return len(variants) + 1 if variants else 0

    def is_fanned(self, key: str) -> bool:
        """Whether all results of a stack are shown."""
        return key in self._fanned

    @property
    def hidden(self) -> frozenset[str]:
        """Keys of results that lie in a stack, behind another one; what is looked at never does."""
        view = self._view
        seen = {view.looked_at, view.compared, view.paint_key}
        found = stacks(self._results.value).items()
        return frozenset(
            key for first, keys in found if first not in self._fanned for key in keys
        ) - {key for key in seen if key is not None}

    def fan(self, key: str) -> None:
        """Show all results of a stack; again, and they are one."""
        self._fanned ^= {key}
        self._notify(Changes.RESULTS)

    def show_all(self) -> None:
        """Show the results of every stack."""
        self._fanned |= set(stacks(self._results.value))
        self._messages.say(None)
        self._notify(Changes.RESULTS)

    def _on_ranked(self) -> None:
        self._fanned.clear()
        results = self._results.value
        if results is not None and self._messages.current is None:
            notice = alike_notice(results)
            if notice is not None:
                self._messages.say(notice)


def alike_notice(results: Results) -> StatusMessage | None:
    """What to say after a run of which results are nearly the same; None for nothing.

    Of one instruction only where all of them are: that some are is seen from their stack.
    """
    largest = max(stacks(results).items(), key=lambda one: len(one[1]), default=None)
    if largest is None:
        return None
    keys = (largest[0], *largest[1])
    if results.explored:
        return _of_suggestions([results.slot(key).request.instruction.text for key in keys])
    if len(keys) < len(results.slots):
        return None
    text, button = tr("Both came out nearly the same."), tr("Show both")
    if len(keys) > 2:
        number = _number(len(keys))
        text = tr("All {0} came out nearly the same.").format(number)
        button = tr("Show all {0}").format(number)
    info = METHODS.get(results.slot(keys[0]).request.method)
    if info is not None and not info.parametric:
        text = f"{text} {tr('Other seeds would too.')}"
    return StatusMessage(
        MessageKind.NOTICE, text, tr("Try another method"), "method_menu",
        second_button=button, second_action="show_alike", until=Changes.HEAD,
    )  # fmt: skip


def _of_suggestions(words: Sequence[str]) -> StatusMessage:
    number = _number(len(words))
    text = tr("{0} suggestions came out nearly the same.").format(number.capitalize())
    listed = tr("{0} and {1}").format(", ".join(words[:-1]), words[-1])
    names = tr("{0} are shown as one.").format(listed[:1].upper() + listed[1:])
    if len(text) + 1 + len(names) > LONGEST:
        names = tr("They are shown as one.")
    button = tr("Show both") if len(words) == 2 else tr("Show all {0}").format(number)
    return StatusMessage(
        MessageKind.NOTICE, f"{text} {names}", tr("Suggest others"), "suggest_others",
        second_button=button, second_action="show_alike", until=Changes.HEAD,
    )  # fmt: skip


def _number(count: int) -> str:
    """A number from two on in words where there is one, else in figures."""
    if count == 2:
        return tr("two")
    return text_of(Message(f"number.{count}")) if count <= 12 else str(count)
