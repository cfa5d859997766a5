from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget

from app.panels.pages.about_page import AboutPage
from app.panels.pages.keys_page import KeysPage
from app.panels.pages.models_page import ModelFacts, ModelsPage
from app.panels.pages.text_page import TextPage
from app.panels.pages.words_page import WordsPage
from app.panels.wording import tr
from app.runtime import paths
from app.session.changes import Changes
from app.session.retry import RETRY
from app.session.session import Session
from app.theme.theme import look
from app.window.controllers.clipboard import Clipboard
from app.window.controllers.file import Files
from app.window.controllers.selection import Selecting
from editor.model.image import Image

if TYPE_CHECKING:
    from app.window.main_window import Window


def program_version() -> str:
    """The installed version."""
    try:
        return version("pentimento")
    except PackageNotFoundError:
        return "0"


def models_line() -> str:
    """Models in the status line."""
    if not paths.models():
        return tr("No models; tone and colour ready")
    return tr("Your models") if paths.has_own_models() else tr("Starter models")


def depth_line(image: Image) -> str:
    """Depth and profile of a picture, in an artist's words."""
    from app.canvas.qt_images import profile_name

    grey = tr("grey, ") if image.channels < 3 else ""
    return f"{grey}{image.depth}-bit, {profile_name(image.meta.icc) or 'sRGB'}"


