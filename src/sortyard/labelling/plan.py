"""Which messages to label next: those that would teach a model most, and some by chance."""

import numpy as np

from sortyard.domain.ports import Progress
from sortyard.labelling.picks import OVER, Chosen, Pick
from sortyard.labelling.pool import BATCH, Pool, Reading
from sortyard.labelling.ranking import Ranking
from sortyard.labelling.shortlist import Best, Draw
from sortyard.labelling.signals import doubt
from sortyard.labelling.spread import typical
from sortyard.labelling.strategies import COLD, USUAL, Mix, Strategy
from sortyard.models.classifier import Classifier
from sortyard.models.encoders import Embed
from sortyard.text.preparation import Preparation

SAMPLE = 20_000  # messages of a pool that are looked at where there is no release


def plan(  # noqa: PLR0913 -- what a plan rests on, by name
    pool: Pool,
    count: int,
    classifier: Classifier,
    embed: Embed,
    *,
    mix: Mix | None = None,
    rng: np.random.Generator,
    progress: Progress,
) -> tuple[Pick, ...]:
    """
    Choose the `count` messages to label next by what a release says of them.

    The pool is read in batches; of each strategy only a shortlist is kept, from which messages that
    lie apart are taken (`Ranking` says who reads a large one). A strategy that has nothing to
    choose from (no label has siblings, no example is doubtful) leaves its share to the others.
    Chance draws first, from the whole pool.
    """
    shares = mix or Mix(USUAL)
    if all(model.tree.is_flat for model in classifier.models):
        shares = shares.without(Strategy.SIBLINGS) or Mix({Strategy.MARGIN: 1.0})
    counts = dict(shares.counts(min(count, len(pool.messages))))
    random = Draw(counts.pop(Strategy.RANDOM, 0), rng)
    sizes = {one: OVER * counts.get(one, 0) + count for one in (*counts, Strategy.MARGIN)}
    read = Reading(pool, classifier.preparation)
    best = Ranking.of(classifier, read, sizes).shortlists(random, progress)
    chosen = Chosen(pool.messages)
    chosen.draw(random)
    if Strategy.DOUBTFUL in counts:
        chosen.doubted(_doubtful(pool, classifier, counts.pop(Strategy.DOUBTFUL)))
    with progress.stage("Choosing what lies apart", len(counts)) as advance:
        for one, wanted in counts.items():
            chosen.spread(one, best[one], wanted=wanted, read=read, embed=embed, rng=rng)
            advance(1)
    for one in (*counts, Strategy.MARGIN):  # what some had too little for, the others have
        chosen.fill(one, best[one], count)
    return tuple(chosen.picks[:count])


def plan_cold(  # noqa: PLR0913 -- as `plan`
    pool: Pool,
    count: int,
    preparation: Preparation,
    embed: Embed,
    *,
    mix: Mix | None = None,
    rng: np.random.Generator,
    progress: Progress,
) -> tuple[Pick, ...]:
    """
    Choose the `count` messages to label first, where no release can say anything yet.

    Of the pool a sample is looked at, and messages are taken that stand for many like them. Only
    `typical` and `random` have a say.
    """
    readers = [one for one in Strategy if one not in COLD]
    shares = (mix or Mix(COLD)).without(*readers) or Mix(COLD)
    counts = dict(shares.counts(min(count, len(pool.messages))))
    random = Draw(counts.pop(Strategy.RANDOM, 0), rng)
    sample = Draw(max(SAMPLE, OVER * count), rng)
    read = Reading(pool, preparation)
    with progress.stage("Reading the pool", len(pool.messages)) as advance:
        for places, texts in read.batches():
            random.see(places)
            sample.see(read.fresh(places, texts).places)
            advance(len(places))
    chosen = Chosen(pool.messages)
    chosen.draw(random)
    wanted = counts.get(Strategy.TYPICAL, 0)
    places = np.setdiff1d(sample.places, np.array(sorted(chosen.taken), dtype=np.intp))
    if wanted and len(places):
        known = [preparation.prepare(one.message) for one in pool.labelled[: len(places)]]
        with progress.stage("Looking for what is typical"):
            vectors = embed([*read.texts(places), *known])
            rows = typical(vectors[: len(places)], vectors[len(places) :], wanted, rng=rng)
        chosen.take(Strategy.TYPICAL, places[rows], np.ones(len(rows)))
    return tuple(chosen.picks[:count])


def _doubtful(pool: Pool, classifier: Classifier, wanted: int) -> list[Pick]:
    """Find the examples whose labels a release believes least."""
    best = Best(wanted)
    for start in range(0, len(pool.labelled), BATCH):
        part = pool.labelled[start : start + BATCH]
        messages = [one.message for one in part]
        texts = list(map(classifier.preparation.prepare, messages))
        judged = classifier.judge(texts, classifier.features_of(messages, texts))
        found = np.zeros(len(part), dtype=np.float32)
        for model in classifier.models:
            name = model.dimension.name
            asked = np.flatnonzero([name in one.labels for one in part])
            if len(asked):
                judgement = judged[name].take(asked)
                labels = [part[row].labels[name] for row in asked.tolist()]
                found[asked] = np.maximum(found[asked], doubt(model, judgement, labels))
        best.see(start + np.arange(len(part)), found)
    return [
        Pick(pool.labelled[place].message, Strategy.DOUBTFUL, value)
        for place, value in zip(best.places.tolist(), best.worth.tolist(), strict=True)
    ]
