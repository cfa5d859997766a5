from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

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
    def sentence(self) -> str:
        """A sentence about the damage for the artist; empty if there is none."""
        if self.damaged:
            ideas = f"{len(self.damaged)} of {self.total} ideas"
            return f"Part of this file is damaged: {ideas} cannot be shown, the rest can."
        if self.problems:
            return "Part of this file is damaged: some results cannot be shown, every idea can."
        return ""

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
