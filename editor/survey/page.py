"""The survey as one HTML page that needs no network and no other file."""

from __future__ import annotations

import base64
import html
import json
import re
from importlib import resources
from pathlib import Path
from typing import Any

from editor.survey.survey import FIELDS, Survey


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
    # "<" within JSON is written as an escape: no text can end the script that it stands in.
    words = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    return filled("page.html", title=html.escape(survey.title), data=words)


def filled(template: str, **parts: str) -> str:
    """A page of `resources/survey` with parts in the places that name them ("{{title}}").

    The places are filled at once: a part that holds such a name itself stays as it is.
    """
    text = (resources.files("resources") / "survey" / template).read_text("utf-8")
    return re.sub(r"\{\{(\w+)\}\}", lambda place: parts[place[1]], text)
