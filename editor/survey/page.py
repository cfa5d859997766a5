"""The survey as one HTML page that needs no network and no other file."""

from __future__ import annotations

import base64
import html
import json
from importlib import resources
from pathlib import Path
from typing import Any, Final

from editor.survey.survey import FIELDS, Survey

_DATA: Final = "{{data}}"
_TITLE: Final = "{{title}}"


def page(survey: Survey, pictures: Path) -> str:
    """The page; it holds the pictures, and gives a rater a csv file at the end.

    Each rater sees the items in an order of their own, which follows from their name. What was
    answered so far is kept by the browser. The page may load nothing and send nothing.

    Args:
        survey: what is asked and shown.
        pictures: folder of the survey's pictures, WebP.
    """
    data: dict[str, Any] = {
        "id": survey.id,
        "title": survey.title,
        "fields": [field for field in FIELDS if field != "model"],
        "questions": [
            {
                "id": one.id,
                "text": one.text,
                "kind": one.kind,
                "levels": one.levels,
                "lowest": one.lowest,
                "highest": one.highest,
            }
            for one in survey.questions
        ],
        "items": [
            {
                "id": item.id,
                "text": item.text,
                "before": item.before,
                "shown": [{"picture": one.picture, "words": one.words} for one in item.shown],
            }
            for item in survey.items
        ],
        "pictures": {
            name: base64.b64encode((pictures / name).read_bytes()).decode("ascii")
            for name in survey.pictures
        },
    }
    template = (resources.files("resources") / "survey" / "page.html").read_text("utf-8")
    # "<" within JSON is written as an escape: no text can end the script that it stands in.
    words = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    return template.replace(_TITLE, html.escape(survey.title)).replace(_DATA, words)
