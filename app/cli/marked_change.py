from __future__ import annotations

from editor.model.prompt_edit.prompt_edit import Change

_MARKS = {"insert": "+ {0}", "delete": "− {0}", "replace": "{0} → {1}", "swap": "{0} ⇄ {1}"}


def marked(change: Change) -> str:
    """A change of a prompt with its sign."""
    return _MARKS[change.op].format(change.text, change.other)
