"""RoBERTa (Liu et al. 2019) and its kin: XLM-RoBERTa of 100 languages, CamemBERT of French."""

from sortyard.training.encoders.families.family import Family

ROBERTA = Family(
    types=("roberta", "xlm-roberta", "camembert"),
    prefixes=("roberta.",),
    behind_padding=True,
)
