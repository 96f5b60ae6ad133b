"""frame_sources."""
