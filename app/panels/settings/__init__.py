"""The settings: a room of its own with sections; every change acts at once."""
