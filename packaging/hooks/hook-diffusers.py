"""diffusers asks importlib.metadata for its own version and for `requests` at import."""

from PyInstaller.utils.hooks import copy_metadata

datas = copy_metadata("diffusers") + copy_metadata("requests") + copy_metadata("transformers")
