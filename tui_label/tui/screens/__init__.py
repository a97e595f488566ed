"""What lies over the picture for a moment."""
