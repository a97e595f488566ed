"""Where images are: discovery, upright decoding, classes, and what is known of each image."""
