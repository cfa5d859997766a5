"""What a card says of a model of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from app.i18n.file_sizes import file_size_text
from app.i18n.messages import text_of
from app.i18n.texts import N_, tr
from app.panels.settings.model_wording import memory_text, share_text, time_text
from app.session.model_downloads import DownloadStage, DownloadState
from app.widgets.models.model_card import CardButton, CardContent
from editor.errors import DiskFull, ExpectedError
from inference.models.catalogue.entry import CatalogueEntry, PackageSource
from inference.models.catalogue.fits import CatalogueFit, fit, needed_bytes
from inference.models.families import families
from inference.request.device_info import DeviceInfo

CATEGORIES: Final = (
    ("all", N_("All"), ()),
    ("edit", N_("Edit"), ("edit_by_words", "fill")),
    ("create", N_("Create"), ("draw",)),
    ("words", N_("Words"), ("words", "describe", "meaning")),
    ("ranking", N_("Ranking"), ("rank",)),
    ("tools", N_("Tools"), ("people", "select", "select_by_words", "upscale")),
)
"""Id, title and uses (`CatalogueEntry.use`) of each part of the catalogue; () for all."""

_ORDER: Final = (
    CatalogueFit.FITS,
    CatalogueFit.SLOWER,
    CatalogueFit.UNKNOWN,
    CatalogueFit.TOO_LARGE,
    CatalogueFit.UNUSED,
)
_LOST: Final = ("download.no_connection", "download.no_index")


@dataclass(frozen=True)
class Computer:
    """What a model has to fit.

    Attributes:
        device: where models run; None until the engine has found out.
        memory: main memory in bytes.
    """

    device: DeviceInfo | None
    memory: int

    def fit(self, entry: CatalogueEntry) -> CatalogueFit | None:
        """What it can do with a model; None for one that is used, while the device is not known."""
        if entry.family not in families():
            return CatalogueFit.UNUSED
        return fit(entry, self.device, self.memory) if self.device is not None else None

    def rank(self, entry: CatalogueEntry) -> int:
        """Order of the cards: what fits first, what is not used last."""
        found = self.fit(entry)
        return _ORDER.index(found) if found is not None else 0


def in_category(entry: CatalogueEntry, category: str) -> bool:
    """Whether a model belongs to a part of the catalogue."""
    uses: tuple[str, ...] = next(uses for name, _, uses in CATEGORIES if name == category)
    return not uses or entry.use in uses


def card_content(
    entry: CatalogueEntry,
    computer: Computer,
    state: DownloadState | None,
    begun: int,
    *,
    asks: bool,
    waits_for: str,
) -> CardContent:
    """The card of a model.

    Args:
        entry: the model.
        computer: what it has to fit.
        state: of its installation in this session.
        begun: bytes of it that an earlier session left.
        asks: the artist has clicked Install for the first time and has to be asked.
        waits_for: the model that is installed before this one, "" for none.
    """
    size = entry.download_bytes
    facts = [tr("Size unknown") if size is None else file_size_text(size), _memory(entry, computer)]
    content = CardContent(
        entry.title,
        text_of(entry.good_for),
        " · ".join(filter(None, facts)),
        entry.licence.value or tr("Licence unknown"),
        "",
    )
    if state is None and begun:
        state = DownloadState(DownloadStage.PAUSED, begun, size or 0)
    if asks:
        return replace(
            content,
            note=tr("Fetching needs the internet. Pictures and words stay here."),
            icon="info",
            buttons=(_fetch(size), CardButton("cancel", "", tr("Do not fetch it"), "x")),
        )
    if state is not None and not begun and isinstance(entry.source, PackageSource):
        state = _begun_anew(state)
    if state is None:
        return _with_verdict(content, entry, computer)
    return _with_state(content, state, size, waits_for)


def _begun_anew(state: DownloadState) -> DownloadState:
    """A package that is not whole is fetched from its beginning: nothing of it is kept."""
    stops = state.stage in (DownloadStage.PAUSED, DownloadStage.FAILED)
    return replace(state, done=0) if stops else state


def _memory(entry: CatalogueEntry, computer: Computer) -> str:
    device = computer.device
    needed = needed_bytes(entry, device) if device is not None else None
    if needed is None:
        return ""
    return tr("needs {0} GB").format(memory_text(max(needed, 1e8)))


def _with_verdict(content: CardContent, entry: CatalogueEntry, computer: Computer) -> CardContent:
    found, device = computer.fit(entry), computer.device
    words = tr("Install {0}").format(entry.title)
    install: tuple[CardButton, ...] = (CardButton("install", tr("Install"), words),)
    match found:
        case CatalogueFit.UNUSED:
            note, icon, token = tr("Not used by this version yet"), "", "text2"
            install = ()
        case None:
            note, icon, token = tr("Checking whether it fits"), "", "text2"
        case CatalogueFit.FITS:
            note, icon, token = tr("Fits this computer"), "check", "ok"
        case CatalogueFit.SLOWER:
            note = tr("Fits, slower: part stays in main memory")
            icon, token = "triangle-alert", "warn"
        case CatalogueFit.UNKNOWN:
            note, icon, token = tr("Not known whether it fits"), "info", "text2"
        case CatalogueFit.TOO_LARGE:
            assert device is not None  # else nothing would be known
            needed = needed_bytes(entry, device) or 0
            note = tr("Needs {0} GB, this computer has {1}").format(
                memory_text(needed), memory_text(device.bytes)
            )
            icon, token, install = "triangle-alert", "warn", ()
    return replace(content, note=note, icon=icon, token=token, buttons=install)


def _with_state(
    content: CardContent, state: DownloadState, size: int | None, waits_for: str
) -> CardContent:
    cancel = CardButton("cancel", "", tr("Cancel and remove what was fetched"), "x")
    pause = CardButton("pause", tr("Pause"), tr("Pause"), "pause")
    resume = CardButton("install", tr("Resume"), tr("Resume"), "play")
    share = state.share
    match state.stage:
        case DownloadStage.WAITING:
            note = tr("Waits for {0}").format(waits_for) if waits_for else tr("Starting")
            return replace(content, note=note, share=share, buttons=(cancel,))
        case DownloadStage.FETCHING:
            buttons = pause, cancel
            return replace(content, note=fetching_text(state), share=share, buttons=buttons)
        case DownloadStage.CHECKING:
            note = tr("Checking the files")
            return replace(content, note=note, share=1.0, buttons=(cancel,))
        case DownloadStage.CONVERTING:
            note = tr("Converting the weights, once")
            return replace(content, note=note, share=1.0, buttons=(cancel,))
        case DownloadStage.REMOVING:
            return replace(content, note=tr("Removing what was fetched"))
        case DownloadStage.READY:
            return replace(content, note=tr("Ready"), icon="check", token="ok")
        case DownloadStage.PAUSED:
            note = tr("Paused at {0}").format(file_size_text(state.done))
            if not state.done:
                note = tr("Paused. Resume starts from the beginning")
            return replace(content, note=note, share=share, buttons=(resume, cancel))
    assert state.error is not None
    note, button = failure_of(state.error, state, size)
    return replace(
        content,
        note=note,
        icon="triangle-alert",
        token="warn",
        share=share if state.done else None,
        buttons=(button, cancel),
    )


def fetching_text(state: DownloadState) -> str:
    """How far a download is, as "61 of 98 MB, about 8 s"."""
    text = share_text(state.done, state.total)
    if state.seconds_left is not None:
        text = f"{text}, {time_text(state.seconds_left)}"
    return text


def failure_of(
    error: ExpectedError, state: DownloadState, size: int | None
) -> tuple[str, CardButton]:
    """What an installation failed at, and the one button that helps."""
    again = CardButton("install", tr("Try again"), tr("Try again"), "refresh-cw")
    code = error.message.code
    if isinstance(error, DiskFull):
        again = elsewhere_button()
    if code in _LOST and state.done:
        note = tr("The connection was lost at {0}.").format(file_size_text(state.done))
        return note, CardButton("install", tr("Resume"), tr("Resume"), "play")
    if code == "download.other_content":
        return tr("One file arrived damaged."), _again(size)
    if code == "download.no_room":
        values = dict(error.message.values)
        note = tr("Needs {0}, {1} are free.").format(
            file_size_text(round(1e9 * values["wanted"])),
            file_size_text(round(1e9 * values["free"])),
        )
        return note, again
    fix = "" if isinstance(error, DiskFull) else text_of(error.fix)
    return " ".join(filter(None, (text_of(error.message), fix))), again


def elsewhere_button() -> CardButton:
    """For what a full disk stopped."""
    words = tr("Choose another folder")
    return CardButton("elsewhere", words, words, "folder-open")


def _fetch(size: int | None) -> CardButton:
    words = tr("Fetch it") if size is None else tr("Fetch {0}").format(file_size_text(size))
    return CardButton("fetch", words, words, "download", gold=True)


def _again(size: int | None) -> CardButton:
    words = tr("Fetch it again")
    if size is not None:
        words = tr("Fetch it again, {0}").format(file_size_text(size))
    return CardButton("install", words, words)
