"""Photo and prompt to mask: model families over ONNX Runtime behind one protocol.

The values that travel are in :mod:`tui_label.segment.types`, what the worker reports in
:mod:`tui_label.segment.events`.
"""
