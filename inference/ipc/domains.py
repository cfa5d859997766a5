"""The worlds this program brings knowledge of. Every process that asks for one calls this first."""

from __future__ import annotations

from typing import Final

from inference.models.model_domain import ModelDomain, register_domain

STORYBOOK: Final = "storybook"
"""The world of the starter models, as their `world.json` names it."""


def register_domains() -> None:
    """Register them by name; each is imported when it is first needed."""
    register_domain(STORYBOOK, _storybook)


def _storybook() -> ModelDomain:
    from inference.starter.storybook import Storybook

    return Storybook()
