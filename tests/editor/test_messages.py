from __future__ import annotations

import ast
import json
import pickle
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.errors import ExpectedError
from editor.messages import Catalogue, Message, english, placeholders, verbatim
from editor.ranking import effect_words
from editor.ranking.effect_words import QUANTITIES
from editor.render.adjustments.parameters import HUES
from editor.tone.describe_settings import _COLOURS, _TONES, ONE_WAY, USUAL
from inference.language.tones import TONES
from inference.models.catalogue.reader import catalogue
from inference.request.registry import METHODS

ROOT = Path(__file__).parents[2]

MADE_OF = {
    "f'attribute.{attribute}'",
    "f'attribute.{tone.subject}'",
    "f'done.{name}.{way}'",
    "f'part.{quantity}'",
    "f'good_for.{self.use}'",
    "f'number.{count}'",
    "f'{table}.{_SINGLE[quantity][0 if up else 1]}'",
    "f'{table}.{name}_hue'",
    "f'hue.{hue}'",
    "f'hue.{name}'",
    "f'hue.{next((name for limit, name in _COLOURS if angle < limit))}'",
    "f'hue.{next((name for limit, name in _TONES if hue % 360.0 < limit))}'",
    "f'opened.first_{kind}_of'",
    "f'opened.only_first_{kind}'",
    "f'setting.{name}.title'",
    "f'setting.{name}.{help_}'",
    "f'setting.{info.name}.choices.{one}'",
}
"""How the sources make codes from parts."""

MADE_OF_PARTS = {
    *(info.title.code for method in METHODS.values() for info in method.settings),
    *(info.help.code for method in METHODS.values() for info in method.settings),
    *(
        f"setting.{info.name}.choices.{one}"
        for method in METHODS.values()
        for info in method.settings
        for one in info.choices
    ),
    *(
        message.code
        for quantity in QUANTITIES
        for up in (True, False)
        for message in (
            effect_words.change(quantity, up=up),
            effect_words.extreme(quantity, highest=up),
            effect_words.part(quantity),
        )
    ),
    *(f"good_for.{entry.use}" for entry in catalogue().values()),
    *(f"number.{count}" for count in range(3, 13)),
    *(f"hue.{hue}" for hue in HUES),
    *(f"attribute.{tone.subject}" for tone in TONES),
    *(f"attribute.{name}" for name in ("light", "weather", "season", "style", "subject")),
    *(f"attribute.{name}" for name in ("colour", "second", "second_colour", "ground")),
    *(f"done.{name}.more" for name in USUAL),
    *(f"done.{name}.less" for name in set(USUAL) - set(ONE_WAY)),
    *(f"hue.{name}" for _, name in (*_TONES, *_COLOURS)),
    *(f"hue.{name}" for name in ("black", "grey", "white")),
    *(f"opened.only_first_{kind}" for kind in ("page", "picture", "frame")),
    *(f"opened.first_{kind}_of" for kind in ("page", "picture", "frame")),
}
"""The codes that these can be."""


