"""
A small causal language model that is taught to spell the label of a message.

The heavy way: it needs PyTorch to answer, too, and is no part of a release. `options`, `prompt` and
`trie` need NumPy alone; import the other modules where they run.
"""
