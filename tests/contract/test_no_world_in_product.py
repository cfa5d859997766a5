"""Product code does not know the starter models' world: identifiers and strings are searched.

What knows it lies in `inference.starter` and `inference.lab`, behind the port `ModelDomain`.
Docstrings and comments may say where a number was measured.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WORD = "storybook"
BEHIND_THE_PORT = ("inference/starter/", "inference/lab/")

EXCUSED: dict[str, str] = {
    "inference/ipc/domains.py": "registers the world under its name",
    "app/cli/commands.py": "names the command that draws scenes; it is made of inference.lab",
    "app/cli/storybook.py": "that command",
    "app/cli/make_instructpe.py": "how many records of that world; it is made of inference.lab",
    "app/cli/make_edit_texts.py": "texts of that world; it is made of inference.lab",
    "app/cli/make_pairs.py": "its renderer draws pairs to compare with; made of inference.lab",
    "app/cli/train_edit_texts.py": "how many texts of that world; it is made of inference.lab",
    "app/cli/make_captions.py": "captions of scenes; it is made of inference.lab",
    "app/cli/make_brush.py": "draws sessions of scenes; it is made of inference.lab",
    "app/session/open_document.py": "the file name of the samples' index",
    "app/window/options_presenter.py": "how the samples' file names begin",
    "app/panels/settings/model_wording.py": "says what the starter models are for",
    "app/window/start_page.py": "introduces the starter models to the artist",
}
"""File → why it may say the word."""


def mentions(source: str) -> Iterator[str]:
    """Identifiers, imported names and strings with the word; docstrings and comments left out."""
    tree = ast.parse(source)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    free_strings = set()
    for node in ast.walk(tree):
        if isinstance(node, documented):
            # A string that is a statement documents what it stands in or below.
            free_strings |= {
                id(line.value)
                for line in node.body
                if isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant)
            }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str) and id(node) not in free_strings:
                yield from (word for word in node.value.split() if WORD in word.lower())
            continue
        names = (getattr(node, field, None) for field in ("id", "attr", "name", "arg", "module"))
        yield from (name for name in names if isinstance(name, str) and WORD in name.lower())


def product_files() -> dict[str, str]:
    return {
        name: path.read_text("utf-8")
        for folder in ("app", "editor", "inference")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if not (name := path.relative_to(ROOT).as_posix()).startswith(BEHIND_THE_PORT)
    }


def test_product_code_does_not_know_the_world_and_every_excuse_is_needed() -> None:
    found = {name: list(mentions(text)) for name, text in product_files().items()}
    assert {name: words for name, words in found.items() if words and name not in EXCUSED} == {}
    assert [name for name in EXCUSED if not found[name]] == []


@pytest.mark.parametrize(
    "source",
    [
        "from inference.starter.storybook import x",
        "from inference.starter import storybook",
        "in_storybook = 1",
        "class Storybook: ...",
        "def f(storybook): ...",
        "x.storybook()",
        "f(storybook=1)",
        "world = 'storybook'",
        "Message(f'domain.{x}_storybook')",
    ],
)
def test_it_is_seen(source: str) -> None:
    assert list(mentions(source))


def test_docstrings_and_comments_may_say_it() -> None:
    source = '"""Of the storybook."""\nX = 1  # measured on the storybook\n"""The storybook."""\n'
    assert not list(mentions(source))
