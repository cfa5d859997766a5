from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.canvas.thumbnails import Thumbnails, to_qimage
from app.i18n.texts import tr
from app.panels.chat_wording import loses_text, prompt_spans, rewrite_bars
from app.panels.gate_slider import GateSlider
from app.runtime.ui_scheduler import UiScheduler
from app.session.changes import Changes
from app.session.chat import Chat
from app.session.chat_turn import ChatTurn
from app.session.model_need import REPAINT, show_models
from app.session.session import Session
from app.theme.theme import MEDIUM, ROW_PADDING, SEMIBOLD, look
from app.widgets.basics.buttons import LinkButton
from app.widgets.basics.labels import Sentence
from app.widgets.basics.vertical_scroll import VerticalScroll
from app.widgets.cards.result_list import ResultFoot
from app.widgets.cards.rewrite_card import RewriteCard, RewriteData
from editor.render.result_blend import ResultBlend
from inference.request.rewrite_job import RewrittenPrompt


class ChatPanel(QWidget):
    """The conversation with the current idea: what was said, and the rewrites of the newest turn.

    Signals:
        action_asked(str): id of the action behind a button.
        words_asked(str): put these words into the prompt box.
        captions_asked(str, str): edit these captions before and after.
        menu_asked(str, QPoint): menu of a result at a global point.
    """

    action_asked = Signal(str)
    words_asked = Signal(str)
    captions_asked = Signal(str, str)
    menu_asked = Signal(str, QPoint)

    def __init__(
        self,
        session: Session,
        chat: Chat,
        thumbnails: Thumbnails,
        scheduler: UiScheduler,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self.chat = session, chat
        self._thumbnails, self._scheduler = thumbnails, scheduler
        self._shown: tuple[RewrittenPrompt, ...] = ()
        self._turns_shown = 0
        self._lines: list[QWidget] = []
        self.setObjectName("chat-panel")
        body = QWidget(self)
        self._rows = QVBoxLayout(body)
        self._rows.setContentsMargins(ROW_PADDING, 10, ROW_PADDING, 10)
        self._rows.setSpacing(6)
        self.empty = Sentence("", body)
        self._thread = QVBoxLayout()
        self._thread.setSpacing(4)
        self.gate = GateSlider(body)
        self.cards: list[RewriteCard] = []
        self._cards = QVBoxLayout()
        self._cards.setSpacing(4)
        self.loses = Sentence("", body, size=12, weight=MEDIUM)
        self.note = Sentence("", body)
        self.help = LinkButton("", body)
        self.help.setObjectName("chat-help")
        self.others = LinkButton(tr("Other rewrites"), body, size=12, token="text2")
        self.others.setObjectName("chat-others")
        self._rows.addWidget(self.empty)
        self._rows.addLayout(self._thread)
        self._rows.addWidget(self.gate)
        self._rows.addLayout(self._cards)
        for widget in (self.note, self.help, self.others):
            self._rows.addWidget(widget)
        self._rows.addStretch(1)
        self.foot = ResultFoot(self)
        self.foot.keep.setObjectName("chat-keep")
        self.foot.recipe.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._scroll = VerticalScroll(body, self)
        column.addWidget(self._scroll, 1)
        column.addWidget(self.foot)
        self.gate.changed.connect(chat.set_threshold)
        self.others.clicked.connect(chat.others)
        self.help.clicked.connect(self._ask_help)
        self.foot.menu_asked.connect(self._open_menu_of_shown)
        chat.changed.connect(self._refresh_later)
        chat.failed.connect(self._announce_problem)
        session.changed.connect(self._on_changed)
        thumbnails.ready.connect(self._refresh_later)
        self.refresh()

    def _refresh_later(self) -> None:
        # A method, not a lambda: Qt takes its connections away with the panel.
        self._scheduler.later(self.refresh)

    def _on_changed(self, changes: Changes) -> None:
        self.chat.on_changed(changes)
        if changes & (Changes.LOOK | Changes.JOB | Changes.DOCUMENT | Changes.HEAD):
            self._scheduler.later(self.refresh)

    # --- showing --------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the conversation as it is now."""
        turn = self.chat.turn
        options = turn.ordered(self.chat.threshold) if turn is not None else ()
        self.empty.setVisible(turn is None)
        self.empty.set_text(self._invitation())
        self._show_thread()
        self.gate.setVisible(bool(options))
        self.gate.show_threshold(self.chat.threshold)
        self._show_cards(turn, options)
        self._say_note(turn)
        self.others.setVisible(bool(options) and not self._session.is_busy)
        results, view = self._session.results, self._session.view
        ours = turn is not None and results is not None and results.job == turn.job
        self.foot.setVisible(ours and view.look is not None)
        self.foot.set_ready(not self._session.is_busy, why=tr("Wait for the end or cancel"))

    def _invitation(self) -> str:
        if self._session.document is None:
            return tr("Open a picture first. Then say in your own words what it should be like.")
        return tr(
            "Say in your own words what the picture should be like. Its description is rewritten, "
            "and what stays is marked."
        )

    def _show_thread(self) -> None:
        """What was said, with question and answer; the newest turn's texts while they stream."""
        for line in self._lines:
            self._thread.removeWidget(line)
            line.deleteLater()
        self._lines.clear()
        for turn in self.chat.turns:
            newest = turn is self.chat.turn
            self._add_line(tr("You"), turn.said, newest=newest)
            if turn.question:
                self._add_line(tr("Asked"), f"{turn.question} {turn.answer}".strip(), newest=newest)
            if newest and not turn.options:
                for text in turn.texts:
                    self._add_line("", text, newest=False)
        if len(self.chat.turns) != self._turns_shown:
            self._turns_shown = len(self.chat.turns)
            QTimer.singleShot(0, self, self._scroll_to_newest)

    def _scroll_to_newest(self) -> None:
        bar = self._scroll.verticalScrollBar()
        bar.setValue(min(bar.maximum(), max(0, self.gate.y() - look().px(100))))

    def _add_line(self, who: str, text: str, *, newest: bool) -> None:
        line = QWidget(self)
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        name = Sentence(who, line, token="text3")
        name.setFixedWidth(look().px(44))
        row.addWidget(name)
        words = Sentence(text, line, weight=SEMIBOLD if newest else MEDIUM)
        words.set_token("text" if newest else "text2")
        row.addWidget(words, 1)
        line.setAccessibleName(f"{who}: {text}" if who else text)
        self._thread.addWidget(line)
        self._lines.append(line)

    def _show_cards(self, turn: ChatTurn | None, options: tuple[RewrittenPrompt, ...]) -> None:
        """One card for each prompt, best first, and a line above those below the gate."""
        while len(self.cards) < len(options):
            card = RewriteCard(self)
            number = len(self.cards)
            card.clicked.connect(partial(self._choose, number))
            card.stepped.connect(partial(self._step, number))
            card.menu_asked.connect(partial(self._open_menu, number))
            self.cards.append(card)
        while self._cards.count():
            self._cards.takeAt(0)
        self._shown = options
        failing = tuple(one for one in options if not one.integrity.passes(self.chat.threshold))
        self.loses.setVisible(bool(failing))
        self.loses.set_text(loses_text(failing))
        for number, card in enumerate(self.cards):
            card.setVisible(number < len(options))
            if turn is None or number >= len(options):
                continue
            if failing and options[number] is failing[0]:
                self._cards.addWidget(self.loses)
            self._cards.addWidget(card)
            self._fill(card, number, turn, options[number])

    def _fill(
        self, card: RewriteCard, number: int, turn: ChatTurn, option: RewrittenPrompt
    ) -> None:
        slot = turn.drawn.get(option.prompt)
        data = RewriteData(
            number + 1,
            prompt_spans(turn.caption, option.prompt),
            rewrite_bars(turn, option, self.chat.threshold),
            below=not option.integrity.passes(self.chat.threshold),
            pictured=not turn.words_only,
            thumbnail=self._thumbnail(turn, option),
        )
        looked_at = self._session.view.looked_at
        card.show_rewrite(data, chosen=slot is not None and slot.key == looked_at)

    def _thumbnail(self, turn: ChatTurn, option: RewrittenPrompt) -> QImage | None:
        slot, document = turn.drawn.get(option.prompt), self._session.document
        if slot is None or document is None:
            return None
        node = document.history.nodes.get(turn.node)
        if slot.candidate is not None and node is not None and node.picture is not None:
            found = self._thumbnails.of_look(node.picture.image, ResultBlend(slot.candidate), None)
            if found is not None:
                return found
        return None if slot.preview is None else to_qimage(slot.preview)

    def _say_note(self, turn: ChatTurn | None) -> None:
        """What is missing, with the action that helps."""
        text = button = ""
        if turn is not None and turn.problem is not None:
            text, button = turn.problem.text, turn.problem.button
        elif turn is not None and turn.words_only and turn.options:
            text = tr("Words only: no model here can draw such pictures.")
            button = tr("Add a model")
        self.note.set_text(text)
        self.note.setVisible(bool(text))
        self.help.set_content(button)
        self.help.setVisible(bool(button))

    def _announce_problem(self) -> None:
        turn = self.chat.turn
        if turn is not None and turn.problem is not None:
            self._session.messages.announce(turn.problem.text)

    def _ask_help(self) -> None:
        turn = self.chat.turn
        if turn is not None:
            problem = turn.problem
            self.action_asked.emit(problem.action if problem is not None else show_models(REPAINT))

    # --- choosing -------------------------------------------------------------------------------

    def _choose(self, number: int, _checked: bool = False) -> None:
        """Show a prompt's picture on the canvas."""
        turn = self.chat.turn
        slot = turn.drawn.get(self._shown[number].prompt) if turn is not None else None
        if turn is None or slot is None or slot.candidate is None:
            return
        results = self._session.results
        if results is not None and results.job == turn.job:
            self._session.view.look_at(slot.key)
        else:
            self._session.look_at_result_of(turn.node, slot.key)

    def _step(self, number: int, step: int) -> None:
        """To the card before or after; what has the focus is looked at."""
        other = number + step
        if 0 <= other < len(self._shown):
            self.cards[other].setFocus()
            self._choose(other)

    def _open_menu(self, number: int, at: QPoint) -> None:
        turn, option = self.chat.turn, self._shown[number]
        if turn is None:
            return
        menu = QMenu(self)
        menu.setObjectName("rewrite-menu")
        menu.aboutToHide.connect(menu.deleteLater)
        words = menu.addAction(tr("Put the words in the box"))
        words.triggered.connect(lambda: self.words_asked.emit(turn.said))
        edit = menu.addAction(tr("Edit the words…"))
        edit.triggered.connect(lambda: self.captions_asked.emit(turn.caption, option.prompt))
        more = menu.addAction(tr("Other rewrites"))
        more.setEnabled(not self._session.is_busy)
        more.triggered.connect(self.chat.others)
        menu.popup(at)

    def _open_menu_of_shown(self, at: QPoint) -> None:
        if self._session.view.looked_at is not None:
            self.menu_asked.emit(self._session.view.looked_at, at)
