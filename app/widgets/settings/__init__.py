"""Parts of the settings room: the list of sections, rows of a form."""
