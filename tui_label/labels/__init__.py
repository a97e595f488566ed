"""Annotations and the label files that hold them, by the rules of Ultralytics."""
