"""What a row says of a model that is here, or of a file that is not used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from app.i18n.file_sizes import file_size_text
from app.i18n.messages import text_of
from app.i18n.texts import N_, tr
from app.panels.settings.model_cards import elsewhere_button, failure_of, fetching_text
from app.panels.settings.model_wording import model_name, model_sentence
from app.session.model_downloads import RUNNING, DownloadStage, DownloadState
from app.session.model_library import LibraryFacts, LibraryModel, ModelPlace
from app.widgets.models.model_card import CardButton
from app.widgets.models.model_row import RowContent
from editor.errors import DiskFull
from inference.models.found_model import RefusedModel
from inference.models.model_folder import PACKED, PICKLES

UPSCALE: Final = "upscale"
"""Name of the method."""
UPSCALER: Final = "upscaler"
"""The role that it needs."""
HELPERS: Final = ("captioner", "chat")
"""Roles that editors lend, and for which they are chosen here."""


def row_content(
    model: LibraryModel,
    facts: LibraryFacts,
    state: DownloadState | None,
    chosen: Mapping[str, str] = MappingProxyType({}),
) -> RowContent:
    """The row of a model that is here.

    Args:
        model: the model.
        facts: of all models.
        state: of what is done with it now.
        chosen: names of the models that the artist chose, by role.
    """
    content = _row_content(model, facts, state)
    if model.role == UPSCALER:
        return _upscaler_row(model, facts, content, chosen.get(UPSCALER, ""))
    return _lending_row(model, content, chosen) if model.lends else content


def _lending_row(model: LibraryModel, content: RowContent, chosen: Mapping[str, str]) -> RowContent:
    """An editor whose language model can be taken to describe pictures or to suggest, too."""
    menu, text = list(content.menu), content.text
    for role in model.lends:
        words, too = (tr(one) for one in _LENT[role])
        if chosen.get(role) == model.id:
            text = f"{text} {too}"
            menu.insert(0, (f"back:{role}", tr("No longer: {0}").format(words)))
        else:
            menu.insert(0, (f"lend:{role}", words))
    return replace(content, text=text, menu=tuple(menu))


_LENT: Final = {
    "captioner": (N_("Describe pictures with it"), N_("Describes pictures too.")),
    "chat": (N_("Write suggestions with it"), N_("Writes suggestions too.")),
}
"""By role that a model lends: what is asked for, and what is said then."""


def _upscaler_row(
    model: LibraryModel, facts: LibraryFacts, content: RowContent, chosen: str
) -> RowContent:
    """Of several one can be chosen, else the factor that is asked for decides."""
    if content.buttons or sum(one.role == UPSCALER for one in facts.found) < 2:
        return content
    if chosen == model.id:
        back = ("by_factor", tr("Let the factor decide"))
        text = tr("{0} Used for Upscale.").format(content.text)
        return replace(content, text=text, menu=(back, *content.menu))
    words = tr("Use for Upscale")
    if model.place in (ModelPlace.OWN, ModelPlace.ELSEWHERE) and not chosen:
        return replace(content, size="", buttons=(CardButton("use", words, words),))
    return replace(content, menu=(("use", words), *content.menu))


def _row_content(
    model: LibraryModel, facts: LibraryFacts, state: DownloadState | None
) -> RowContent:
    starter = model.place is ModelPlace.STARTER
    entry = facts.catalogue.get(model.entry)
    title = model_name(model.role, entry.title if entry else model.id, starter=starter)
    text = model_sentence(model.role, starter=starter)
    if model.scale is not None:
        text = tr("Draws pictures {0} times larger.").format(model.scale)
    if model.place is ModelPlace.ELSEWHERE:
        text = tr("{0} Used where it lies.").format(text)
    size = file_size_text(model.frees or model.bytes)
    if not model.entry:
        return RowContent(title, text, size, menu=_menu(model, facts))
    check = CardButton("verify", tr("Check again"), tr("Check again"))
    stop = CardButton("stop", "", tr("Stop"), "x")
    if state is None:
        return RowContent(title, text, size, menu=_menu(model, facts))
    match state.stage:
        case DownloadStage.READY:
            text = tr("Ready. {0}").format(text)
        case DownloadStage.WHOLE:
            text = tr("All files are as they were installed.")
        case DownloadStage.WAITING | DownloadStage.CHECKING | DownloadStage.CONVERTING:
            return RowContent(title, tr("Checking the files"), size, share=state.share,
                              buttons=(stop,))  # fmt: skip
        case DownloadStage.FETCHING:
            return RowContent(title, fetching_text(state), size, share=state.share,
                              buttons=(stop,))  # fmt: skip
        case DownloadStage.REMOVING:
            return RowContent(title, tr("Removing"), size)
        case DownloadStage.DAMAGED:
            words = tr("Fetch it again, {0}").format(file_size_text(state.damaged))
            repair = CardButton("repair", words, words)
            return RowContent(title, tr("A file is damaged."), size, "triangle-alert", "warn",
                              buttons=(repair,), menu=_menu(model, facts))  # fmt: skip
        case DownloadStage.FAILED if state.error is not None:
            text, _ = failure_of(state.error, state, None)
            return RowContent(title, text, size, "triangle-alert", "warn",
                              buttons=(check,), menu=_menu(model, facts))  # fmt: skip
        case _:
            pass
    return RowContent(title, text, size, menu=_menu(model, facts))


def _menu(model: LibraryModel, facts: LibraryFacts) -> tuple[tuple[str, str], ...]:
    show = ("show", tr("Show folder"))
    if model.place is ModelPlace.INSTALLED:
        frees = tr("Remove (frees {0})").format(file_size_text(model.frees))
        return ("verify", tr("Check the files")), ("repair", tr("Repair")), show, ("remove", frees)
    if model.place is ModelPlace.ELSEWHERE:
        folder = added_folder(model.folder, facts)
        if folder is not None:
            return show, ("forget", tr("Do not search “{0}”").format(folder.name))
    return (show,)


def added_folder(path: Path, facts: LibraryFacts) -> Path | None:
    """The folder of the artist's in which something was found."""
    return next((folder for folder in facts.added if path.is_relative_to(folder)), None)


