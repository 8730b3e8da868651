"""BERT (Devlin et al. 2019), whose names all others are translated to."""

from sortyard.training.encoders.families.family import Family

BERT = Family(types=("bert",), prefixes=("bert.",))