def _sources(*words: str) -> Iterator[tuple[str, ast.Module]]:
    """Name and tree of the modules that hold one of these words."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "app/*.py", "editor/*.py",
         "inference/*.py"], cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    for name in listed:
        text = (ROOT / name).read_text("utf-8") if (ROOT / name).exists() else ""
        if any(word in text for word in words):
            yield name, ast.parse(text)


def _calls(tree: ast.Module) -> Iterator[ast.Call]:
    """Calls that make a message."""
    ours = {
        name.asname or name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "editor.messages"
        for name in node.names
        if name.name == "Message"
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ours:
            yield node


def _codes(argument: ast.expr) -> list[str] | None:
    """The codes that an expression can give; None where they are made of parts."""
    if isinstance(argument, ast.Constant):
        return [str(argument.value)]
    if isinstance(argument, ast.IfExp):
        both = [_codes(argument.body), _codes(argument.orelse)]
        return [code for codes in both if codes for code in codes]
    assert isinstance(argument, ast.JoinedStr), ast.unparse(argument)
    return None


def test_every_code_is_in_the_catalogue_with_its_values_and_none_is_left_over() -> None:
    used: set[str] = {"verbatim", *MADE_OF_PARTS}
    parts: set[str] = set()
    for file, tree in _sources("editor.messages"):
        for call in _calls(tree):
            codes = _codes(call.args[0])
            if codes is None:
                parts.add(ast.unparse(call.args[0]))
                continue
            used.update(codes)
            given_values = {keyword.arg for keyword in call.keywords}
            for code in codes:
                assert code in english(), f"{file}:{call.lineno}: {code}"
                if None not in given_values:  # **values
                    wanted = placeholders(english()[code])
                    assert given_values == wanted, f"{file}:{call.lineno}: {code}"
    assert parts == MADE_OF
    assert set(english()) == used


def test_only_the_command_line_and_the_lab_write_sentences() -> None:
    errors = {kind.__name__ for kind in _kinds(ExpectedError)}
    for file, tree in _sources(*errors):
        if file.startswith(("app/cli/", "inference/lab/")):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in errors:
                for argument in node.args[:2]:
                    words = isinstance(argument, ast.JoinedStr) or (
                        isinstance(argument, ast.Constant) and isinstance(argument.value, str)
                    )
                    assert not words, f"{file}:{node.lineno}"


def _kinds(kind: type) -> Iterator[type]:
    yield kind
    subclasses: list[type] = kind.__subclasses__()
    for below in subclasses:
        yield from _kinds(below)


def _one(value: object) -> Message:
    return Message("suggest.one", reason=value)


values = st.recursive(
    st.text(max_size=20) | st.integers() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.builds(_one, inner),
    max_leaves=6,
)


@given(values)
def test_a_message_comes_back_from_json_and_from_another_process(value: object) -> None:
    message = _one(value)
    assert Message.from_json(json.loads(json.dumps(message.to_json()))) == message
    assert pickle.loads(pickle.dumps(message)) == message
    assert hash(pickle.loads(pickle.dumps(message))) == hash(message)


def test_parts_are_put_into_words_by_the_same_catalogue() -> None:
    message = Message(
        "model.needed", method=Message("method.adjust.title"), models=(Message("role.clip"), "x")
    )
    assert str(message) == "Tone and colour needs a model you do not have yet: CLIP, x."
    other = Catalogue({"model.needed": "{models} fehlt für {method}", "role.clip": "Klipp"})
    assert other.text(message) == "Klipp, x fehlt für Tone and colour"
    assert str(verbatim("{as it is}")) == "{as it is}"


def test_a_message_says_what_it_is_made_of() -> None:
    one, other = Message("image.too_large", width=3, height=4), Message("image.empty_file")
    assert one == Message("image.too_large", height=4, width=3) != other
    assert len({one, other, Message("image.empty_file")}) == 2
    assert str(Message("image.too_large", width=30_000, height=4)).count("30,000 × 4") == 1
    error = ExpectedError(one, other)
    assert str(error) == str(one)
    assert (error.message, error.fix) == (one, other)
    words = ExpectedError("As it is.")
    assert (words.message, words.fix) == (verbatim("As it is."), None)


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"code": "image.empty_file"},
        {"code": 3, "values": {}},
        {"code": "no.such", "values": {}},
        {"code": "image.empty_file", "values": {"more": 1}},
        {"code": "suggest.one", "values": {}},
        {"code": "suggest.one", "values": {"reason": None}},
        {"code": "opened.first_page_of", "values": {"count": "many"}},
        {"code": "suggest.one", "values": {"reason": {"code": "no.such", "values": {}}}},
    ],
)
def test_what_is_no_message_is_refused(data: object) -> None:
    with pytest.raises(ValueError):
        Message.from_json(data)


def test_messages_within_messages_end_somewhere() -> None:
    data: object = "x"
    for _ in range(2000):
        data = {"code": "suggest.one", "values": {"reason": data}}
    with pytest.raises(ValueError):
        Message.from_json(data)


def test_a_catalogue_is_a_file_of_tables(tmp_path: Path) -> None:
    file = tmp_path / "de.toml"
    file.write_text('[image]\nempty_file = "Diese Datei ist leer."\n', encoding="utf-8")
    found = Catalogue.read(file)
    assert found.text(Message("image.empty_file")) == "Diese Datei ist leer."
    assert found.text(Message("do.copy_again")) == "Copy or download it again."
    file.write_text("[image]\nempty_file = 3\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"image\.empty_file"):
        Catalogue.read(file)