def refused_content(
    refused: RefusedModel, facts: LibraryFacts, state: DownloadState | None = None
) -> RowContent:
    """The row of a file or folder that is not used: why, and what helps.

    Args:
        refused: the file or folder.
        facts: of all models.
        state: of its conversion.
    """
    if refused.fix is not None and refused.fix.code == "do.convert_model":
        return _convertible(refused, facts, state)
    text = " ".join(filter(None, (text_of(refused.reason), text_of(refused.fix))))
    entry = installed_entry(refused.folder, facts)
    if entry:
        words = tr("Fetch it again")
        buttons = (CardButton("repair", words, words),)
    else:
        words = tr("Show")
        buttons = (CardButton("show", words, tr("Show folder")),)
    return RowContent(
        refused.folder.name, text, icon="triangle-alert", token="warn", buttons=buttons
    )


def _convertible(
    refused: RefusedModel, facts: LibraryFacts, state: DownloadState | None
) -> RowContent:
    """Of a file that can run code, or is packed: it is used once it is converted."""
    name, reason = refused.folder.name, text_of(refused.reason)
    words = tr("Convert safely")
    convert = (CardButton("convert", words, words),)
    made = (place / _stem(refused.folder) for place in facts.installed_places)
    known = {one.folder for one in facts.found}
    if (state is not None and state.stage is DownloadStage.READY) or not known.isdisjoint(made):
        return RowContent(name, tr("Converted. The file itself stays as it is."))
    if state is not None and state.stage in RUNNING:
        stop = (CardButton("stop", "", tr("Stop"), "x"),)
        return RowContent(name, tr("Converting"), icon="package", token="text2", buttons=stop)
    if state is not None and state.error is not None:
        fix = text_of(state.error.fix)
        if isinstance(state.error, DiskFull):
            fix, convert = "", (elsewhere_button(),)
        reason = " ".join(filter(None, (text_of(state.error.message), fix)))
    return RowContent(name, reason, icon="triangle-alert", token="warn", buttons=convert)


def _stem(path: Path) -> str:
    """What the folder is called that a conversion makes."""
    return path.stem if path.suffix.lower() in (PACKED, *PICKLES) else path.name


def installed_entry(path: Path, facts: LibraryFacts) -> str:
    """Id of the model of the catalogue whose folder a path lies in; "" for none."""
    known = path.name in facts.catalogue and path.parent in facts.installed_places
    return path.name if known else ""
