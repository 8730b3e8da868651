"""In which language a text is, and whether that is one that a release knows."""
