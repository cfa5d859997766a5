from __future__ import annotations

from typing import Final

from app.i18n.texts import tr
from app.session.changes import Changes, StatusMessage
from app.session.current_results import CurrentResults
from app.session.document_binding import DocumentBinding
from app.session.edit_driver import EditDriver
from app.session.messages import Messages
from app.session.new_edit import NewEdit
from app.session.results import Results
from app.session.retry import RETRY, Retry, name_of, none_passed, retries
from app.session.view_state import ViewState
from editor.errors import ExpectedError
from inference.methods.adjust import INFO as ADJUST

_MOVES: Final = Changes.HEAD | Changes.RESULTS | Changes.SELECTION | Changes.DOCUMENT


class RetryOffers:
    """Where nothing reached the artist's bar: bolder, gentler, or by another method."""

    def __init__(
        self,
        driver: EditDriver,
        edit: NewEdit,
        binding: DocumentBinding,
        results: CurrentResults,
        view: ViewState,
        messages: Messages,
    ) -> None:
        self._driver, self._edit, self._binding = driver, edit, binding
        self._results, self._view, self._messages = results, view, messages
        self._able_of: tuple[str, tuple[str, ...]] = ("", ())  # job, methods for its words
        self._offered: StatusMessage | None = None
        driver.ranked.connect(self._on_ranked)

    @property
    def offers(self) -> tuple[Retry, ...]:
        """What is worth trying: only for what was just run, here and in this selection."""
        results = self._results.value
        if results is None or not self._is_here:
            return ()
        return retries(results, self._able(results))

    def run(self, kind: str, *, count: int = 4) -> None:
        """Run the same words again in one of those ways."""
        found = next((one for one in self.offers if one.kind == kind), None)
        results = self._results.value
        if found is None or results is None:
            return
        instruction = results.instruction
        self._edit.run(
            instruction.text,
            methods=found.methods,
            count=count,
            seed=self._driver.seed + count,
            instruction=instruction if instruction.target_prompt else None,
            settings=found.settings,
            able=self._able(results),  # a chosen method does not narrow them
        )

    def on_changed(self, changes: Changes) -> None:
        """Take the offer back when it no longer holds: kept, walked on, another bar."""
        if self._offered is None or not changes & _MOVES:
            return
        if self._messages.current is self._offered and not self._is_here:
            self._offered = None
            self._messages.say(None)

    def _on_ranked(self) -> None:
        offers = self.offers
        if not none_passed(self._results.value):
            return
        here = self._is_here
        text = tr("None reached your bar.")
        if here:
            text = tr("None reached your bar. The best attempt is shown.")
        if self._messages.current is not None:  # that there is no model for such pictures
            self._messages.announce(text)
        else:
            name = name_of(offers[0].kind) if offers else ""
            self._messages.notice(text, name, RETRY + offers[0].kind if offers else "")
            self._offered = self._messages.current if here else None

    @property
    def _is_here(self) -> bool:
        """Whether results of which none passed are those that were run here last."""
        results, node = self._results.value, self._binding.node
        if results is None or results.job != self._driver.run.id or not none_passed(results):
            return False
        if node is None or results.parent != node.id:
            return False
        now, then = (
            s.digest if s is not None else "" for s in (self._view.selection, results.selection)
        )
        return now == then

    def _able(self, results: Results) -> tuple[str, ...]:
        """Methods for these words: those `prepare` named, and tone and colour if it reads them."""
        if self._able_of[0] != results.job:
            from editor.tone import read

            able = self._driver.options.able
            if ADJUST.name not in able:
                inside = results.selection is not None
                try:
                    read(results.instruction.text, has_selection=inside, count=1)
                    able = (*able, ADJUST.name)
                except ExpectedError:
                    pass  # not words of tone and colour
            self._able_of = results.job, able
        return self._able_of[1]
