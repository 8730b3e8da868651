"""The families of encoders that can be exported: what each one calls its parts."""
