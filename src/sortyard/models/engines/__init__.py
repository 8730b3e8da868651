"""The run-time libraries behind the models, one per file."""
