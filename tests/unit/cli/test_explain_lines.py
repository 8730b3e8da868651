"""What `sortyard explain` says of a score."""

from dataclasses import replace

from sortyard.cli.explain import explanation_lines
from sortyard.domain.explanations import Explanation, Term

EXPLANATION = Explanation(
    message_id="1",
    release="r1",
    dimension="team",
    label="billing",
    score=1.5,
    constant=-0.5,
    nearest=0.0,
    terms=(Term("card", "wording", 2.0),),
    look_alikes=(),
)


def test_a_reranker_is_named_only_where_it_had_a_say() -> None:
    plain = list(explanation_lines(EXPLANATION, most=8))
    reranked = list(explanation_lines(replace(EXPLANATION, reranked=True), most=8))

    assert "team: why billing (score +1.50)" in plain
    (added,) = [line for line in reranked if line not in plain]
    assert "reranker" in added
