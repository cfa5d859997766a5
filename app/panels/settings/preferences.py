"""Which settings an artist can change, by section: the forms are made from these rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from app.i18n.texts import N_


@dataclass(frozen=True)
class Preference:
    """A row of a form.

    Attributes:
        name: of the setting in `app.runtime.settings`.
        title: what it is called.
        help: one sentence, "" where the title says it all.
        choices: values with their names; () for a switch.
        other: what a value from a settings file edited by hand is called that is none of `choices`.
    """

    name: str
    title: str
    help: str = ""
    choices: tuple[tuple[Any, str], ...] = ()
    other: str = "{0}"


GENERAL: Final = (
    Preference(
        "start_with", N_("Start with"), N_("What the window shows when no file was given."),
        (("home", N_("Home")), ("last", N_("The last document"))),
    ),
    Preference(
        "wheel", N_("Mouse wheel"), N_("Over the picture. With Ctrl it does the other."),
        (("zoom", N_("Zooms")), ("scroll", N_("Scrolls"))),
    ),
    Preference(
        "hover_history", N_("Look at ideas without a click"),
        N_("An idea is on the canvas while the pointer rests on it."),
    ),
)  # fmt: skip
APPEARANCE: Final = (
    Preference(
        "theme", N_("Theme"), "",
        (("system", N_("As the system")), ("dark", N_("Dark")), ("light", N_("Light")),
         ("high-contrast", N_("High contrast"))),
    ),
    Preference(
        "surround", N_("Surround"), N_("Around the picture. Colours look different beside it."),
        (("theme", N_("As the theme")), ("black", N_("Black")), ("dark-grey", N_("Dark grey")),
         ("light-grey", N_("Light grey")), ("white", N_("White"))),
    ),
    Preference(
        "text_size", N_("Text size"), N_("On top of the scaling of the screen."),
        tuple((size, f"{size} %") for size in (90, 100, 110, 125, 150, 175, 200)),
        "{0} %",
    ),
    Preference(
        "motion", N_("Motion"), N_("Cards that move to their place, panels that slide."),
        (("system", N_("As the system")), ("on", N_("On")), ("off", N_("Off"))),
    ),
)  # fmt: skip
PERFORMANCE: Final = (
    Preference(
        "count", N_("Results at once"), N_("For one instruction. More take longer."),
        tuple((count, str(count)) for count in (1, 2, 4, 6, 8)),
    ),
    Preference(
        "time_limit", N_("Auto tries several methods"),
        N_("The cheapest first, as many as fit into this time. The ranking chooses among them."),
        ((0, N_("No, the best fitting one")), (15, N_("15 seconds")), (30, N_("30 seconds")),
         (60, N_("1 minute")), (120, N_("2 minutes")), (300, N_("5 minutes"))),
        N_("{0} seconds"),
    ),
    Preference(
        "memory_limit", N_("Memory limit"),
        N_("For models. Those used longest ago give way, and one that needs more is refused."),
        ((0, N_("As much as fits")), *((size, f"{size} GB") for size in (2, 4, 8, 16, 32))),
        N_("{0} GB"),
    ),
    Preference(
        "live", N_("Live while typing"), N_("The canvas shows what the words would do."),
        (("auto", N_("When it is quick")), ("on", N_("Always")), ("off", N_("Never"))),
    ),
    Preference(
        "suggestion_previews", N_("Preview suggestions"),
        N_("The first three get a small picture while nothing else runs. Any work ends it."),
    ),
    Preference(
        "explore_idle", N_("Explore when idle"),
        N_("After half a minute without you, the suggestions are tried. Nothing is kept."),
    ),
    Preference(
        "show_methods", N_("Say how each result was made"),
        N_("Method and settings on every card."),
    ),
)  # fmt: skip
PRIVACY: Final = (
    Preference(
        "metadata", N_("Metadata in exports"),
        N_("What a new export begins with. The export page can change it for each picture."),
        (("camera", N_("Camera and date")), ("all", N_("Camera, date and place")),
         ("none", N_("None"))),
    ),
)  # fmt: skip
