from __future__ import annotations

import contextlib
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Setting:
    """One row of the table: form, validation and help come from it."""

    name: str
    default: Any
    help: str
    choices: tuple[Any, ...] = ()
    minimum: float | None = None
    maximum: float | None = None

    def accepts(self, value: Any) -> bool:
        """True if a value from a hand-edited file may be used."""
        if self.choices:
            return value in self.choices
        if isinstance(self.default, bool) or not isinstance(self.default, int | float):
            return isinstance(value, type(self.default))
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        low = self.minimum if self.minimum is not None else value
        high = self.maximum if self.maximum is not None else value
        return bool(low <= value <= high)


SETTINGS = (
    Setting(
        "theme", "system", "Colours of the window", ("system", "dark", "light", "high-contrast")
    ),
    Setting(
        "surround",
        "theme",
        "Colour around the picture",
        ("theme", "black", "dark-grey", "light-grey", "white"),
    ),
    Setting("count", 4, "Results for one instruction", (1, 2, 4, 6, 8)),
    Setting("method", "auto", "How an instruction is carried out"),
    Setting(
        "time_limit",
        0,
        "Seconds in which Auto tries several methods, 0 for the best alone",
        minimum=0,
        maximum=3600,
    ),
    Setting(
        "memory_limit",
        0,
        "Most memory for models in gigabytes, 0 for as much as fits",
        minimum=0,
        maximum=1024,
    ),
    Setting("suggestion_previews", False, "Draw the first suggestions while nothing else runs"),
    Setting("explore_idle", False, "Explore the suggestions while nobody uses the window"),
    Setting("metadata", "camera", "What exports say of the picture", ("camera", "all", "none")),
    Setting("method_seconds", {}, "How long a result took on this computer, by method"),
    Setting("models", {}, "Models chosen by hand, by method and role"),
    Setting("model_folders", [], "Folders of your own that are searched for models"),
    Setting("install_folder", "", 'Where models are installed, "" for the program\'s own folder'),
    Setting("fetching_allowed", False, "It was said once that fetching a model needs the internet"),
    Setting("method_settings", {}, "What is set for each method"),
    Setting("live", "auto", "Show on the canvas what the words would do", ("auto", "on", "off")),
    Setting("live_seconds", {}, "How long such a preview took on this machine, by method"),
    Setting("wheel", "zoom", "What the mouse wheel does", ("zoom", "scroll")),
    Setting("hover_history", True, "Show an idea on the canvas while the pointer rests on it"),
    Setting("motion", "system", "Movement in the window", ("system", "on", "off")),
    Setting("text_size", 100, "Size of the window's text in percent", minimum=90, maximum=200),
    Setting("side_width", 348, "Width of the side column in pixels", minimum=200, maximum=520),
    Setting("side_visible", True, "Show the side column"),
    Setting("show_methods", False, "Show how each result was made"),
    Setting("rank_words", 1.0, "Ranking: follow the words", minimum=0, maximum=2),
    Setting("rank_picture", 1.0, "Ranking: keep the picture", minimum=0, maximum=2),
    Setting("rank_beauty", 1.0, "Ranking: beauty", minimum=0, maximum=2),
    Setting("rank_learn", "all", "Ranking: learn from what is kept", ("off", "document", "all")),
    Setting("start_with", "home", "What the window begins with", ("home", "last")),
    Setting("tools", {}, "Brush, feather and tolerance as they were left"),
    Setting("shortcuts", {}, "Keys that were changed, by action"),
    Setting("recent", [], "Pictures opened lately"),
    Setting("last_document", "", "The document that was open when the program ended"),
    Setting("geometry", {}, "Size and place of the window, by screen and scale"),
    Setting("starter_card_seen", False, "The card about the starter models was read"),
)
_TABLE = {s.name: s for s in SETTINGS}


class Settings:
    """Human-readable settings in `settings.json`; unknown or invalid values fall back."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._values = self._stored()

    def __getitem__(self, name: str) -> Any:
        return self._values.get(name, _TABLE[name].default)

    def path_beside(self, name: str) -> Path:
        """A file in the folder of the settings."""
        return self._path.with_name(name)

    def set(self, name: str, value: Any) -> None:
        """Change one setting and write the file (whole or not at all).

        Settings that another window has changed meanwhile stay as they are in the file.
        """
        if not _TABLE[name].accepts(value):
            raise ValueError(f"{name} cannot be {value!r}")
        if self[name] == value:
            return
        self._values[name] = value
        # A full or read-only disk must not stop anyone from working; the setting just is not kept.
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle, name_on_disk = tempfile.mkstemp(dir=self._path.parent, prefix=".settings-")
            draft = Path(name_on_disk)
            values = {**self._stored(), name: value}
            try:
                # Names of files may hold bytes that are not UTF-8; JSON reads their escapes.
                with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
                    json.dump(values, file, indent=2, ensure_ascii=False, sort_keys=True)
                draft.replace(self._path)
            except BaseException:
                draft.unlink(missing_ok=True)
                raise

    def _stored(self) -> dict[str, Any]:
        """What the file holds that can be used."""
        try:
            stored = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        if not isinstance(stored, dict):
            return {}
        return {k: v for k, v in stored.items() if k in _TABLE and _TABLE[k].accepts(v)}
