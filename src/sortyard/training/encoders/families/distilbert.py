"""DistilBERT (Sanh et al. 2019): half of BERT's layers, and no types of tokens."""

from sortyard.training.encoders.families.family import Family

DISTILBERT = Family(
    types=("distilbert",),
    prefixes=("distilbert.",),
    sizes={"layers": "n_layers", "width": "dim", "heads": "n_heads", "activation": "activation"},
    names={
        "transformer.layer.": "encoder.layer.",
        ".attention.q_lin.": ".attention.self.query.",
        ".attention.k_lin.": ".attention.self.key.",
        ".attention.v_lin.": ".attention.self.value.",
        ".attention.out_lin.": ".attention.output.dense.",
        ".sa_layer_norm.": ".attention.output.LayerNorm.",
        ".ffn.lin1.": ".intermediate.dense.",
        ".ffn.lin2.": ".output.dense.",
        ".output_layer_norm.": ".output.LayerNorm.",
    },
    typed=False,
)
