"""Answer over a network: the desk that answers, and the fronts that bring messages to it."""
