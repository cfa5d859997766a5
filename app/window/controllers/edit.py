from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.i18n.texts import tr
from app.panels.pages.caption_page import CaptionPage
from app.panels.pages.method_page import MethodPage
from app.panels.pages.pad_section import PadSection
from app.session.changes import Changes
from app.session.guidance_pad import GuidancePad
from app.session.session import Session
from app.session.words_of_edit import WordsOfEdit
from app.widgets.basics.setting_rows import PicturesRow
from app.window.shell import Shell
from editor.messages import Message
from inference.request.method_options import MethodOptions


class EditController:
    """What is done with words and results: choose, keep, paint in, set aside.

    Args:
        session: what is edited.
        shell: the window.
        keep_new_picture: what Keep does where a new picture has no document yet.
        words: captions and methods of the next edit.
    """

    def __init__(
        self,
        session: Session,
        shell: Shell,
        keep_new_picture: Callable[[], None],
        words: WordsOfEdit,
    ) -> None:
        self._session = session
        self._words = words
        self._shell = shell
        self._keep_new_picture = keep_new_picture

    def say_and_run(self, words: str) -> None:
        """Crop and the like are instructions too: they are ranked, kept and undone like others."""
        self._shell.set_prompt(words)
        self._shell.run_prompt()

    def choose(self, number: int) -> None:
        """1 to 9: an answer while a question is open, else the result with that rank."""
        if self._session.clarification.question is not None:
            if not self._session.clarification.choose(number - 1):
                self._shell.focus_prompt()
        else:
            self._session.view.look_at_number(number)

    def keep(self) -> None:
        """Enter: keep what is looked at, the last dabs of the brush included."""
        if self._session.clarification.question is not None:
            self._session.clarification.answer(0)
            return
        if self._session.current_results.are_new_pictures:
            self._keep_new_picture()
            return
        self._shell.finish_stroke()
        self._session.keep()

    def repaint_anyway(self) -> None:
        """The last words by a model that does not know such pictures."""
        session, job = self._session, self._session.driver.run.job
        method = session.model_choices.repainting
        if job is not None and method:
            words = job.instructions[0].text
            self._shell.set_prompt(words)
            session.edit.run(words, methods=(method,), count=job.count)

    def paint_in(self) -> None:
        """Paint parts of a second result into the one looked at; again takes it out."""
        session = self._session
        results = session.results
        if results is None or session.view.looked_at is None:
            session.messages.notice(
                tr("Look at a result first, then paint another one into it."), until=Changes.LOOK
            )
            return
        if session.view.paint_key is not None:
            session.view.stop_painting()
            return
        others = [s.key for s in results.ordered if s.candidate and s.key != session.view.looked_at]
        if not others:
            session.messages.notice(
                tr("There is no second result to paint in."), until=Changes.RESULTS
            )
            return
        compared = session.view.compared
        session.view.start_painting(compared if compared in others else others[0])

    def show_method_settings(self, method: str) -> None:
        """The form of a method; with Auto that of the first method that has one."""
        settings = self._session.method_settings
        page = MethodPage(settings, method, self._make_pad, self._memory_of)
        page.run_asked.connect(self._shell.run_prompt)
        page.picture_asked.connect(self._add_picture)
        self._shell.show_page("method", tr("Settings of the method"), page)

    def _memory_of(self, method: str, options: MethodOptions) -> Message | None:
        facts = self._session.engine_facts
        device = facts.device_info if facts is not None else None
        return self._session.model_choices.memory_needs.sentence(method, options, device)

    def _add_picture(self, row: PicturesRow) -> None:
        patterns = "*.png *.jpg *.jpeg *.webp *.tif *.tiff *.bmp *.gif *.avif *.psd *.kra *.ora"
        kinds = f"{tr('Pictures')} ({patterns});;{tr('All files')} (*)"
        file = self._shell.ask_open_file(tr("Reference picture"), str(Path.home()), kinds)
        if file is not None:
            row.add(file)

    def _make_pad(self, method: str, parent: QWidget) -> PadSection:
        session, image = self._session, self._session.image
        aspect = image.width / image.height if image is not None else 1.0
        pad = GuidancePad(
            session.driver, session.engine, session.binding, session.current_results, session.view,
            session.model_choices, session.method_settings, self._words.captions.known,
        )  # fmt: skip
        session.changed.connect(pad.on_changed)
        self._words.captions.words_followed.connect(pad.follow_words)
        return PadSection(pad, session.method_settings, method, aspect, parent)

    def show_captions(self, *, write: bool = False) -> None:
        """What the picture shows before and after.

        `write` opens the caption before to be written, where nothing but that is known.
        """
        draft = self._words.captions
        page = CaptionPage(self._session, draft, self._words.chosen)
        page.word_pointed.connect(self._words.attention.point)
        self._shell.show_page("caption", tr("Caption"), page)
        if write and not draft.captions.differ:
            page.edit_before()

    def set_aside(self) -> None:
        """Dim the result looked at; again brings it back."""
        if self._session.view.looked_at is not None:
            self._session.view.set_aside(self._session.view.looked_at)
