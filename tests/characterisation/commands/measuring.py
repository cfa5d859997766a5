"""`evaluate` in its smallest form, and `storybook`."""

from __future__ import annotations

from tests.characterisation.running import Case


def starter(name: str, part: str, *more: str) -> Case:
    """One part of `evaluate starter`, on one scene."""
    argv = ("evaluate", "starter", "--n", "1", "--only", part, *more)
    return Case(f"evaluate-{name}", argv, (), "starter", loose=True)


MEASURING = (
    starter("judge", "judge", "--json"),
    starter("captioner-in-words", "captioner"),
    starter("domain", "domain", "--json"),
    starter("drawing", "text-to-image", "--steps", "2", "--seed", "1", "--sheets", "sheets"),
    Case("evaluate-starter-without", ("evaluate", "starter", "--n", "1", "--only", "clip",
         "--models", ".", "--json"), ("photo.png",)),
    Case("evaluate-ranking", ("evaluate", "ranking", "--groups", "1", "--edits", "0", "--json"),
         (), "starter", loose=True),
    Case("evaluate-ranking-in-words", ("evaluate", "ranking", "--groups", "1", "--edits", "0",
         "--seed", "3"), (), "starter", loose=True),
    Case("evaluate-ranking-made", ("evaluate", "ranking", "--groups", "0", "--edits", "1",
         "--steps", "1"), (), "starter", loose=True),
    Case("evaluate-adjust", ("evaluate", "adjust", ".", "--json"), ("photo.png",)),
    Case("no-evaluate-n", ("evaluate", "starter", "--n", "0", "--json")),
    Case("no-evaluate-part", ("evaluate", "starter", "--only", "poetry", "--json")),
    Case("no-evaluate-models", ("evaluate", "starter", "--models", "nowhere", "--json")),
    Case("no-evaluate-sheets", ("evaluate", "starter", "--sheets", "photo.png", "--json"),
         ("photo.png",)),
    Case("no-evaluate-groups", ("evaluate", "ranking", "--groups", "0", "--edits", "0", "--json")),
    Case("no-evaluate-ranking-models", ("evaluate", "ranking", "--models", ".", "--json")),
    Case("no-evaluate-protocol", ("evaluate", "poetry", "--json")),
    Case("no-evaluate-folder", ("evaluate", "adjust", "nowhere", "--json")),
    Case("storybook", ("storybook", "scenes", "--count", "2", "--size", "64", "--json")),
    Case("storybook-in-words", ("storybook", "scenes", "--count", "1", "--seed", "7", "--size",
         "48")),
    Case("storybook-none", ("storybook", "scenes", "--count", "0")),
    Case("no-storybook-folder", ("storybook", ".", "--json"), ("photo.png",)),
    Case("no-storybook-size", ("storybook", "scenes", "--size", "8", "--json")),
    Case("no-storybook-count", ("storybook", "scenes", "--count", "-1")),
)  # fmt: skip
