from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from PySide6.QtCore import QObject, Signal

from app.session.changes import Changes
from app.session.current_results import CurrentResults
from app.session.document_binding import DocumentBinding
from app.session.live_preview import LivePreview
from app.session.results import Results
from app.session.suggestion_feed import SuggestionFeed
from app.session.view_state import ViewState
from editor.model.edit import Instruction
from editor.model.patch import SettingValues, settings_of
from inference.request.jobs import Prepared
from inference.request.registry import METHODS

WEIGHTS: Final = "word_weights"
LOCKED: Final = "locked_words"
MOST_WEIGHT: Final = 2.0


def bare(word: str) -> str:
    """A word without the marks around it, in small letters: weights and locks go by it."""
    return word.strip(".,;:!?\"'()").casefold()


@dataclass(frozen=True)
class EditCaptions:
    """What the picture shows before and after an edit, and what is set for their words.

    Attributes:
        before, after: captions; "" where nobody has said.
        weights: of words of the caption after that do not weigh 1.
        locked: words that every rewritten caption keeps.
    """

    before: str = ""
    after: str = ""
    weights: dict[str, float] = field(default_factory=dict)
    locked: frozenset[str] = frozenset()

    @property
    def differ(self) -> bool:
        """True if they say an edit."""
        return bool(self.before and self.after) and self.before.split() != self.after.split()

    @property
    def words(self) -> tuple[str, ...]:
        """The words of both that can be locked or weighed."""
        return tuple(bare(word) for word in f"{self.before} {self.after}".split())


