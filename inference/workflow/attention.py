from __future__ import annotations

from collections.abc import Callable

from editor.errors import NotUnderstood
from editor.messages import Message
from editor.model.image import Image
from inference.models.loaded import LoadedDiffusion
from inference.models.store import ModelStore
from inference.request.cancel import CancelToken
from inference.request.jobs import AttentionJob, AttentionReady, Event, Progress
from inference.request.registry import method


def run_attention_job(
    job: AttentionJob, models: ModelStore, emit: Callable[[Event], None], token: CancelToken
) -> AttentionReady:
    """Run an `AttentionJob` with the model that would serve its method.

    Raises:
        NotUnderstood: there is no caption.
        ModelMissing: no model serves the method.
    """
    from inference.diffusion.precision import in_safe_precision
    from inference.diffusion.word_attention import word_attention

    if not isinstance(job.source, Image):
        raise TypeError("references are resolved before a job runs")
    source, caption = job.source, " ".join(job.caption.split())
    if not caption:
        raise NotUnderstood(Message("caption.missing"), Message("do.write_caption"))
    info = method(job.method)
    models.require(info)
    role = info.roles[0]
    with models.using(models.refs(info)):
        if not models.is_loaded(role):
            emit(Progress(job.id, "loading", 0, 1))

        def look(model: LoadedDiffusion) -> AttentionReady:
            found = word_attention(model, source, caption, token.check)
            return AttentionReady(job.id, caption, found.words, found.maps, found.place)

        return in_safe_precision(models, role, look)
