from __future__ import annotations

from dataclasses import dataclass, field

from app.session.current_results import CurrentResults, results_of_head
from app.session.document_binding import DocumentBinding
from app.session.edit_options import EditOptions
from app.session.results import Results
from app.session.view_state import Looking, ViewState
from inference.workflow.edit_run import EditRun


@dataclass(frozen=True)
class EditWithResults:
    """The newest edit that brought results: what "Again" goes on from.

    Attributes:
        run: see `EditRun`.
        options: what was asked for besides its words.
        seed: of its first result.
    """

    run: EditRun = field(default_factory=EditRun)
    options: EditOptions = field(default_factory=EditOptions)
    seed: int = 0


class BeforeEdit:
    """What was to be seen when an edit began; it comes back where nothing comes of the edit."""

    def __init__(self, binding: DocumentBinding, results: CurrentResults, view: ViewState) -> None:
        self._binding, self._results, self._view = binding, results, view
        self._head = ""
        self._shown: Results | None = None
        self._looking = Looking()

    def remember(self) -> None:
        """An edit begins here and now."""
        self._head, self._shown, self._looking = (
            self.head, self._results.value, self._view.looking,
        )  # fmt: skip

    def forget(self) -> None:
        """The edit has results of its own."""
        self._head, self._shown, self._looking = "", None, Looking()

    def restore(self) -> None:
        """Put the results of then into the list, and the one on the canvas that was there.

        Where the artist has gone to another idea meanwhile, the list shows the results of that.
        """
        if self._head != self.head:
            self._results.value = results_of_head(self._binding.document)
        else:
            self._results.value = self._shown
            if self._view.live is None:
                self._view.look_again(self._looking)
        self.forget()

    @property
    def head(self) -> str:
        """Id of the current idea, "" without a document."""
        node = self._binding.node
        return node.id if node is not None else ""
