"""From words to settings; `read` is the only entry point of the grammar."""

from editor.tone.describe_settings import describe_settings
from editor.tone.help import STARTERS, diff_label, known_words, starter_phrases
from editor.tone.lexicon.scene_words import names_scene
from editor.tone.readings import Reading, read
from editor.tone.recolour_words import asks_recolour

__all__ = [
    "STARTERS",
    "Reading",
    "asks_recolour",
    "describe_settings",
    "diff_label",
    "known_words",
    "names_scene",
    "read",
    "starter_phrases",
]
