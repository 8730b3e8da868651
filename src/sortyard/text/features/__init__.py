"""Measures of a text that no model is needed for."""
