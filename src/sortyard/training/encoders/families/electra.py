"""ELECTRA (Clark et al. 2020): small ones have word vectors narrower than their layers."""

from sortyard.training.encoders.families.family import Family

ELECTRA = Family(types=("electra",), prefixes=("electra.",), embedding=True)
