from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import platformdirs

from app.runtime.settings import Settings
from editor.errors import ExpectedError
from editor.messages import Message


class NoHome(ExpectedError):
    """The folder for settings and documents is not there and cannot be made."""

    kind = "no_home"

    def __init__(self, folder: Path, error: Exception) -> None:
        reason = getattr(error, "strerror", None) or str(error)
        super().__init__(
            Message("home.not_made", folder=str(folder), reason=reason), Message("do.set_home")
        )


def home() -> Path:
    """The folder that holds all state: `PENTIMENTO_HOME`, else the platform's data folder.

    Raises:
        NoHome: it is not there and cannot be made.
    """
    chosen = os.environ.get("PENTIMENTO_HOME")
    folder = (
        Path(chosen).expanduser() if chosen else platformdirs.user_data_path("Pentimento", False)
    )
    return _made(folder.absolute())


def state() -> Path:
    """Untitled documents."""
    return _below("state")


def logs() -> Path:
    """Log files."""
    return _below("logs")


def thumbnails() -> Path:
    """Small pictures of ideas and results, by content; made again where one is missing."""
    return home() / "thumbnails"


def settings_file() -> Path:
    """The artist's settings, JSON."""
    return home() / "settings.json"


def models() -> tuple[Path, ...]:
    """Those of `model_places` that hold something."""
    return tuple(folder for folder in model_places() if _holds(folder))


def model_places() -> tuple[Path, ...]:
    """Where models may lie: the artist's own, those they added, the starter models."""
    places = (own_models(), *added_model_folders(), shipped_models())
    return tuple(folder for folder in places if folder is not None)


def has_own_models() -> bool:
    """True if the artist put models of their own beside the starter models."""
    return any(map(_holds, (own_models(), *added_model_folders())))


def own_models() -> Path:
    """The program's own folder of models; it need not be there."""
    return home() / "models"


def install_folder() -> Path:
    """Where models are installed: `own_models`, or a folder on another disk that was chosen."""
    chosen = str(Settings(settings_file())["install_folder"])
    return Path(chosen) if chosen else own_models()


def installed_places() -> tuple[Path, ...]:
    """Folders in which models of the catalogue may have been installed."""
    return (own_models(), *(folder for folder in added_model_folders() if folder.is_dir()))


def added_model_folders() -> tuple[Path, ...]:
    """Folders and files of the artist's, used where they lie (`pentimento models add`)."""
    return tuple(Path(str(folder)) for folder in Settings(settings_file())["model_folders"])


def _holds(folder: Path) -> bool:
    try:
        if folder.is_file():
            return True
        return folder.is_dir() and any(not one.name.startswith(".") for one in folder.iterdir())
    except OSError:
        return True  # not to be read: the models page says so and why


def shipped_models() -> Path | None:
    """The starter models, if this build has them, or the folder `PENTIMENTO_MODELS` names."""
    chosen = os.environ.get("PENTIMENTO_MODELS")
    return Path(chosen).expanduser().absolute() if chosen else _starter()


@cache
def _starter() -> Path | None:
    from importlib import resources

    folder = Path(str(resources.files("resources"))) / "models" / "starter"
    return folder if folder.is_dir() else None


def _below(name: str) -> Path:
    return _made(home() / name)


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        raise NoHome(folder, error) from error
    return folder
