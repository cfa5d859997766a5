from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from app import opening, paths
from app.changes import Changes, Message, MessageKind
from app.opening import OpenedDocument
from app.panels import pages
from app.panels.prompt import kept_words
from app.panels.wording import tr
from app.session import Session
from app.theme import look
from app.thumbnails import to_qimage
from editor.image import Image
from editor.look import render_look
from editor.rect import Rect
from editor.selection import Selection

if TYPE_CHECKING:
    from app.window import Window
    from editor.formats import SaveOptions


def program_version() -> str:
    """The installed version."""
    try:
        return version("pentimento")
    except PackageNotFoundError:
        return "0"


def models_line() -> str:
    """Models in the status line."""
    return tr("No models; tone and colour ready") if not paths.models() else tr("Starter models")


def depth_line(image: Image) -> str:
    """Depth and profile of a picture, in an artist's words."""
    from app.pixels import profile_name

    grey = tr("grey, ") if image.channels < 3 else ""
    return f"{grey}{image.depth}-bit, {profile_name(image.meta.icc) or 'sRGB'}"


class Commands:
    """What each action does. Opening and saving run on worker threads."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.session: Session = window.session
        self._last_selection: Selection | None = None
        self._last_path: Path | None = None
        self._opening = 0
        self._connect()

    def _connect(self) -> None:
        w, s = self.window, self.session
        stage, prompt = w.stage, w.prompt
        do: dict[str, Callable[..., Any]] = {
            "open": self.open,
            "open_sample": lambda: self.open_sample(0),
            "new_empty": self.close_document,
            "name_document": self.name_document,
            "save_copy": self.save_copy,
            "export": self.export,
            "close_document": self.close_document,
            "quit": w.close,
            "undo": s.undo,
            "redo": s.redo,
            "copy": self.copy,
            "paste": self.paste,
            "prompt": prompt.focus_prompt,
            "run": prompt.run,
            "again": prompt.again,
            "more_like": prompt.again,
            "prompt_earlier": lambda: prompt.recall(-1),
            "prompt_later": lambda: prompt.recall(1),
            "select_all": self.select_all,
            "select_none": self.select_none,
            "select_again": self.select_again,
            "select_invert": self.select_invert,
            "select_feather": self.feather,
            "select_edges": stage.show_edges,
            "select_overlay": stage.show_overlay,
            "straighten": lambda: prompt.fill("straighten by 1 degree"),
            "crop_square": lambda: self.say_and_run("crop to square"),
            "crop_3_2": lambda: self.say_and_run("crop to 3:2"),
            "crop_16_9": lambda: self.say_and_run("crop to 16:9"),
            "fade": w.options.fade.slider.setFocus,
            "paint_in": self.paint_in,
            "keep": self.keep,
            "set_aside": self.set_aside,
            "save_result": self.save_result,
            "copy_seed": self.copy_seed,
            "copy_request": self.copy_request,
            "history_parent": s.undo,
            "history_child": s.redo,
            "history_sister_up": lambda: self.sister(-1),
            "history_sister_down": lambda: self.sister(1),
            "star": lambda: self._at_head(s.star),
            "rename": lambda: self._at_head(self.rename),
            "note": lambda: self._at_head(self.note),
            "history_search": w.search_ideas,
            "view_picture": lambda: stage.set_view("picture"),
            "view_wipe": lambda: stage.set_view("wipe"),
            "view_side": lambda: stage.set_view("side"),
            "view_all": lambda: stage.set_view("all"),
            "view_changes": lambda: stage.set_view("changes"),
            "view_map": lambda: stage.set_view("map"),
            "swap_sides": stage.swap_sides,
            "why": w.why,
            "show_methods": self.show_methods,
            "zoom_in": lambda: stage.zoom_by(2**0.5),
            "zoom_out": lambda: stage.zoom_by(2**-0.5),
            "zoom_fit": stage.fit,
            "zoom_100": lambda: stage.zoom_to(1),
            "zoom_200": lambda: stage.zoom_to(2),
            "zoom_400": lambda: stage.zoom_to(4),
            "zoom_800": lambda: stage.zoom_to(8),
            "only_picture": w.show_only_picture,
            "side_column": w.show_side,
            "full_screen": w.show_full_screen,
            "find_command": w.open_palette,
            "show_keys": lambda: w.side.open_page("keys", tr("Keys"), pages.KeysPage()),
            "show_words": self.show_words,
            "show_models": self.show_models,
            "open_home": lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(paths.home()))),
            "about": lambda: w.side.open_page(
                "about", tr("About"), pages.AboutPage(program_version())
            ),
            "brush_smaller": lambda: stage.change_brush(size=1 / 1.25),
            "brush_larger": lambda: stage.change_brush(size=1.25),
            "brush_softer": lambda: stage.change_brush(hardness=-0.1),
            "brush_harder": lambda: stage.change_brush(hardness=0.1),
            "next_region": lambda: w.step_region(1),
            "previous_region": lambda: w.step_region(-1),
            "escape": w.escape,
            "look_0": lambda: s.look_at_number(0),
        }
        for name in ("pan", "zoom", "rectangle", "ellipse", "lasso", "brush", "eraser"):
            do[f"tool_{name}"] = lambda *_, n=name: stage.set_tool(n)
        for theme in ("system", "dark", "light", "high-contrast"):
            do[f"theme_{theme}"] = lambda *_, n=theme: self.set_theme(n)
        for number in range(1, 10):
            do[f"look_{number}"] = lambda *_, n=number: s.look_at_number(n)
        self.table = do
        for name, action in w.actions_by_id.items():
            function = do[name]
            if action.isCheckable() and not action.actionGroup():
                action.toggled.connect(function)
            else:
                action.triggered.connect(lambda _=False, f=function: f())

    def trigger(self, name: str) -> None:
        """Do what a message's button asks for."""
        if name == "copy_details":
            message = self.session.message
            QGuiApplication.clipboard().setText(message.details if message else "")
            self.session.notice(tr("Copied."))
        elif name == "open_rest" and self._last_path is not None:
            self.open_path(self._last_path, rest=True)
        elif name == "retry_writing" and self.session.document is not None:
            self.session.document.retry()
        elif name == "save_elsewhere":
            self.move_elsewhere()
        elif name == "starter_seen":
            self.window.settings.set("starter_card_seen", True)
            self.window.empty.set_card(None)
        elif name in self.window.actions_by_id:
            self.window.actions_by_id[name].trigger()

    # --- opening ------------------------------------------------------------------------------

    def open(self) -> None:
        """The system's file chooser."""
        patterns = "*.png *.jpg *.jpeg *.webp *.tif *.tiff *.bmp *.gif *.avif *.psd *.kra *.ora"
        name, _ = QFileDialog.getOpenFileName(
            self.window,
            tr("Open"),
            self._folder(),
            tr("Pictures and documents")
            + f" ({patterns} *.pentimento);;"
            + tr("All files")
            + " (*)",
        )
        if name:
            self.open_path(Path(name))

    def open_path(self, path: Path, *, rest: bool = False) -> None:
        """Open a picture or document; `rest` opens what is whole of a damaged one."""
        document = self.session.document
        if document is not None and path.absolute() == document.path and not rest:
            self.session.notice(tr("This document is open already."))
            return
        self._last_path = path
        self._in_background(lambda: opening.open_file(path, paths.state(), rest=rest), path)

    def open_sample(self, number: int) -> None:
        """One of the pictures that come with the program."""
        found = opening.samples()
        if found:
            sample = found[number % len(found)]
            self.open_path(sample.file)

    def _in_background(self, make: Callable[[], OpenedDocument], path: Path | None) -> None:
        self._opening += 1
        number = self._opening

        def after_closing(ticket: Any) -> OpenedDocument:
            self.session.wait_closed()
            return make()

        def done(opened: OpenedDocument) -> None:
            if number == self._opening:
                self.opened(opened, path)
            else:  # the artist asked for another one meanwhile
                self.session.work.run(
                    lambda ticket: opened.document.close(), lambda _: None, self.session.fail, 0
                )

        self.session.work.run(after_closing, done, self.session.fail, 0)

    def opened(self, done: OpenedDocument, path: Path | None = None) -> None:
        """A document is ready: show it."""
        self.session.set_document(done.document)
        self.window.prompt.set_earlier(kept_words(self.session))
        self.window.prompt.box.set_text(done.document.draft)
        if done.document.damaged:
            total = len(done.document.history.nodes) + len(done.document.damaged)
            self.session.notice(
                tr("Part of this file is damaged: {0} of {1} ideas cannot be shown, the rest can.")
                .format(len(done.document.damaged), total)
            )  # fmt: skip
        elif done.document.read_only:
            self.session.notice(
                tr("This document is open in another window. It is read only here.")
            )
        elif done.notes:
            self.session.notice(" ".join(done.notes))
        if path is not None and not path.is_relative_to(paths.home()):
            recent = [str(path), *(r for r in self.window.settings["recent"] if r != str(path))]
            self.window.settings.set("recent", recent[:6])
        self.window.settings.set("last_document", str(done.document.path))

    def close_document(self) -> None:
        """Close; everything is on disk."""
        self.session.set_document(None)
        self.window.settings.set("last_document", "")

    def drop(self, data: QMimeData) -> None:
        """Open what was dropped on the window."""
        for url in data.urls():
            if url.isLocalFile():
                self.open_path(Path(url.toLocalFile()))
                return
        if data.hasImage():
            self._open_qimage(QImage(data.imageData()), tr("Dropped picture"))

    def paste(self) -> None:
        """Open the picture in the clipboard; in a text field Qt pastes text before this."""
        data = QGuiApplication.clipboard().mimeData()
        if data.hasImage():
            self._open_qimage(QGuiApplication.clipboard().image(), tr("Pasted picture"))
        elif data.hasUrls():
            self.drop(data)
        else:
            self.session.notice(tr("There is no picture to paste."))

    def _open_qimage(self, image: QImage, label: str) -> None:
        from app.pixels import from_qimage

        pasted = from_qimage(image)  # here: QImages stay on this thread
        self._in_background(lambda: opening.open_pixels(pasted, label, paths.state()), None)

    def _folder(self) -> str:
        recent = self.window.settings["recent"]
        return str(Path(recent[0]).parent) if recent else str(Path.home())

    # --- saving -------------------------------------------------------------------------------

    def name_document(self) -> None:
        """Ctrl+S: give an untitled document a name; later: everything is saved already."""
        document = self.session.document
        if document is None:
            return
        if not document.is_untitled:
            self.session.say(
                Message(MessageKind.NOTICE, tr("Everything is saved already."), seconds=4)
            )
            return
        name = self._ask_where(tr("Name the document"), document.title, ".pentimento")
        if name is not None:
            self._when_written(document.name_file(name), tr("Saved as {0}.").format(name.name))

    def move_elsewhere(self) -> None:
        """After a full disk: the document itself goes on at another place."""
        document = self.session.document
        if document is None:
            return
        name = self._ask_where(tr("Choose another place"), document.title, ".pentimento")
        if name is not None:
            self._when_written(document.name_file(name), tr("Saved as {0}.").format(name.name))

    def save_copy(self) -> None:
        """Write the whole document, with every idea, to another place."""
        document = self.session.document
        if document is None:
            return
        name = self._ask_where(tr("Save a copy"), f"{document.title} copy", ".pentimento")
        if name is not None:
            self._when_written(document.save_copy(name), tr("Copy saved: {0}.").format(name.name))

    def _ask_where(self, title: str, stem: str, suffix: str) -> Path | None:
        start = str(Path(self._folder()) / f"{Path(stem).stem}{suffix}")
        name, _ = QFileDialog.getSaveFileName(self.window, title, start, f"*{suffix}")
        if not name:
            return None
        path = Path(name)
        return path if path.suffix else path.with_suffix(suffix)

    def _when_written(self, future: Any, text: str) -> None:
        def done(_: None) -> None:
            self.session.say(Message(MessageKind.NOTICE, text, seconds=5))
            self.session.changed.emit(Changes.DOCUMENT)

        self.session.work.run(lambda ticket: future.result(), done, self.session.fail)

    def export(self) -> None:
        """Write the picture that is looked at."""
        image = self.session.image
        if image is None:
            return
        from editor.formats import WRITTEN

        own = "tiff" if image.depth == 16 else "png"
        self.window.side.open_page(
            "export",
            tr("Export"),
            pages.ExportPage(tuple(WRITTEN), own, self._export),
        )

    def _export(self, name: str, quality: int, strip: bool) -> None:
        from editor.formats import SaveOptions

        suffix = {"jpeg": ".jpg", "tiff": ".tif"}.get(name, f".{name}")
        document = self.session.document
        title = document.title if document is not None else "picture"
        where = self._ask_where(tr("Export the picture"), title, suffix)
        if where is None:
            return
        self.window.side.close_page()
        self.write_picture(where, name, SaveOptions(quality=quality, strip_metadata=strip))

    def save_result(self) -> None:
        """Save the result looked at without keeping it."""
        from editor.formats import SaveOptions

        if self.session.look is None:
            return
        where = self._ask_where(tr("Save a copy of the result"), "result", ".png")
        if where is not None:
            self.write_picture(where, None, SaveOptions())

    def write_picture(self, where: Path, name: str | None, options: SaveOptions) -> None:
        """Render what is looked at at full size, and write it, off the UI thread."""
        from editor.formats import save_image, save_source

        self.window.stage.commit_paint()
        session = self.session
        current, shown, results, document = (
            session.image, session.look, session.results, session.document,
        )  # fmt: skip
        node = session.node
        if current is None or document is None or node is None:
            return
        source = current
        selection = results.selection if results is not None else None
        if shown is not None and results is not None:
            parent = document.history.nodes[results.parent].picture
            source = parent.image if parent is not None else current

        def work(ticket: Any) -> tuple[str, ...]:
            if shown is None:
                opened = document.source(node.id)
                plain = not options.strip_metadata and opened is not None
                if plain and opened is not None and opened.data and name == opened.format:
                    save_source(opened, where)  # an unchanged JPEG is not compressed again
                    return ()
                return save_image(source, where, format=name, options=options)
            made = render_look(source, shown, selection, cancelled=ticket.cancelled)
            return save_image(made, where, format=name, options=options)

        def done(notes: tuple[str, ...]) -> None:
            text = tr("Written: {0}.").format(where.name)
            session.say(Message(MessageKind.NOTICE, " ".join((text, *notes)), seconds=6))

        session.work.run(work, done, session.fail, 2)

    def copy(self) -> None:
        """Copy what is looked at (or its selected part) to the clipboard."""
        from app.pixels import to_display

        self.window.stage.commit_paint()
        session = self.session
        image, shown, results, document = (
            session.image, session.look, session.results, session.document,
        )  # fmt: skip
        if image is None or document is None:
            return
        selection = session.selection
        source = image
        if shown is not None and results is not None:
            parent = document.history.nodes[results.parent].picture
            source = parent.image if parent is not None else image

        def make(ticket: Any) -> Any:
            made = source
            if shown is not None and results is not None:
                made = render_look(source, shown, results.selection, cancelled=ticket.cancelled)
            part = selection.bounds if selection is not None else made.bounds
            part = part.intersect(made.bounds)
            return to_display(made, made.bounds if part.is_empty else part)

        session.work.run(
            make,
            lambda pixels: QGuiApplication.clipboard().setImage(to_qimage(pixels)),
            session.fail,
        )

    def copy_seed(self) -> None:
        """The seed of the result looked at."""
        look_ = self.session.look
        if look_ is not None:
            QGuiApplication.clipboard().setText(str(look_.first.request.seed))

    def copy_request(self) -> None:
        """The recipe of the result looked at, as JSON."""
        look_ = self.session.look
        if look_ is not None:
            text = json.dumps(look_.first.request.to_json(), indent=2, ensure_ascii=False)
            QGuiApplication.clipboard().setText(text)
            self.session.say(Message(MessageKind.NOTICE, tr("Recipe copied."), seconds=4))

    # --- selecting ------------------------------------------------------------------------------

    def select_all(self) -> None:
        """Everything."""
        image = self.session.image
        if image is None:
            return
        width, height = image.width, image.height

        def done(made: Selection) -> None:
            if self.session.image is image:
                self._select(made)

        self.session.work.run(
            lambda ticket: Selection.from_rect(Rect(0, 0, width, height), width, height),
            done,
            self.session.fail,
            0,
        )

    def select_none(self) -> None:
        """Nothing: edits act everywhere."""
        self._last_selection = self.session.selection or self._last_selection
        self._select(None)

    def select_again(self) -> None:
        """The selection that was there before."""
        image, last = self.session.image, self._last_selection
        if image is None or last is None:
            return
        if (last.width, last.height) == (image.width, image.height):
            self._select(last)

    def select_invert(self) -> None:
        """Selected becomes unselected and the reverse."""
        selection = self.session.selection

        def only_if_same(made: Selection) -> None:
            if self.session.selection is selection:
                self._select(made)

        if selection is not None:
            self.session.work.run(
                lambda ticket: selection.inverted(), only_if_same, self.session.fail, 0
            )

    def feather(self) -> None:
        """The page with the width of the soft edge."""
        selection = self.session.selection
        if selection is None:
            self.session.notice(tr("Select something first."), tr("Select"), "tool_lasso")
            return

        def soften(radius: float) -> None:
            self.window.side.close_page()
            self.session.work.run(
                lambda ticket: selection.feathered(radius),
                lambda made: self._select(made) if self.session.selection is selection else None,
                self.session.fail,
                0,
            )

        longest = max(selection.width, selection.height)
        page = pages.FeatherPage(longest, soften)
        self.window.side.open_page("feather", tr("Feather inwards"), page)

    def _select(self, selection: Selection | None) -> None:
        self.session.set_selection(selection)

    # --- results, history -------------------------------------------------------------------------

    def keep(self) -> None:
        """Enter: keep what is looked at, the last dabs of the brush included."""
        self.window.stage.commit_paint()
        self.session.keep()

    def say_and_run(self, words: str) -> None:
        """Crop and the like are instructions too: they are ranked, kept and undone like others."""
        self.window.prompt.box.set_text(words)
        self.window.prompt.run()

    def paint_in(self) -> None:
        """Paint parts of a second result into the one looked at."""
        session = self.session
        results = session.results
        if results is None or session.looked_at is None:
            session.notice(tr("Look at a result first, then paint another one into it."))
            return
        if session.paint_key is not None:
            self.window.stage.stop_painting()
            return
        others = [s.key for s in results.ordered if s.candidate and s.key != session.looked_at]
        if not others:
            session.notice(tr("There is no second result to paint in."))
            return
        key = session.compared if session.compared in others else others[0]
        assert key is not None
        session.start_painting(key)

    def set_aside(self) -> None:
        """Dim the result looked at; again brings it back."""
        if self.session.looked_at is not None:
            self.session.set_aside(self.session.looked_at)

    def _at_head(self, function: Callable[[str], None]) -> None:
        if self.session.node is not None:
            function(self.session.node.id)

    def sister(self, step: int) -> None:
        """To the branch beside this one."""
        document, node = self.session.document, self.session.node
        if document is None or node is None:
            return
        history = document.history
        row = history.children(node.parent) if node.parent is not None else history.roots()
        place = row.index(node.id) + step
        if 0 <= place < len(row):
            self.session.go(row[place])

    def rename(self, node_id: str) -> None:
        """The page with the name of an idea."""
        document = self.session.document
        if document is None:
            return

        def done(text: str) -> None:
            self.session.rename(node_id, text.strip())
            self.window.side.close_page()

        page = pages.TextPage(
            tr("A name of your own for this idea."),
            document.history.label(node_id),
            done,
            lines=False,
        )
        self.window.side.open_page("rename", tr("Name this idea"), page)

    def note(self, node_id: str) -> None:
        """The page with the note of an idea."""
        document = self.session.document
        if document is None:
            return

        def done(text: str) -> None:
            document.note(node_id, text.strip())
            self.session.changed.emit(Changes.HISTORY)
            self.window.side.close_page()

        page = pages.TextPage(
            tr("What you want to remember about this idea."),
            document.history.notes.get(node_id, ""),
            done,
            lines=True,
        )
        self.window.side.open_page("note", tr("Note"), page)

    # --- help -----------------------------------------------------------------------------------

    def show_methods(self, on: bool) -> None:
        """Method and settings on every card, remembered."""
        self.window.settings.set("show_methods", on)
        self.window.results.show_methods(on)

    def set_theme(self, name: str) -> None:
        """Dark, light, high contrast, or as the system."""
        self.window.settings.set("theme", name)
        look().set_choice(name)  # type: ignore[arg-type]  # one of the literals
        self.window.actions_by_id[f"theme_{name}"].setChecked(True)

    def show_words(self) -> None:
        """What the words can do."""
        from editor.words import known_words

        page = pages.WordsPage(tuple(known_words().items()))
        self.window.side.open_page("words", tr("Words it understands"), page)

    def show_models(self) -> None:
        """The Models page; folders are read off the UI thread."""
        from inference.models import ModelStore

        folder = str(paths.home() / "models")

        def find(ticket: Any) -> tuple[tuple[str, str], ...]:
            store = ModelStore(paths.models())
            return tuple((m.id, f"{m.role}, {m.bytes / 1e6:.0f} MB") for m in store.found)

        def show(found: tuple[tuple[str, str], ...]) -> None:
            page: QWidget = pages.ModelsPage(found, folder)
            self.window.side.open_page("models", tr("Models"), page)

        self.session.work.run(find, show, self.session.fail)
