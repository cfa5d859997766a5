"""Picture files in and out."""

from editor.formats.load import open_image, probe
from editor.formats.opened import OpenedImage, Probe, SourceFile
from editor.formats.save import SaveOptions, losses, save_image, save_source, written_format
from editor.formats.sniff import FORMATS, WRITTEN, format_of_name, sniff
from editor.formats.thumbnail import thumbnail

__all__ = [
    "FORMATS",
    "WRITTEN",
    "OpenedImage",
    "Probe",
    "SaveOptions",
    "SourceFile",
    "format_of_name",
    "losses",
    "open_image",
    "probe",
    "save_image",
    "save_source",
    "sniff",
    "thumbnail",
    "written_format",
]