class CaptionDraft(QObject):
    """The captions of the next edit, as far as the artist has a hand in them.

    They follow what the words in the box were read as, or the result that is looked at, until the
    artist changes them; then they go with the edit as they are, until the words or the picture are
    others.

    Signals:
        changed(): other captions, weights or locks.
        words_followed(): the words in the box are others.
    """

    changed = Signal()
    words_followed = Signal()

    def __init__(
        self,
        live: LivePreview,
        binding: DocumentBinding,
        results: CurrentResults,
        view: ViewState,
        feed: SuggestionFeed,
        text: Callable[[], str],
        parent: QObject | None = None,
    ) -> None:
        """`text()`: the words in the box."""
        super().__init__(parent)
        self._binding, self._results, self._view = binding, results, view
        self._feed, self._text = feed, text
        self._understood = "", Instruction("")  # digest of the picture, and its words as read
        self._own_words = ""  # the words that the captions were changed under
        self._picture = ""
        self.captions = EditCaptions()
        self.is_edited = False
        live.understood.connect(self._on_understood)
        feed.seen.connect(self.refresh)

    # --- what goes with an edit -----------------------------------------------------------------

    def instruction(self) -> Instruction | None:
        """The words in the box with the captions as changed by hand; None where they are not."""
        if not self.is_edited or not self.captions.differ:
            return None
        return Instruction(self._words(), self.captions.before, self.captions.after)

    def known(self) -> Instruction:
        """The words in the box with the captions that are known; those that are not stay empty."""
        captions = self.captions
        after = captions.after if captions.differ else ""
        return Instruction(self._words(), captions.before, after)

    def settings(self, methods: Sequence[str]) -> SettingValues:
        """Weights and locks, as settings that one of the chosen methods has."""
        captions = self.captions
        present = set(captions.words)
        weights = tuple((w, x) for w, x in sorted(captions.weights.items()) if w in present)
        locked = " ".join(word for word in sorted(captions.locked) if word in present)
        found = {WEIGHTS: weights, LOCKED: locked}
        known = [name for name in found if any(METHODS[m].has(name) for m in methods)]
        return settings_of({name: found[name] for name in known if found[name]})

    # --- changing -------------------------------------------------------------------------------

    def set_before(self, caption: str) -> None:
        """The artist says what the picture shows; suggestions follow from it too."""
        caption = " ".join(caption.split())
        if caption and caption != self.captions.before:
            followed = not self.captions.differ
            after = caption if followed else self.captions.after
            self._edit(replace(self.captions, before=caption, after=after), edited=not followed)
            self._feed.correct(caption)

    def set_after(self, caption: str) -> None:
        """The artist says what the picture is to show."""
        caption = " ".join(caption.split())
        if caption and caption != self.captions.after:
            self._edit(replace(self.captions, after=caption), edited=True)

    def set_weight(self, word: str, weight: float) -> None:
        """How much a word of the caption after counts, 0 to 2."""
        weights = {**self.captions.weights, bare(word): round(min(max(weight, 0), MOST_WEIGHT), 2)}
        weights = {one: value for one, value in weights.items() if value != 1.0}
        self._edit(replace(self.captions, weights=weights))

    def toggle_lock(self, word: str) -> None:
        """Whether a word has to stay in every rewritten caption."""
        self._edit(replace(self.captions, locked=self.captions.locked ^ {bare(word)}))

    def reset(self) -> None:
        """As read from the words again."""
        self._show(self._known(EditCaptions()))

    def _edit(self, captions: EditCaptions, *, edited: bool | None = None) -> None:
        self.captions = captions
        if edited is not None:
            self.is_edited, self._own_words = edited, self._words()
        self.changed.emit()

    # --- following ------------------------------------------------------------------------------

    def follow_words(self) -> None:
        """The words in the box are others: captions changed under other words are left."""
        if self.is_edited and self._words() != self._own_words:
            self._show(self._known(self.captions))
        else:
            self.refresh()
        self.words_followed.emit()

    def expect_words(self, text: str) -> None:
        """The words in the box are about to be written from these captions and belong to them."""
        self._own_words = " ".join(text.split())

    def refresh(self) -> None:
        """Take what is known now, unless the artist has changed the captions."""
        image = self._binding.image
        if image is not None and image.pixel_digest != self._picture:
            self._picture = image.pixel_digest
            self._show(self._known(EditCaptions()))
        elif not self.is_edited:
            self._show(self._known(self.captions))

    def _show(self, captions: EditCaptions) -> None:
        """Captions that the artist has not changed."""
        if captions != self.captions or self.is_edited:
            self.captions, self.is_edited = captions, False
            self.changed.emit()

    def _known(self, now: EditCaptions) -> EditCaptions:
        """What is known of the words and the picture; weights and locks as `now`."""
        results, text = self._results.value, self._words()
        own = self._of_results(results) if results is not None else None
        if own is not None and results is not None and text in ("", results.instruction.text):
            return own
        picture, read = self._understood
        if picture == self._picture and read.text == text and read.target_prompt:
            return replace(now, before=read.source_prompt, after=read.target_prompt)
        caption = self._feed.caption()
        return replace(now, before=caption, after=caption)

    def _of_results(self, results: Results) -> EditCaptions | None:
        """Those of the result looked at, else of the first; None where they were made without."""
        if self._results.are_elsewhere(self._binding.node) or not results.slots:
            return None
        keys = [slot.key for slot in results.ordered]
        key = self._view.looked_at if self._view.looked_at in keys else keys[0]
        request = results.slot(key).request
        if not request.instruction.target_prompt:
            return None
        settings = dict(request.settings)
        return EditCaptions(
            request.instruction.source_prompt,
            request.instruction.target_prompt,
            dict(settings.get(WEIGHTS) or ()),
            frozenset((settings.get(LOCKED) or "").split()),
        )

    def _words(self) -> str:
        return " ".join(self._text().split())

    def _on_understood(self, found: Prepared) -> None:
        image = self._binding.image
        if image is not None:
            self._understood = image.pixel_digest, found.instruction
            self.refresh()

    def on_changed(self, changes: Changes) -> None:
        """Follow what changed in the session."""
        if changes & (Changes.RESULTS | Changes.LOOK | Changes.HEAD | Changes.PIXELS):
            self.refresh()
