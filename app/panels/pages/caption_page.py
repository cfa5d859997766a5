from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from app.i18n.messages import text_of
from app.i18n.texts import tr
from app.panels.caption_words import SIDES, Side, caption_of, with_word, word_tokens
from app.panels.pages.page import Page
from app.panels.reconstruction_badge import ReconstructionBadge
from app.panels.trade_off import TradeOffPanel
from app.session.caption_draft import LOCKED, WEIGHTS, CaptionDraft
from app.session.chosen_methods import ChosenMethods
from app.session.session import Session
from app.theme.theme import SEMIBOLD, look
from app.widgets.basics.buttons import LinkButton, ToolButton
from app.widgets.basics.labels import QuietLabel, Sentence
from app.widgets.prompt.word_card import WordCard
from app.widgets.prompt.word_tokens import WordTokens
from inference.methods.prompt_to_prompt import INFO as BY_CAPTION
from inference.request.registry import METHODS

_WEIGHT_STEP = 0.1


class CaptionPage(QScrollArea):
    """What the picture shows before and after the edit, word by word.

    Signals:
        word_pointed(str, int): a caption, and the place of its word that the pointer is on; −1 for
            none.
    """

    word_pointed = Signal(str, int)

    def __init__(self, session: Session, draft: CaptionDraft, chosen: ChosenMethods) -> None:
        super().__init__()
        self.setObjectName("caption-page")
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._draft, self._chosen = draft, chosen
        self._side: Side = "after"
        body = self.body = Page()
        self._unused = Sentence("", body, size=12, token="text2")
        self._take = LinkButton(tr("Take “{0}”").format(text_of(BY_CAPTION.title)), body, size=12)
        self._take.setObjectName("caption-method")
        self._take.clicked.connect(lambda: chosen.choose(BY_CAPTION.name))
        self.card = WordCard(body)
        self.card.hide()
        self.sections: dict[Side, CaptionSection] = {}
        for side, name in zip(SIDES, (tr("Before"), tr("After")), strict=True):
            section = self.sections[side] = CaptionSection(side, name, body)
            section.written.connect(draft.set_before if side == "before" else draft.set_after)
            section.tokens.chosen.connect(lambda _, s=side: self._choose(s))
            section.tokens.pointed.connect(lambda index, s=side: self._point(s, index))
            section.tokens.weight_asked.connect(self._weigh)
            section.tokens.lock_asked.connect(self._lock)
            section.tokens.remove_asked.connect(self._remove)
            section.tokens.replace_asked.connect(self.card.edit)
        self.card.weighted.connect(lambda weight: self._on_word(draft.set_weight, weight))
        self.card.lock_asked.connect(self._lock)
        self.card.remove_asked.connect(self._remove)
        self.card.replaced.connect(self._replace)
        body.rows.addWidget(self.sections["before"])
        body.rows.addWidget(ReconstructionBadge(session, body))
        body.rows.addWidget(self.sections["after"])
        body.rows.addWidget(self.card)
        body.rows.addWidget(self._unused)
        body.rows.addWidget(self._take)
        self.reset = LinkButton(tr("Reset"), body)
        self.reset.setObjectName("caption-reset")
        self.reset.clicked.connect(draft.reset)
        body.rows.addWidget(self.reset, 0, Qt.AlignmentFlag.AlignLeft)
        body.rows.addWidget(TradeOffPanel(session, body))
        body.rows.addStretch(1)
        self.setWidget(body)
        draft.changed.connect(self.refresh)
        chosen.changed.connect(self.refresh)
        self.setFocusProxy(self.sections["after"].tokens)
        self.refresh()

    def edit_before(self) -> None:
        """Open the caption of the picture to be written."""
        self.sections["before"].edit()

    def refresh(self) -> None:
        """Show the captions as they are now."""
        captions = self._draft.captions
        for side, section in self.sections.items():
            section.show_caption(caption_of(captions, side))
            section.tokens.set_tokens(word_tokens(captions, side))
        self.sections["after"].setVisible(bool(captions.before))
        self._show_card()
        self._say_use()

    def _say_use(self) -> None:
        """Whether the chosen methods go by captions."""
        users = [name for name in self._chosen.names if METHODS[name].captions]
        needed = not users and self._draft.captions.differ
        name = text_of(METHODS[self._chosen.first].title) if self._chosen.names else tr("Auto")
        self._unused.set_text(tr("{0} goes by the words in the box, not by these.").format(name))
        self._unused.setVisible(needed)
        self._take.setVisible(needed)
        self.reset.setVisible(self._draft.is_edited or bool(self._draft.captions.weights))

    def _show_card(self) -> None:
        tokens = self.sections[self._side].tokens
        index = tokens.current
        if not 0 <= index < len(tokens.tokens):
            self.card.hide()
            return
        token = tokens.tokens[index]
        after = self._side == "after"
        self.card.show_word(
            token.text,
            token.weight,
            locked=token.locked,
            can_lock=self._can(LOCKED),
            can_weigh=after and self._can(WEIGHTS),
        )
        self.card.show()

    def _can(self, setting: str) -> bool:
        """Whether one of the chosen methods has a setting."""
        return any(METHODS[name].has(setting) for name in self._chosen.names)

    # --- words ------------------------------------------------------------------------------

    def _choose(self, side: Side) -> None:
        self._side = side
        self.sections["after" if side == "before" else "before"].tokens.set_current(-1)
        self._point(side, self.sections[side].tokens.current)
        self._show_card()

    def _point(self, side: Side, index: int) -> None:
        self.word_pointed.emit(caption_of(self._draft.captions, side), index)

    def hideEvent(self, event: QHideEvent) -> None:
        """The page goes, and with it the word pointed at."""
        super().hideEvent(event)
        self.word_pointed.emit("", -1)

    def _on_word(self, act: Callable[..., None], *values: float) -> None:
        tokens = self.sections[self._side].tokens
        if 0 <= tokens.current < len(tokens.tokens):
            act(tokens.tokens[tokens.current].text, *values)

    def _weigh(self, step: int) -> None:
        tokens = self.sections["after"].tokens
        if self._side == "after" and tokens.current >= 0 and self._can(WEIGHTS):
            token = tokens.tokens[tokens.current]
            self._draft.set_weight(token.text, token.weight + step * _WEIGHT_STEP)

    def _lock(self) -> None:
        if self._can(LOCKED):
            self._on_word(self._draft.toggle_lock)

    def _remove(self) -> None:
        self._replace("")

    def _replace(self, word: str) -> None:
        """Write other words in the place of the chosen one."""
        side, tokens = self._side, self.sections[self._side].tokens
        caption = with_word(caption_of(self._draft.captions, side), tokens.current, word)
        tokens.setFocus(Qt.FocusReason.OtherFocusReason)
        self.sections[side].written.emit(caption)


