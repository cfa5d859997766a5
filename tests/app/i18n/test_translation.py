"""A translation file is found, loaded and used; made here with the tools of PySide6."""

from __future__ import annotations

import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

import app
from app.i18n import messages, translation
from app.i18n.messages import text_of
from app.i18n.texts import tr
from app.widgets.basics.painting import translate
from app.widgets.prompt.prompt_box import PromptBox
from app.window.program import Program
from editor.messages import Message, english

SOURCES = Path(app.__file__).parent
TEXTS = {
    "PromptBox": {"Run": "Los", "Cancel": "Halt"},
    "": {"Cancelled.": "Abgebrochen."},
    "Map": {"you are here": "du bist hier"},
}


def tool(name: str) -> str:
    path = Path(sys.executable).with_name(name)
    if not path.is_file():
        pytest.skip(f"{name} is not installed")
    return str(path)


def call(*words: object) -> None:
    command = [str(word) for word in words]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a German of five words."""
    release = tool("pyside6-lrelease")
    folder = tmp_path_factory.mktemp("translations")
    root = ElementTree.Element("TS", version="2.1", language="de")
    for context, texts in TEXTS.items():
        part = ElementTree.SubElement(root, "context")
        ElementTree.SubElement(part, "name").text = context
        for source, translated in texts.items():
            message = ElementTree.SubElement(part, "message")
            ElementTree.SubElement(message, "source").text = source
            ElementTree.SubElement(message, "translation").text = translated
    ts = folder / "pentimento_de.ts"
    ElementTree.ElementTree(root).write(ts, "utf-8", xml_declaration=True)
    call(release, ts, "-qm", folder / "pentimento_de.qm")
    words = '[role]\nchat = "Gesprächsmodell"\n[model]\nnone = "Noch kein {role} da."\n'
    (folder / "de.toml").write_text(words, encoding="utf-8")
    return folder


@pytest.fixture
def german(folder: Path, qapp: QApplication) -> Iterator[None]:
    installed = translation.install(qapp, ["de-AT", "de"], folder)
    assert installed is not None
    yield
    qapp.removeTranslator(installed)
    messages.use(None)


def test_a_button_speaks_the_language(german: None) -> None:
    box = PromptBox()
    for state, text in (("run", "Los"), ("cancel", "Halt")):
        box.set_run_state(state)  # type: ignore[arg-type]
        assert box.run.text() == text
    box.deleteLater()


def test_every_way_to_ask_for_a_text_finds_it(german: None) -> None:
    assert tr("Cancelled.") == "Abgebrochen."  # without a context, as lupdate finds it
    assert translate("Map", "you are here") == "du bist hier"
    assert translate("Map", "starred") == "starred"  # not translated yet: English


def test_messages_of_the_engine_come_from_the_catalogue_beside(german: None) -> None:
    assert text_of(Message("model.none", role=Message("role.chat"))) == (
        "Noch kein Gesprächsmodell da."
    )
    assert text_of(Message("do.add_model")) == "Add a model"  # not translated yet: English
    assert text_of(None) == ""


def test_a_damaged_catalogue_leaves_messages_english(
    folder: Path, qapp: QApplication, tmp_path: Path
) -> None:
    shutil.copy(folder / "pentimento_de.qm", tmp_path)
    for text in ("[model", "[model]\nnone = 3\n"):
        (tmp_path / "de.toml").write_text(text, encoding="utf-8")
        installed = translation.install(qapp, ["de"], tmp_path)
        assert installed is not None
        assert tr("Cancelled.") == "Abgebrochen."
        assert text_of(Message("do.add_model")) == "Add a model"
        qapp.removeTranslator(installed)


def test_a_text_with_other_values_stays_english(
    folder: Path, qapp: QApplication, tmp_path: Path
) -> None:
    shutil.copy(folder / "pentimento_de.qm", tmp_path)
    words = '[role]\nchat = "Gesprächsmodell"\n[model]\nnone = "Noch kein {rolle} da."\n'
    (tmp_path / "de.toml").write_text(words, encoding="utf-8")
    installed = translation.install(qapp, ["de"], tmp_path)
    assert installed is not None
    try:
        message = Message("model.none", role=Message("role.chat"))
        assert text_of(message.values[0][1]) == "Gesprächsmodell"
        assert text_of(message) == english()["model.none"].format(role="Gesprächsmodell")
    finally:
        qapp.removeTranslator(installed)
        messages.use(None)


def test_without_a_file_it_stays_english(folder: Path, qapp: QApplication, tmp_path: Path) -> None:
    for languages in (["fr-FR", "fr"], ["en-GB", "en", "de"], ["C"], []):
        assert translation.install(qapp, languages, folder) is None
    assert translation.install(qapp, ["de"], tmp_path / "none") is None
    (tmp_path / "pentimento_de.qm").write_bytes(b"no translation")
    assert translation.install(qapp, ["de"], tmp_path) is None
    assert tr("Cancelled.") == "Cancelled."


def test_the_nearest_language_is_taken(tmp_path: Path) -> None:
    for name in ("pentimento_pt.qm", "pentimento_pt_BR.qm", "pentimento_de.qm"):
        (tmp_path / name).touch()
    for languages, found in (
        (["pt-Latn-BR", "pt-BR", "pt-Latn", "pt"], "pentimento_pt_BR.qm"),
        (["pt-PT", "pt"], "pentimento_pt.qm"),
        (["fr-FR", "fr", "de-DE", "de"], "pentimento_de.qm"),
    ):
        assert translation.find(languages, tmp_path) == tmp_path / found


def test_the_documented_command_finds_the_texts(tmp_path: Path) -> None:
    """As `docs/translating.md` says it: with the alias for texts that stand in tables."""
    ts = tmp_path / "pentimento_xx.ts"
    call(
        tool("pyside6-lupdate"),
        "-tr-function-alias",
        "tr+=N_",
        *SOURCES.rglob("*.py"),
        "-ts",
        ts,
    )
    root = ElementTree.parse(ts).getroot()
    found: dict[str, set[str]] = {}
    for context in root.iter("context"):
        texts = {message.findtext("source") or "" for message in context.iter("message")}
        found[context.findtext("name") or ""] = texts
    assert {"Run", "Cancel"} <= found["PromptBox"]
    assert "you are here" in found["Map"]
    assert {"Cancelled.", "Copy details"} <= found[""]
    assert not list(root.iter("comment"))  # a context taken for a text


def test_the_program_asks_for_it_before_its_first_widget(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Asked(Exception):
        pass

    def install(app: QApplication) -> None:
        assert app is qapp
        raise Asked

    monkeypatch.setattr(translation, "install", install)
    monkeypatch.setattr("app.window.program.Settings", lambda path: pytest.fail("too late"))
    with pytest.raises(Asked):
        Program([])
