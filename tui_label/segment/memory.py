"""Embeddings kept in memory: least recently used go first, counted in bytes."""

from __future__ import annotations

from collections import OrderedDict

from tui_label.segment.types import Embedding

DEFAULT_BYTES = 512 * 1024 * 1024


class EmbeddingMemory:
    """Embeddings by image key.

    State: an LRU of values; the newest is kept even when it alone exceeds ``limit``. Owned by
    the inference worker and guarded by its lock.

    Args:
        limit: bytes, photos included where a segmenter keeps them.
    """

    def __init__(self, limit: int = DEFAULT_BYTES) -> None:
        self._limit = limit
        self._kept: OrderedDict[str, Embedding] = OrderedDict()

    def __contains__(self, key: str) -> bool:
        return key in self._kept

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return sum(embedding.nbytes for embedding in self._kept.values())

    def get(self, key: str) -> Embedding | None:
        """The embedding, which is now the most recently used."""
        embedding = self._kept.get(key)
        if embedding is not None:
            self._kept.move_to_end(key)
        return embedding

    def put(self, key: str, embedding: Embedding, keep: str | None = None) -> None:
        """Remember it and forget the oldest beyond the limit, but never ``keep``."""
        self._kept[key] = embedding
        self._kept.move_to_end(key)
        for oldest in list(self._kept):
            if self.nbytes <= self._limit:
                return
            if oldest not in (key, keep):
                del self._kept[oldest]
