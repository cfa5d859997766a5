"""One file for each protocol: its `INFO`, and what it measures."""
