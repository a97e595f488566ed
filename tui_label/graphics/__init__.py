"""Pictures in terminals: probe, viewport, scene, one painter a protocol. No Textual, no labels."""