class Commands:
    """What each action does."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.session: Session = window.session
        self.files = Files(window)
        self.clipboard = Clipboard(window, self.files)
        self.selecting = Selecting(window)
        self._connect()

    def _connect(self) -> None:
        w, s = self.window, self.session
        stage, prompt = w.stage, w.prompt
        do: dict[str, Callable[..., Any]] = {
            "open": self.files.open,
            "open_sample": lambda: self.files.open_sample(0),
            "new_empty": self.files.close_document,
            "new_from_words": self.new_from_words,
            "name_document": self.files.name_document,
            "save_copy": self.files.save_copy,
            "export": self.files.export,
            "close_document": self.files.close_document,
            "quit": w.close,
            "undo": s.undo,
            "redo": s.redo,
            "copy": self.clipboard.copy,
            "paste": self.clipboard.paste,
            "prompt": prompt.focus_prompt,
            "run": prompt.run,
            "again": prompt.again,
            "explore": prompt.explore,
            "refine": prompt.refine,
            "live": prompt.row.live.setChecked,
            "more_like": prompt.again,
            "prompt_earlier": lambda: prompt.recall(-1),
            "prompt_later": lambda: prompt.recall(1),
            "select_all": self.selecting.select_all,
            "select_none": self.selecting.select_none,
            "select_again": self.selecting.select_again,
            "select_invert": self.selecting.select_invert,
            "select_feather": self.selecting.feather,
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
            "save_result": self.files.save_result,
            "copy_seed": self.clipboard.copy_seed,
            "copy_request": self.clipboard.copy_request,
            "history_parent": s.undo,
            "history_child": s.redo,
            "history_sister_up": lambda: self.sister(-1),
            "history_sister_down": lambda: self.sister(1),
            "star": lambda: self._at_head(s.binding.star),
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
            "show_keys": lambda: w.side.open_page("keys", tr("Keys"), KeysPage()),
            "show_words": self.show_words,
            "show_models": self.show_models,
            "open_home": lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(paths.home()))),
            "about": lambda: w.side.open_page("about", tr("About"), AboutPage(program_version())),
            "brush_smaller": lambda: stage.change_brush(size=1 / 1.25),
            "brush_larger": lambda: stage.change_brush(size=1.25),
            "brush_softer": lambda: stage.change_brush(hardness=-0.1),
            "brush_harder": lambda: stage.change_brush(hardness=0.1),
            "next_region": lambda: w.step_region(1),
            "previous_region": lambda: w.step_region(-1),
            "escape": w.escape,
            "look_0": lambda: s.view.look_at_number(0),
        }
        for name in ("pan", "zoom", "rectangle", "ellipse", "lasso", "brush", "eraser"):
            do[f"tool_{name}"] = lambda *_, n=name: stage.set_tool(n)
        for theme in ("system", "dark", "light", "high-contrast"):
            do[f"theme_{theme}"] = lambda *_, n=theme: self.set_theme(n)
        for number in range(1, 10):
            do[f"look_{number}"] = lambda *_, n=number: self.number(n)
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
            message = self.session.messages.current
            QGuiApplication.clipboard().setText(message.details if message else "")
            self.session.messages.notice(tr("Copied."))
        elif name == "open_rest":
            self.files.open_rest()
        elif name == "retry_writing":
            self.session.binding.retry_writing()
        elif name.startswith(RETRY):
            self.window.prompt.retry(name.removeprefix(RETRY))
        elif name == "save_elsewhere":
            self.files.move_elsewhere()
        elif name == "starter_seen":
            self.window.settings.set("starter_card_seen", True)
            self.window.empty.set_card(None)
        elif name in self.window.actions_by_id:
            self.window.actions_by_id[name].trigger()

    # --- results, history -------------------------------------------------------------------------

    def new_from_words(self) -> None:
        """An empty place, and the caret in the box: what is said there is drawn."""
        if self.session.document is not None:
            self.files.close_document()
        self.window.prompt.box.set_text("")
        self.window.prompt.focus_prompt()

    def number(self, number: int) -> None:
        """1 to 9: an answer while a question is open, else the result with that rank."""
        if self.session.clarification.question is not None:
            self.session.clarification.answer(number - 1)
        else:
            self.session.view.look_at_number(number)

    def keep(self) -> None:
        """Enter: keep what is looked at, the last dabs of the brush included."""
        if self.session.clarification.question is not None:
            self.session.clarification.answer(0)
            return
        if self.session.current_results.are_new_pictures:
            self.files.keep_new()
            return
        self.window.stage.painting.commit()
        self.session.keep()

    def say_and_run(self, words: str) -> None:
        """Crop and the like are instructions too: they are ranked, kept and undone like others."""
        self.window.prompt.box.set_text(words)
        self.window.prompt.run()

    def paint_in(self) -> None:
        """Paint parts of a second result into the one looked at."""
        session = self.session
        results = session.results
        if results is None or session.view.looked_at is None:
            session.messages.notice(tr("Look at a result first, then paint another one into it."))
            return
        if session.view.paint_key is not None:
            self.window.stage.stop_painting()
            return
        others = [s.key for s in results.ordered if s.candidate and s.key != session.view.looked_at]
        if not others:
            session.messages.notice(tr("There is no second result to paint in."))
            return
        key = session.view.compared if session.view.compared in others else others[0]
        assert key is not None
        session.view.start_painting(key)

    def set_aside(self) -> None:
        """Dim the result looked at; again brings it back."""
        if self.session.view.looked_at is not None:
            self.session.view.set_aside(self.session.view.looked_at)

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
            self.session.binding.rename(node_id, text.strip())
            self.window.side.close_page()

        page = TextPage(
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

        page = TextPage(
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
        from editor.tone import known_words

        page = WordsPage(tuple(known_words().items()))
        self.window.side.open_page("words", tr("Words it understands"), page)

    def show_models(self) -> None:
        """The Models page; folders are read off the UI thread."""
        from inference.models.store import ROLE_NAMES, ModelStore
        from inference.request.registry import METHODS

        folder = str(paths.home() / "models")

        def find(ticket: Any) -> ModelFacts:
            store = ModelStore(paths.models())
            return ModelFacts(
                tuple((m.id, f"{m.role}, {m.bytes / 1e6:.0f} MB") for m in store.found),
                {
                    info.name: tuple(ROLE_NAMES.get(role, role) for role in store.missing(info))
                    for info in METHODS.values()
                },
                tuple((r.folder.name, f"{r.reason} {r.fix}".strip()) for r in store.refused),
            )

        def show(found: ModelFacts) -> None:
            page: QWidget = ModelsPage(found, folder)
            self.window.side.open_page("models", tr("Models"), page)

        self.session.work.run(find, show, self.session.messages.fail)
