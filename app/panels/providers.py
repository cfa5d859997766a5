"""The tile sources of everything the canvas may show."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar, cast

import numpy as np

from app.canvas.canvas import Canvas
from app.canvas.mip_cache import MipCache
from app.canvas.provider import TileProvider
from app.canvas.pyramid import ImagePyramid
from app.canvas.result_provider import ResultProvider, picture_provider
from app.panels.paint_in import PaintIn
from app.session.session import Session
from editor.model.edit import Candidate
from editor.model.history import HistoryNode
from editor.model.image import Image
from editor.model.selection import Selection
from editor.render.result_blend import ResultBlend

KEPT_PROVIDERS = 12

Kept = TypeVar("Kept", ImagePyramid, ResultProvider)


class Providers:
    """Finds or makes the tile source of a node, a candidate or a look; keeps the latest few."""

    def __init__(
        self, session: Session, levels: MipCache, canvas: Canvas, paint_in: PaintIn
    ) -> None:
        self._session = session
        self._levels = levels
        self._canvas = canvas
        self._paint_in = paint_in
        self._providers: OrderedDict[str, ImagePyramid | ResultProvider] = OrderedDict()

    def close(self) -> None:
        """Drop everything: another document is shown."""
        self._paint_in.drop()
        for provider in self._providers.values():
            provider.close()
        self._providers.clear()

    def _kept(self, key: str, make: Callable[[], Kept]) -> Kept:
        # A digest of pixels and a key of a candidate never meet: the type of a key is fixed.
        found = cast("Kept | None", self._providers.get(key))
        if found is None:
            found = self._providers[key] = make()
        self._providers.move_to_end(key)
        while len(self._providers) > KEPT_PROVIDERS:
            oldest = next(iter(self._providers))
            if self._in_use(self._providers[oldest]):
                self._providers.move_to_end(oldest)
                if all(self._in_use(p) for p in self._providers.values()):
                    break
                continue
            self._providers.pop(oldest).close()
        return found

    def _in_use(self, provider: TileProvider) -> bool:
        mixed = self._paint_in.parts
        return provider in (*self._canvas.shown_providers(), *mixed)

    def of_node(self, node: HistoryNode) -> TileProvider | None:
        """The node's pixels; while they are made, the look that makes them."""
        if len(node.candidates) == 1 and node.opacity >= 1.0:
            rendered = self._providers.get(node.candidates[0].key)
            if rendered is not None:
                return rendered  # the same pixels, and on the canvas already
        if node.picture is not None:
            image = node.picture.image
            return self._kept(image.pixel_digest, lambda: picture_provider(image))
        document = self._session.document
        if document is None or node.parent is None or not node.candidates:
            return None
        return self.of_look(
            document.history.nodes[node.parent], ResultBlend.of_node(node), node.selection
        )

    def of_candidate(
        self, source: Image, candidate: Candidate, selection: Selection | None
    ) -> ResultProvider:
        """A result rendered in full; its tiles are made on worker threads."""
        return self._kept(
            candidate.key,
            lambda: ResultProvider(source, candidate, selection, self._levels, self._session.work),
        )

    def of_look(
        self, source: HistoryNode, look: ResultBlend, selection: Selection | None
    ) -> TileProvider | None:
        """What is looked at, faded and painted in as the artist has it now."""
        if source.picture is None:
            return None
        image = source.picture.image
        shown: TileProvider = self.of_candidate(image, look.first, selection)
        painting = self._session.view.paint_key is not None and look.second is not None
        if not painting and look.opacity >= 1.0 and look.paint is None:
            self._paint_in.drop()
            return shown
        if painting or look.paint is not None:
            assert look.second is not None
            top = self.of_candidate(image, look.second, selection)
            coverage = self._paint_in.painted
            if coverage is None:
                coverage = (
                    look.paint.array()
                    if look.paint is not None
                    else np.zeros((shown.size[1], shown.size[0]), np.uint8)
                )
            return self._paint_in.mixed(shown, top, 1.0, coverage)
        from editor.render.composite import moves_pixels  # heavy, and first needed with a picture

        before = self.of_node(source)
        if before is None or moves_pixels(look.first.patch):
            return shown  # a crop or a turn cannot be faded
        return self._paint_in.mixed(before, shown, look.opacity, None)
