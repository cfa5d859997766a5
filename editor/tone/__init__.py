"""From words to settings; `read` is the only entry point of the grammar."""

from editor.tone.describe_settings import describe_settings
from editor.tone.help import STARTERS, diff_label, known_words, starter_phrases
from editor.tone.readings import Reading, read

__all__ = [
    "STARTERS",
    "Reading",
    "describe_settings",
    "diff_label",
    "known_words",
    "read",
    "starter_phrases",
]
