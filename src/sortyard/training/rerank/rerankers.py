"""One cross-encoder for all dimensions: judged by held-out rows first, then trained on all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sortyard.domain.ports import Progress
from sortyard.models.reranker import PairScorer
from sortyard.training.lines import Stages
from sortyard.training.recipe import Recipe
from sortyard.training.rerank.crossing import Crossing
from sortyard.training.rerank.reranking import Reranked, fit_reranking
from sortyard.training.rerank.rivalry import rivalry_of
from sortyard.training.workshop import Workshop

NOTHING = "There is no reranker: no dimension with one label a message has held-out messages."


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerankers:
    """The cross-encoder that serves, what every dimension does with it, and what it brought."""

    scorer: PairScorer | None = None
    reranked: Mapping[str, Reranked] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def remark(self, tell: Callable[[str], None]) -> None:
        """Tell what a report should say of it."""
        for note in self.notes:
            tell(note)


def fit_rerankers(
    stages: Sequence[Stages], workshop: Workshop, recipe: Recipe, *, seed: int, progress: Progress
) -> Rerankers:
    """
    Train a cross-encoder where it pays, and learn in every dimension where it reads.

    What was held out says whether it pays (`Crossing.held_out`). Where no dimension gains, none is
    trained on all rows, and none is kept.
    """
    options = recipe.cross
    if options is None:
        return Rerankers()
    rivalries = {
        one.task.dimension.name: rivalry_of(one, options, keep_texts=recipe.keep_texts)
        for one in stages
    }
    close = {name: one for name, one in rivalries.items() if one is not None}
    crossing = Crossing(
        workshop=workshop,
        options=options,
        precision=recipe.precision,
        seed=seed,
        progress=progress,
    )
    scores = crossing.held_out(close) if close else None
    if scores is None:
        return Rerankers(notes=(NOTHING,))
    fitted = {name: fit_reranking(one, scores[name], recipe) for name, one in close.items()}
    notes = tuple(gain.told(name, options.most) for name, (_, gain) in fitted.items())
    reranked = {name: one for name, (one, _) in fitted.items() if one is not None}
    if not reranked:
        return Rerankers(notes=notes)
    scorer = crossing.of_all({name: close[name] for name in reranked})
    return Rerankers(scorer=scorer, reranked=reranked, notes=notes)
