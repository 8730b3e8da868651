"""What a training would take on this machine, and which recipe a time budget pays for."""
