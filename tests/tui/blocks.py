"""A segmenter whose answers are the same on every processor: the block of one colour."""

import cv2
import numpy as np

from tui_label.geometry.boxes import Size
from tui_label.geometry.masks import Region, region_from_mask
from tui_label.segment.types import (
    Candidate,
    Candidates,
    Capability,
    Embedding,
    Logits,
    Photo,
    Prompt,
)


class BlockSegmenter:
    """What has the colour of the first point and is connected with it."""

    key = "blocks"
    title = "blocks of one colour"
    capability = Capability()

    def embed(self, photo: Photo) -> Embedding:
        size = Size(photo.shape[1], photo.shape[0])
        return Embedding({}, size, size, 4, self.key, 0.0, photo)

    def decode(self, embedding: Embedding, prompt: Prompt) -> Candidates:
        photo, point = embedding.photo, prompt.points[0]
        assert photo is not None
        colour = photo[int(point.y), int(point.x)]
        same = (photo == colour).all(axis=2).astype(np.uint8)
        _, parts = cv2.connectedComponents(same, connectivity=4)
        region = region_from_mask(parts == parts[int(point.y), int(point.x)], embedding.size)

        def upsample(_: Logits) -> Region:
            return region

        return Candidates((Candidate(0.9, np.zeros((4, 4), np.float32), upsample),), 0.0)

    def snap(self, embedding: Embedding, prompt: Prompt, candidate: Candidate) -> Candidate:
        return candidate
