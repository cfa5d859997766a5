"""Sentence encoders (Reimers and Gurevych 2019) in the folder layout of sentence-transformers."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from editor.messages import Message
from inference.models.family import Family
from inference.models.found_model import FoundModel, Refused
from inference.models.model_folder import ModelFolder
from inference.request.cancel import CancelCheck

if TYPE_CHECKING:
    from inference.models.devices import Device
    from inference.models.loaded import LoadedSentenceEncoder

_POOLING: Final = "1_Pooling"


class SentenceTransformers(Family):
    """BERT, the mean over its tokens, length one."""

    name = "sentence-transformers"
    roles = ("sentence_encoder",)
    short_types: ClassVar[tuple[str, ...]] = ()

    def recognise(self, folder: ModelFolder) -> FoundModel | None:
        """Known by `modules.json` beside a BERT; other poolings are refused."""
        if "modules.json" not in folder.names or folder.architecture != "BertModel":
            return None
        pooling = folder.part(_POOLING).config("config.json") if _POOLING in folder.names else {}
        if not pooling.get("pooling_mode_mean_tokens"):
            raise Refused(Message("model.pooling_unknown"))
        return folder.found(self.name, self.roles[0], folder.weights())

    def load(self, model: FoundModel, device: Device, check: CancelCheck) -> LoadedSentenceEncoder:
        """Network and tokenizer, in float32."""
        import torch
        import transformers

        from inference.models.loaded import LoadedSentenceEncoder
        from inference.models.stock import stock

        tokenizer = transformers.AutoTokenizer.from_pretrained(
            model.folder, local_files_only=True, trust_remote_code=False
        )
        check()
        network = stock(
            transformers.BertModel, model.folder, dtype=torch.float32, add_pooling_layer=False
        )
        return LoadedSentenceEncoder(model, network.to(device.place), tokenizer, device.place)


FAMILY: Final = SentenceTransformers()
