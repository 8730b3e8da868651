"""The linear heads of the views, and what they are fitted on."""
