"""Personal data: found by what it looks like, and treated as a workspace says."""
