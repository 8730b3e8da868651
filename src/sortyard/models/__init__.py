"""Fitted models as arrays: NumPy at run time, and nothing that trains."""
