"""How the tables came to be what they are: one numbered step per change."""
