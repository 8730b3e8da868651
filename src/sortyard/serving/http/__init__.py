"""The front that speaks HTTP."""
