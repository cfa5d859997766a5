"""From words to settings: `read` is the grammar's one door."""

from editor.words.help import STARTERS, diff_label, known_words, starter_phrases
from editor.words.readings import Reading, read
from editor.words.say import say, settings_line

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
