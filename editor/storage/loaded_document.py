from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from editor.messages import Message
from editor.model.edit import Suggestion
from editor.model.history import History
from editor.storage import values
from editor.storage.stored_jobs import StoredJob


@dataclass
class LoadedDocument:
    """A document's contents and what is wrong with them."""

    history: History = field(default_factory=History)
    jobs: dict[str, StoredJob] = field(default_factory=dict)
    draft: str = ""
    dismissed: frozenset[str] = frozenset()
    given_notices: frozenset[str] = frozenset()
    captions: dict[str, str] = field(default_factory=dict)
    pinned: dict[str, Suggestion] = field(default_factory=dict)
    total: int = 0
    damaged: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def damage(self) -> Message | None:
        """What of it cannot be shown; None where all of it can."""
        if self.damaged:
            return Message("document.ideas_damaged", damaged=len(self.damaged), total=self.total)
        if self.problems:
            return Message("document.results_damaged")
        return None

    def apply_event(self, kind: str, value: Any) -> None:
        """Apply an event of what a document holds beside its history; may raise `values.DAMAGE`."""
        if kind == "draft":
            self.draft = str(value)
        elif kind == "dismiss":
            self.dismissed |= {str(value)}
        elif kind == "told":
            self.given_notices |= {str(value)}
        elif kind == "caption":
            self.captions[str(value["picture"])] = str(value["text"])
        elif kind == "pin":
            found = values.parse_suggestion(value)
            self.pinned.pop(found.text, None)
            if value["on"]:
                self.pinned[found.text] = found
