from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from editor.model.image import Image
from editor.model.selection import Selection
from inference.request.edit_job import EditJob
from inference.request.image_ref import ImageRef
from inference.request.jobs import ConceptJob, Job, RewriteJob, SuggestJob


def with_refs(job: Job, publish: Callable[[Image], ImageRef]) -> tuple[Job, tuple[ImageRef, ...]]:
    """The job as it crosses: every picture in it as a reference."""
    if isinstance(job, ConceptJob):
        return job, ()
    refs: list[ImageRef] = []

    def cross(pixels: Image | Selection | ImageRef | None) -> ImageRef | None:
        if pixels is None or isinstance(pixels, ImageRef):
            return pixels
        refs.append(publish(pixels.coverage if isinstance(pixels, Selection) else pixels))
        return refs[-1]

    if isinstance(job, EditJob):
        source = cross(job.source)
        assert source is not None
        selection, domain_picture = cross(job.selection), cross(job.domain_picture)
        crossing: Job = replace(
            job, source=source, selection=selection, domain_picture=domain_picture
        )
    elif isinstance(job, SuggestJob | RewriteJob):
        source = cross(job.source)
        crossing = replace(job, source=source, domain_picture=cross(job.domain_picture))
    else:
        crossing = replace(job, source=cross(job.source))
    return crossing, tuple(refs)
