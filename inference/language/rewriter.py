"""A language model as it was trained to rewrite prompts: with the LoRA that comes for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from inference.language.generate import Language
from inference.models.language_adapters import adapted
from inference.models.loaded import LoadedLanguage


@contextmanager
def rewriter(language: Language) -> Iterator[None]:
    """Within this context a model that such a LoRA comes for computes with it; others as ever.

    Raises:
        LoraUnfit: see `adapted`.
    """
    if isinstance(language, LoadedLanguage):
        with adapted(language, "rewrite"):
            yield
    else:
        yield
