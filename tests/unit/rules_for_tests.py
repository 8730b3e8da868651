"""Rules for tests: one by hand, and Hypothesis strategies that draw sensible ones."""

from hypothesis import strategies as st

from sortyard.domain.rules import Act, Part, Rule, RuleStage, When, Words
from sortyard.domain.taxonomy import Kind, Taxonomy

SPOKEN = ("refund", "invoice", "printer", "laptop", "password", "parcel", "urgent", "case")
SOURCES = ("email", "form", "chat")


def answering(
    *patterns: str, name: str = "a rule", team: str = "billing", example: str | None = None
) -> Rule:
    """Make a rule that answers `team` where all these patterns are in a message."""
    return Rule(
        name=name,
        act=Act.ANSWER,
        labels={"team": (team,)},
        words=Words(every=patterns),
        examples=(example or " ".join(patterns),),
    )


def words() -> st.SearchStrategy[Words]:
    """Draw what a rule looks for, all of it words that tickets have."""
    some = st.lists(st.sampled_from(SPOKEN), max_size=2, unique=True).map(tuple)
    return st.builds(Words, part=st.sampled_from(Part), every=some, any_of=some, none_of=some)


@st.composite
def rules_on(draw: st.DrawFn, taxonomy: Taxonomy) -> Rule:
    """Draw a rule that can be meant, on some dimensions of a taxonomy."""
    act, chosen = draw(st.sampled_from(Act)), draw(words())
    where = draw(st.dictionaries(st.just("source"), st.tuples(st.sampled_from(SOURCES))))
    when = draw(st.just(When()) | _whens(taxonomy))
    if not (chosen.patterns or where or when):
        where = {"source": (SOURCES[0],)}
    stages = [RuleStage.AFTER] if when else list(RuleStage)
    return Rule(
        name=draw(st.text("abcdef", min_size=1)),
        act=act,
        labels=draw(_acted_on(taxonomy, act)),
        stage=draw(st.sampled_from(stages)),
        words=chosen,
        where=where,
        when=when,
        about=draw(st.text(max_size=5)),
        examples=("an example",) if chosen.patterns else (),
    )


def rule_lists(taxonomy: Taxonomy, *, most: int = 5) -> st.SearchStrategy[tuple[Rule, ...]]:
    """Draw the rules of a file, each under a name of its own."""
    one = rules_on(taxonomy)
    return st.lists(one, max_size=most, unique_by=lambda rule: rule.name).map(tuple)


@st.composite
def _whens(draw: st.DrawFn, taxonomy: Taxonomy) -> When:
    dimension = draw(st.sampled_from(taxonomy.dimensions))
    labels = draw(st.lists(st.sampled_from(dimension.paths), min_size=1, max_size=3, unique=True))
    limit = draw(st.none() | st.floats(min_value=0.0, max_value=1.0))
    return When(labels={dimension.name: tuple(labels)}, confidence_below=limit)


@st.composite
def _acted_on(draw: st.DrawFn, taxonomy: Taxonomy, act: Act) -> dict[str, tuple[str, ...]]:
    least = 0 if act is Act.REVIEW else 1
    dimensions = draw(
        st.lists(
            st.sampled_from(taxonomy.dimensions), min_size=least, unique_by=lambda one: one.name
        )
    )
    acted = {}
    for one in dimensions:
        exactly_one = act is Act.ANSWER and one.kind is Kind.SINGLE
        fewest = 1 if exactly_one or act is Act.VETO else 0
        most = 1 if exactly_one else 0 if act is Act.REVIEW else 3
        labels = st.lists(st.sampled_from(one.paths), min_size=fewest, max_size=most, unique=True)
        acted[one.name] = tuple(draw(labels))
    return acted
