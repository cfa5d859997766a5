"""The list of commands on the docs page is the program's own."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli.commands import parser

PAGE = Path(__file__).resolve().parents[2] / "docs" / "command-line.md"


def commands(
    node: argparse.ArgumentParser, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], argparse.ArgumentParser]]:
    """Every command with its parser, by its words: ("evaluate", "words")."""
    below = [one for one in node._actions if isinstance(one, argparse._SubParsersAction)]
    if not below:
        yield path, node
    for action in below:
        for name, child in action.choices.items():
            yield from commands(child, (*path, name))


COMMANDS = dict(commands(parser()))


def listed() -> dict[tuple[str, ...], str]:
    """What the page lists behind each command; several lines of one command together."""
    (block,) = re.findall(r"```\n(pentimento edit .*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    found: dict[tuple[str, ...], str] = {}
    paths: list[tuple[str, ...]]
    for line in re.sub(r"\n +", " ", block).splitlines():
        text = line.removeprefix("pentimento ")
        if text.startswith("models "):
            names, rest = re.match(r"models ((?:\w+ \| )*\w+)(.*)", text).groups()  # type: ignore[union-attr]
            paths = [("models", name) for name in names.split(" | ")]
        elif tuple(text.split(" ")[:2]) in COMMANDS:
            first, second, rest = (text + "  ").split(" ", 2)
            paths = [(first, second)]
        else:
            first, rest = (text + " ").split(" ", 1)
            paths = [(first,)]
        for path in paths:
            found[path] = f"{found.get(path, '')} {rest}"
    return {
        path: rest + elsewhere(path, rest)
        for path, rest in found.items()
        if not path[0].startswith("--")
    }


def elsewhere(path: tuple[str, ...], rest: str) -> str:
    """What another page lists behind a command, where this one says "[options: docs/PAGE.md]"."""
    named = re.search(r"\[options: docs/([\w-]+\.md)\]", rest)
    if named is None:
        return ""
    page = (PAGE.parent / named.group(1)).read_text("utf-8")
    begin = page.index(f"pentimento {' '.join(path)} ")
    return " " + re.split(r"\n(?! )", page[begin:], maxsplit=1)[0].replace("\n", " ")


def test_every_command_is_listed() -> None:
    assert set(listed()) == set(COMMANDS)


@pytest.mark.parametrize("path", sorted(COMMANDS), ids=" ".join)
def test_its_options_and_their_defaults_are_listed(path: tuple[str, ...]) -> None:
    text = listed()[path]
    options = {
        max(one.option_strings, key=len): one
        for one in COMMANDS[path]._actions
        if one.option_strings and one.dest != "help"
    }
    assert set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", text)) == set(options)
    for name, value in re.findall(r"(--[a-z-]+) (\d+)(?=[\]\s])", text):
        assert str(options[name].default) == value, name
