"""
Tuning an encoder on labelled messages: the only place that knows PyTorch.

What describes a tuning (`options`, `course`, `batches`, `rivals`) needs NumPy alone; import the
other modules where they run, since PyTorch takes seconds to load and is an extra.
"""
