"""Photo and prompt to mask: model families over ONNX Runtime behind one protocol.

What other floors use is named here; the values that travel are in
:mod:`tui_label.segment.types`, what the worker reports in :mod:`tui_label.segment.events`.
"""

from tui_label.segment.download import pull
from tui_label.segment.loading import load_segmenter
from tui_label.segment.store import ListedModel, ModelCard, ModelFile, list_models, model_card
from tui_label.segment.worker import InferenceWorker

__all__ = [
    "InferenceWorker",
    "ListedModel",
    "ModelCard",
    "ModelFile",
    "list_models",
    "load_segmenter",
    "model_card",
    "pull",
]
