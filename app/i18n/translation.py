from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLocale, QTranslator

from app.i18n import messages
from editor.messages import Catalogue, english, placeholders
from editor.messages import folder as catalogue_folder

STEM = "pentimento_"


class Translation(QTranslator):
    """The window's texts in one language.

    A text is looked up with the context it is used in, then without: `pyside6-lupdate` knows the
    class that a `self.tr` stands in, and no context of functions that are called `tr`.
    """

    def translate(
        self, context: str, text: str, comment: str | None = None, number: int = -1
    ) -> str | None:
        """The text in this language, None where it has none."""
        return (
            super().translate(context, text, comment, number)
            or super().translate("", text, comment, number)
            or None
        )


def find(languages: Sequence[str], folder: Path) -> Path | None:
    """The file of the first language there is; the disk is only asked for names.

    Args:
        languages: as `QLocale.uiLanguages` names them, "de-AT" before "de", the best first.
        folder: with files such as ``pentimento_de.qm``.

    Returns:
        None also where English comes before the first language there is a file for.
    """
    for language in languages:
        path = folder / f"{STEM}{language.replace('-', '_')}.qm"
        if path.is_file():
            return path
        if language == "en":  # what the program itself is written in
            return None
    return None


def install(
    app: QCoreApplication, languages: Sequence[str] | None = None, folder: Path | None = None
) -> Translation | None:
    """Translate the window into the language of the system, if there are files for it.

    The window's own texts come from ``pentimento_de.qm``, the messages of editor and engine from
    ``de.toml`` beside it; texts that are missing there stay English. Call it before the first
    widget is made: texts are asked for once.

    Args:
        app: keeps what is loaded.
        languages: see `find`; None asks the system.
        folder: with both files; None takes what comes with the program.
    """
    folder = folder or catalogue_folder()
    if not any(folder.glob(f"{STEM}*.qm")):  # asking the system takes longer than asking the disk
        return None
    path = find(QLocale.system().uiLanguages() if languages is None else languages, folder)
    if path is None:
        return None
    translation = Translation(app)
    if not translation.load(str(path)) or not app.installTranslator(translation):
        return None  # damaged: English is better than no window
    messages.use(_catalogue(folder / f"{path.stem.removeprefix(STEM)}.toml"))
    return translation


def _catalogue(file: Path) -> Catalogue | None:
    """The messages in a file; None, which is English, where it is missing or damaged.

    A text that shows other values than the English one cannot be put into words, so it is left out.
    """
    try:
        texts = Catalogue.read(file)
        return Catalogue(
            {
                code: text
                for code, text in texts.items()
                if code in english() and placeholders(text) == placeholders(english()[code])
            }
        )
    except (OSError, ValueError):
        return None
