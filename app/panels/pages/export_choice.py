"""How a picture is to be exported, as the page shows it: pure data and its words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.i18n.texts import tr

if TYPE_CHECKING:  # the codecs are loaded with the first document
    from editor.formats import SaveOptions

LOSSY: Final = ("jpeg", "webp", "avif")
DEEP: Final = ("png", "tiff")
SUFFIXES: Final = {"png": ".png", "jpeg": ".jpg", "webp": ".webp", "tiff": ".tif", "avif": ".avif"}
_WEB_SIDE: Final = 2400


@dataclass(frozen=True)
class ExportChoice:
    """What the artist chose.

    Attributes:
        format: one of `editor.formats.WRITTEN`.
        quality: 1..100 for JPEG, WebP and AVIF; 100 is WebP without loss.
        long_side: pixels of the longer side, None for the picture's own size.
        eight_bit: reduce 16 bit to 8.
        srgb: turn the colours of the profile into sRGB.
        camera: keep camera, date and other EXIF, XMP and text.
        place: keep where it was taken.
        words: write words and recipe into the file.
    """

    format: str = "png"
    quality: int = 90
    long_side: int | None = None
    eight_bit: bool = False
    srgb: bool = False
    camera: bool = True
    place: bool = False
    words: bool = False

    def options(self, recipe: str) -> SaveOptions:
        """For the encoder; `recipe` is written where words are wanted."""
        from editor.formats import SaveOptions

        return SaveOptions(
            quality=self.quality,
            lossless=self.quality == 100,
            depth=8 if self.eight_bit else None,
            camera=self.camera,
            place=self.place,
            words=recipe if self.words else "",
        )

    @property
    def is_exact(self) -> bool:
        """Nothing of the picture or its metadata is changed."""
        whole = self.long_side is None and not self.eight_bit and not self.srgb
        return whole and self.camera and self.place and not self.words


def with_metadata(choice: ExportChoice, kind: str) -> ExportChoice:
    """The choice with metadata as the settings say: "camera", "all" (the place too) or "none"."""
    return replace(choice, camera=kind != "none", place=kind == "all")


def presets(own_format: str, metadata: str = "camera") -> dict[str, ExportChoice]:
    """Choices that are made often.

    Args:
        own_format: of the file the picture came from.
        metadata: what the settings say, as `with_metadata` takes it. An exact copy keeps all.
    """
    web = ExportChoice("jpeg", 86, _WEB_SIDE, eight_bit=True, srgb=True)
    return {
        "web": with_metadata(web, metadata),
        "print": with_metadata(ExportChoice("tiff"), metadata),
        "exact": ExportChoice(own_format, 95, place=True),
    }


def preset_of(choice: ExportChoice, own_format: str, metadata: str = "camera") -> str:
    """The preset that a choice is, "" for none; arguments as of `presets`."""
    found = presets(own_format, metadata).items()
    return next((name for name, preset in found if _effective(preset) == _effective(choice)), "")


def _effective(choice: ExportChoice) -> ExportChoice:
    """Without what the format does not know."""
    lossy = choice.format in LOSSY
    return replace(
        choice,
        quality=choice.quality if lossy else 90,
        eight_bit=choice.eight_bit if choice.format in DEEP else False,
    )


def has_ending(path: Path, name: str) -> bool:
    """Whether the name of a file ends as those of a format do: ".jpg" or ".jpeg"."""
    from editor.formats import format_of_name

    return format_of_name(path) == name


def with_ending(path: Path, name: str) -> Path:
    """The file with an ending of the format behind its name, unless it has one."""
    return path if has_ending(path, name) else path.with_name(path.name + SUFFIXES[name])


def beside_original(path: Path, original: str) -> Path:
    """The file to propose: under another name where it is the photograph itself.

    Args:
        path: what would be written.
        original: name of the file that the picture came from.
    """
    is_original = path.name == original and path.exists()
    return path.with_stem(f"{path.stem} 2") if is_original else path


def format_sentence(name: str) -> str:
    """What a format is good for."""
    return {
        "png": tr("Exact, for drawings and screenshots. Keeps transparency."),
        "jpeg": tr("Small, for photographs. No transparency."),
        "webp": tr("Smallest, for the web. Keeps transparency."),
        "tiff": tr("Exact, for print and other editors. Keeps 16 bit."),
        "avif": tr("Small, for photographs. Keeps transparency."),
    }[name]


def quality_text(quality: int) -> str:
    """A quality in a word and its figure."""
    word = tr("Low")
    for least, name in ((65, tr("Medium")), (80, tr("High")), (93, tr("Highest"))):
        if quality >= least:
            word = name
    return tr("{0}, {1}").format(word, quality)
