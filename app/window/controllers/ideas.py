from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from app.canvas.qt_images import to_display
from app.canvas.thumbnails import to_qimage
from app.i18n.texts import tr
from app.panels.board import BoardCell, board_pdf, board_pixels, write_board
from app.panels.pages.text_page import TextPage
from app.runtime import paths
from app.runtime.thread_pool import Ticket
from app.session import open_document as opening
from app.session.changes import MessageKind, StatusMessage
from app.session.concept_sheet import ConceptSheet
from app.session.open_document import OpenedDocument
from app.session.session import Session
from app.window.controllers.file import FileController
from app.window.regions import Regions
from app.window.shell import Shell
from app.window.side_column import IDEAS, RESULTS
from editor.errors import ExpectedError
from editor.messages import Message
from editor.model.image import Image
from editor.render.result_blend import ResultBlend, render_blend

STORIES: Final = (".txt", ".md")
MOST_BYTES: Final = 1 << 20


class UnreadableStory(ExpectedError):
    """The file is no text that can be read."""

    kind = "unreadable_story"


def make_ideas(
    session: Session, shell: Shell, file: FileController, regions: Regions
) -> IdeasController:
    """The controller of the tab Ideas, connected with its panel and its sheet."""
    column, panel = regions.column, regions.ideas

    def show() -> None:
        shell.show_workspace()
        column.show_tab(IDEAS)

    def leave(_document: object) -> None:
        if column.tab == IDEAS:
            column.show_tab(RESULTS)

    made = IdeasController(session, shell, panel.sheet, file.open_made, show, file.folder)
    panel.story_asked.connect(made.ask_story)
    panel.begin_asked.connect(made.begin)
    panel.words_asked.connect(made.edit_words)
    regions.sheet.export_asked.connect(made.export_board)
    file.opened.connect(leave)  # what was opened is to be seen
    return made


class IdeasController:
    """What is done with stories and the pictures about them: open, begin, export.

    Args:
        session: whose worker threads and messages are used.
        shell: choosers of files.
        sheet: the concepts and their pictures.
        open_made: opens a document that is made on a worker thread.
        show: brings the tab to the front.
        folder: where choosers begin.
    """

    def __init__(
        self,
        session: Session,
        shell: Shell,
        sheet: ConceptSheet,
        open_made: Callable[[Callable[[], OpenedDocument]], None],
        show: Callable[[], None],
        folder: Callable[[], str],
    ) -> None:
        self._session, self._shell, self._sheet = session, shell, sheet
        self._open_made, self._show, self._folder = open_made, show, folder

    def ask_story(self) -> None:
        """The system's file chooser, for a story."""
        kinds = f"{tr('Stories')} (*.txt *.md)"
        path = self._shell.ask_open_file(tr("Open a story"), self._folder(), kinds)
        if path is not None:
            self.open_story(path)

    def open_story(self, path: Path) -> None:
        """Find ideas in a text file, read on a worker thread."""

        def found(text: str) -> None:
            self._show()
            self._sheet.begin(text, path.name)

        self._session.work.run(partial(read_story, path), found, self._session.messages.fail, 0)

    def begin(self) -> None:
        """The chosen picture becomes an untitled document."""
        cell, paper = self._sheet.chosen_cell, self._sheet.paper
        if cell is None or cell.drawn is None or paper is None:
            return
        look, prompt = ResultBlend(cell.drawn), cell.prompt.prompt
        note = tr("New picture from words: {0}").format(prompt)

        def make() -> OpenedDocument:
            made = opening.open_pixels(render_blend(paper, look, None), prompt, paths.state())
            head = made.document.history.head
            if head is not None:
                made.document.note(head, note)
            return made

        self._open_made(make)

    def edit_words(self) -> None:
        """The page with the words that the chosen picture of a storyboard is drawn from."""
        cell = self._sheet.chosen_cell
        if cell is None:
            return

        def done(text: str) -> None:
            self._sheet.set_words(cell.frame.concept.text, text)
            self._shell.close_page()

        explanation = tr("What is drawn. Leave this empty to draw the words of the text.")
        page = TextPage(explanation, cell.prompt.prompt, done, lines=True)
        self._shell.show_page("story-words", tr("Words of picture {0}").format(cell.number), page)

    def export_board(self) -> None:
        """Write the pictures with their words as one sheet, PNG or PDF."""
        cells = [one for one in self._sheet.cells if one.drawn is not None]
        paper = self._sheet.paper
        if not cells or paper is None:
            return
        stem = Path(self._sheet.name).stem or tr("board")
        start = str(Path(self._folder()) / f"{stem}.png")
        path = self._shell.ask_save_file(tr("Export the board"), start, "*.png *.pdf")
        if path is None:
            return
        target = path if path.suffix.lower() in (".png", ".pdf") else path.with_suffix(".png")
        work, messages = self._session.work, self._session.messages
        looks = [ResultBlend(one.drawn) for one in cells if one.drawn is not None]

        def render(ticket: Ticket) -> list[Image]:
            return [render_blend(paper, one, None, cancelled=ticket.cancelled) for one in looks]

        def paint(pictures: list[Image]) -> None:
            board = [
                BoardCell(
                    to_qimage(to_display(picture, picture.bounds)),
                    cell.frame.sentence or cell.frame.concept.text,
                    cell.prompt.prompt,
                )
                for picture, cell in zip(pictures, cells, strict=True)
            ]
            made = board_pdf(board) if target.suffix.lower() == ".pdf" else board_pixels(board)
            work.run(lambda ticket: write_board(target, made), saved, messages.fail, 2)

        def saved(_: None) -> None:
            text = tr("Board saved: {0}.").format(target.name)
            messages.say(StatusMessage(MessageKind.NOTICE, text, seconds=5))

        work.run(render, paint, messages.fail, 2)


def is_story(path: Path) -> bool:
    """Whether a file is a story by its name."""
    return path.suffix.lower() in STORIES


def read_story(path: Path, ticket: Ticket) -> str:
    """The text of a story; for worker threads.

    Raises:
        UnreadableStory: it is too large, or no UTF-8 text.
    """
    del ticket
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UnreadableStory(Message("ideas.story_large", name=path.name))
        return path.read_text("utf-8-sig")
    except (OSError, ValueError) as error:
        raise UnreadableStory(Message("ideas.story_unread", name=path.name)) from error
