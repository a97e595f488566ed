"""Boxes, masks and polygons: pure values and functions over numpy and cv2, no I/O."""
