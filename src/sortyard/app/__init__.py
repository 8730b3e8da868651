"""The composition root: the only code that knows all of the parts."""
