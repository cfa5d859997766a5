"""Where a picture was taken is left out unless it is asked for; everything else stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image as Pillow

from editor.formats import SaveOptions, save_image
from editor.formats.place import names_place, only_place, without_place
from editor.model.image import Metadata
from tests.editor.formats.test_metadata import exif, icc, noise, read_exif

XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description dc:title="A hat" '
    b'exif:GPSLatitude="47,22.19N" photoshop:City="Zurich"><exif:GPSLongitude>8,32.4E'
    b"</exif:GPSLongitude></rdf:Description></rdf:RDF></x:xmpmeta>"
)
META = Metadata(icc(), (300.0, 300.0), exif(), XMP, (("Comment", "a hat"), ("GPS note", "Zurich")))


def test_what_names_the_place_goes_and_the_rest_stays() -> None:
    bare = without_place(META)
    assert names_place(META)
    assert not names_place(bare)
    assert bare.exif is not None
    assert META.exif is not None
    assert len(bare.exif) == len(META.exif), "offsets inside maker notes stay true"
    tags = read_exif(bare.exif)
    assert 0x8825 not in tags
    assert tags[0x010F] == "Camera & Sons"
    assert tags[0x9286] == b"ASCII\0\0\0a comment"
    assert tags.get_ifd(0x8769)[0x9003] == "2026:11:21 10:00:00"
    assert bare.xmp is not None
    assert b"A hat" in bare.xmp
    assert not any(word in bare.xmp for word in (b"GPS", b"Zurich", b"8,32.4E"))
    assert bare.text == (("Comment", "a hat"),)


def test_an_unknown_way_to_name_the_place_takes_the_packet_along() -> None:
    odd = b'<rdf:Description own:GPSTrack="47N 8E" dc:title="A hat"/>'
    assert without_place(Metadata(xmp=odd)).xmp is None


def test_only_the_place_can_be_kept() -> None:
    only = only_place(META)
    assert only.exif is not None
    tags = read_exif(only.exif)
    assert tags.get_ifd(0x8825)[2] == (47.0, 22.0, 11.5)
    assert (0x010F in tags, only.xmp, only.text) == (False, None, ())
    assert only_place(Metadata()).exif is None


@pytest.mark.parametrize("ending", [".png", ".jpg", ".webp", ".tif"])
def test_a_written_file_has_what_was_asked_for(tmp_path: Path, ending: str) -> None:
    image, path = replace(noise(), meta=META), tmp_path / f"a{ending}"
    notes = save_image(image, path, options=SaveOptions(place=False))
    assert "saved.place_left_out" in [note.code for note in notes]
    with Pillow.open(path) as written:
        tags = written.getexif()
        assert tags[0x010F] == "Camera & Sons"
        assert not tags.get_ifd(0x8825)
    assert b"Zurich" not in path.read_bytes()
    save_image(image, path)
    with Pillow.open(path) as written:
        assert written.getexif().get_ifd(0x8825)[2] == (47.0, 22.0, 11.5)
    plain = replace(noise(), meta=Metadata())
    assert save_image(plain, path, options=SaveOptions(place=False)) == ()


@pytest.mark.parametrize("ending", [".png", ".jpg", ".tif"])
def test_words_are_written_where_they_are_asked_for(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a{ending}"
    assert save_image(noise(), path, options=SaveOptions(words="warmer")) == ()
    assert b"warmer" in path.read_bytes()
    save_image(noise(), path)
    assert b"warmer" not in path.read_bytes()
