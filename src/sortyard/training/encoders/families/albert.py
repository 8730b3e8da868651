"""ALBERT (Lan et al. 2020): one layer that serves as all of them, and narrow word vectors."""

from sortyard.training.encoders.families.family import Family

ALBERT = Family(
    types=("albert",),
    prefixes=("albert.",),
    names={
        "encoder.embedding_hidden_mapping_in.": "embeddings_project.",
        "encoder.albert_layer_groups.": "encoder.layer.",
        ".albert_layers.0.": ".",
        ".attention.query.": ".attention.self.query.",
        ".attention.key.": ".attention.self.key.",
        ".attention.value.": ".attention.self.value.",
        ".attention.dense.": ".attention.output.dense.",
        ".attention.LayerNorm.": ".attention.output.LayerNorm.",
        ".ffn.": ".intermediate.dense.",
        ".ffn_output.": ".output.dense.",
        ".full_layer_layer_norm.": ".output.LayerNorm.",
    },
    activation="gelu_new",
    embedding=True,
    mapped=True,
    shared=True,
)
