"""Rules of segmentation."""
