"""Pages that slide over the side column: never a window in front of the picture."""
