"""Writing a file of triples: by a language model, or by the storybook's grammar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inference.lab.finetune.caption_examples import read_captions
from inference.lab.finetune.edit_texts.storybook_triples import (
    is_true,
    storybook_captions,
    storybook_triples,
)
from inference.lab.finetune.edit_texts.text_triple import write_triples
from inference.lab.finetune.edit_texts.written_triples import written_triples
from inference.lab.finetune.word_filter import WordFilter


@dataclass(frozen=True)
class EditTextOptions:
    """What is written.

    Attributes:
        model: folder of a model that `pentimento train edit-texts` wrote; None for the grammar.
        captions: file of captions to edit; None for captions of random storybook scenes.
        count: captions at most.
        word_filter: file of unwanted words; None for the shipped one.
        seed: of scenes and answers.
    """

    model: Path | None
    captions: Path | None
    count: int
    word_filter: Path | None
    seed: int


def make_edit_texts(
    options: EditTextOptions, file: Path, on_progress: Callable[[float], None]
) -> dict[str, Any]:
    """Write the triples; returns how many there are, and of storybook captions how many are true.

    Raises:
        NoCaptions, BadWordFilter: a file cannot be used.
    """
    words = WordFilter.read(options.word_filter)
    count = options.count
    if options.model is None:
        triples = list(storybook_triples(count, options.seed))
    else:
        from inference.lab.finetune.tuning_language import load_language
        from inference.models.libraries import prepare_libraries, quiet

        prepare_libraries()
        quiet()
        if options.captions is None:
            captions = storybook_captions(count, options.seed)
        else:
            captions = words.kept(read_captions(options.captions))[0][:count]
        count = len(captions)
        language = load_language(options.model)
        triples = list(written_triples(language, captions, options.seed, words, on_progress))
    file.parent.mkdir(parents=True, exist_ok=True)
    write_triples(triples, file)
    report: dict[str, Any] = {"captions": count, "triples": len(triples)}
    if options.captions is None:
        report["true"] = sum(map(is_true, triples))
    return report
