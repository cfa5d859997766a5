"""From words to settings: `read` is the grammar's one door."""

from editor.tone.describe_settings import say, settings_line
from editor.tone.help import STARTERS, diff_label, known_words, starter_phrases
from editor.tone.readings import Reading, read

__all__ = [
    "STARTERS",
    "Reading",
    "diff_label",
    "known_words",
    "read",
    "say",
    "settings_line",
    "starter_phrases",
]
