"""Families of language models that see, as captioners."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final

from inference.models.family import Family
from inference.models.found_model import FoundModel
from inference.models.model_folder import ModelFolder
from inference.request.cancel import CancelCheck

if TYPE_CHECKING:
    from inference.models.devices import Device
    from inference.models.loaded import LoadedCaptioner

QUESTION: Final = "Say in one short sentence what this picture shows."


class VisionLanguageFamily(Family):
    """A chat model of transformers that is shown a picture and asked what it shows.

    Attributes:
        architecture: class of the network, which its config names.
        processor: class of the processor.
        picture_options: of the processor, for pictures.
    """

    roles = ("captioner",)
    short_types: ClassVar[tuple[str, ...]] = ("bfloat16",)
    preloads: ClassVar[bool] = False
    architecture: ClassVar[str]
    processor: ClassVar[str]
    picture_options: ClassVar[Mapping[str, Any]] = {}

    def recognise(self, folder: ModelFolder) -> FoundModel | None:
        """Known by its architecture."""
        if folder.architecture != self.architecture:
            return None
        return folder.found(self.name, "captioner", folder.weights())

    def load(self, model: FoundModel, device: Device, check: CancelCheck) -> LoadedCaptioner:
        """Network and processor, and the question in the model's own template."""
        import torch
        import transformers

        from inference.models.loaded import LoadedCaptioner
        from inference.models.stock import stock

        processor = getattr(transformers, self.processor).from_pretrained(
            model.folder, local_files_only=True
        )
        processor.tokenizer.padding_side = "left"  # so that all answers begin at one place
        content = [{"type": "image"}, {"type": "text", "text": QUESTION}]
        prompt = processor.apply_chat_template(
            [{"role": "user", "content": content}], add_generation_prompt=True
        )
        check()
        dtype = getattr(torch, self.dtype_name(model, device))
        network = stock(getattr(transformers, self.architecture), model.folder, dtype=dtype)
        return LoadedCaptioner(
            model,
            network.to(device.place),
            processor,
            device.place,
            dtype,
            prompt=prompt,
            picture_options=self.picture_options,
        )
