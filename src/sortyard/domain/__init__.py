"""The words of the system as values: no framework, no file, no clock."""
