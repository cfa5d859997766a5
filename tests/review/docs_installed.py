"""Scenes of the guide's pictures that need models of the catalogue, installed on this computer."""

from __future__ import annotations

import shutil
from pathlib import Path

from app.runtime import paths
from editor.formats import open_image
from editor.model.picture import Picture
from editor.storage.document import Document
from tests.end2end.desktop import Desktop
from tests.needs import SHARED_DATA
from tests.review.docs_desktop import picture, results

CHAT_MODEL = "smollm2-135m-instruct"
PHOTO, PHOTO_SHOWS = "photos/skimage/coffee.png", "a cup of coffee with a spoon on a wooden table"
"""Rachel Michetti, CC0; a picture that none of the starter models knows."""
UPSCALER = "dat-light-x2"
INSTALLED = (CHAT_MODEL, "selfie-segmentation", UPSCALER)
SMALL_PHOTO = "photos/skimage/chelsea.png"
"""451 × 300 pixels; Stéfan van der Walt, CC0."""


def photographed(folder: Path, out: Path) -> None:
    """Suggestions for a photograph by SmolLM2, where it is installed, with a caption in words."""
    photo = SHARED_DATA / PHOTO
    if not has(photo, CHAT_MODEL):
        return
    with Desktop(folder) as desktop:
        take_models(desktop, CHAT_MODEL)
        desktop.start(captioned(photo, PHOTO_SHOWS, folder))
        desktop.wait("engine_ready")
        desktop.until(lambda s: s["suggestions"], "suggestions")
        picture(desktop, out / "suggestions-photograph-dark.png")
        assert desktop.quit() == 0


def installed(folder: Path, out: Path) -> None:
    """The models once three of the catalogue were installed, where they are."""
    photo = SHARED_DATA / SMALL_PHOTO
    if not has(photo, *INSTALLED):
        return
    with Desktop(folder, settings={"fetching_allowed": True}) as desktop:
        del desktop.env["PENTIMENTO_NO_WARMUP"]  # warm, the engine says on what it runs
        take_models(desktop, *INSTALLED)
        desktop.start(photo)
        desktop.wait("engine_ready", after=1)
        desktop.key("ctrl+k")
        desktop.type("Models")
        desktop.key("Return")
        picture(desktop, out / "models-installed-dark.png")
        desktop.key("Escape")
        assert desktop.quit() == 0


def upscaled(folder: Path, out: Path) -> None:
    """A small photograph drawn twice as large, beside what it was."""
    photo = SHARED_DATA / SMALL_PHOTO
    if not has(photo, UPSCALER):
        return
    with Desktop(folder) as desktop:
        take_models(desktop, UPSCALER)
        desktop.start(photo)
        desktop.wait("engine_ready")
        results(desktop, "upscale 2x")
        desktop.key("c")
        desktop.until(lambda s: s["view"] == "side", "comparison")
        desktop.wheel(310, 400, 3)
        picture(desktop, out / "upscale-window-dark.jpg")
        desktop.key("Escape")
        assert desktop.quit() == 0


def has(photo: Path, *models: str) -> bool:
    """Whether a scene can be made: a photograph and installed models are here."""
    lacking = [name for name in models if not (paths.own_models() / name).is_dir()]
    if photo.is_file() and not lacking:
        return True
    print(f"A scene is left out: it needs {', '.join((photo.name, *models))}")
    return False


def take_models(desktop: Desktop, *names: str) -> None:
    """Copy installed models into the home of a window that is not started yet."""
    for name in names:
        shutil.copytree(paths.own_models() / name, desktop.home / "models" / name)


def captioned(file: Path, caption: str, folder: Path) -> Path:
    """A document of a picture whose caption the artist has said."""
    opened = open_image(file)
    made = Document.create(Picture.of(opened.image), label=file.stem, state_dir=folder)
    made.describe(opened.image.pixel_digest, caption)
    made.flush()
    made.close()
    return made.path
