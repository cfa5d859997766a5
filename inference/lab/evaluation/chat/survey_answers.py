"""Answers of two groups as `pentimento survey make` takes them, so that people can compare them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from editor.formats import save_image
from editor.model.image import Image
from inference.lab.evaluation.chat.comparison import groups_of
from inference.lab.evaluation.chat.pictures import PromptPictures
from inference.lab.finetune.reinforce.requests import ChatRequest

ANSWERS: Final = "answers.jsonl"


def write_survey_answers(
    folder: Path,
    requests: Sequence[ChatRequest],
    prompts: dict[str, list[str]],
    groups: tuple[str, str],
    pictures: PromptPictures,
    seeds: Sequence[int],
) -> list[Path]:
    """Write ``answers.jsonl`` and a picture of each answer.

    Args:
        folder: made where it is missing.
        requests: that people see; none is chosen by its answers.
        prompts: the answers to these requests and perhaps more, by arm.
        groups: whose first arms are compared.
        pictures: draws the answers.
        seeds: of the pictures, one a request.

    Returns:
        The files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    arms = groups_of(list(prompts))
    lines, files = [], []
    for group in groups:
        answers = prompts[arms[group][0]][: len(requests)]
        drawn = pictures.draw(answers, seeds)
        for place, (request, answer) in enumerate(zip(requests, answers, strict=True)):
            file = folder / f"{group}-{place:03}.png"
            save_image(Image.from_array(drawn[place]), file)
            files.append(file)
            lines.append(
                {
                    "case": str(place),
                    "model": group,
                    "text": f"{request.prompt} → {request.instruction}",
                    "words": answer,
                    "picture": file.name,
                }
            )
    table = folder / ANSWERS
    table.write_text("".join(json.dumps(one) + "\n" for one in lines), "utf-8")
    return [table, *files]
