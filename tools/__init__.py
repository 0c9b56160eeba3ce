"""Programs that make what ships."""