class CaptionSection(QWidget):
    """One caption: its heading, its words, and a field in which it can be written as a whole.

    Signals:
        written(str): the caption as it is to be.
    """

    written = Signal(str)

    def __init__(self, side: Side, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._caption = ""
        head = self.head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(QuietLabel(name, self, size=13, weight=SEMIBOLD, token="text"))
        head.addStretch(1)
        self.pencil = ToolButton("pencil", tr("Write it"), "", self, size=28, icon_size=14)
        self.pencil.setObjectName(f"caption-{side}-edit")
        self.pencil.clicked.connect(self.edit)
        head.addWidget(self.pencil)
        self.empty = Sentence(tr("Not sure what this shows. Write it with the pencil."), self)
        self.tokens = WordTokens(name, self)
        self.tokens.setObjectName(f"caption-{side}-words")
        self.field = QPlainTextEdit(self)
        self.field.setObjectName(f"caption-{side}")
        self.field.setAccessibleName(name)
        self.field.setTabChangesFocus(True)
        self.field.setProperty("boxed", True)
        self.field.setFixedHeight(look().px(74))
        self.field.installEventFilter(self)
        self.field.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.empty)
        column.addWidget(self.tokens)
        column.addWidget(self.field)

    def show_caption(self, caption: str) -> None:
        """Show a caption as words."""
        self._caption = caption
        writing = not self.field.isHidden()
        self.empty.setVisible(not caption and not writing)
        self.tokens.setVisible(bool(caption) and not writing)

    def edit(self) -> None:
        """Write the caption as a whole; Enter takes it, Esc leaves it."""
        self.field.setPlainText(self._caption)
        self.field.show()
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.show_caption(self._caption)

    def _finish(self, *, take: bool) -> None:
        if not self.field.isVisible():
            return
        text = self.field.toPlainText()
        self.field.hide()
        self.show_caption(self._caption)
        if take and text.strip():
            self.written.emit(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and leaving the field take what is written; Esc does not, and closes no page."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._finish(take=True)
                self.tokens.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self._finish(take=False)
                return True
        menu = Qt.FocusReason.PopupFocusReason  # its own, with Paste: the field stays
        if isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() != menu:
            self._finish(take=True)
        return super().eventFilter(watched, event)
