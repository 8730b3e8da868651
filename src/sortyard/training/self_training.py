"""
Learning from messages that nobody has labelled, where labels have few.

The heads of the labelled rows say what each of the others is likely to be; what near texts believe
corrects that, along a graph of all of them (Zhou et al. 2004; for deep features Iscen et al. 2019);
the heads learn from the result, and the second round begins with what they say now. A text that is
further from everything labelled than labelled rows are from each other is left out: it may carry
none of the labels.

Every set of heads makes its own guesses, from its own rows alone. So what is held out was never
seen, not even through a guess, and an unlabelled text is never judged on.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sortyard.models.calibration import softmax
from sortyard.models.heads import Scores
from sortyard.models.neighbours import Neighbours
from sortyard.training.material import Material
from sortyard.training.propagation import Graph
from sortyard.training.recipe import Recipe
from sortyard.training.truth import Truth
from sortyard.training.view_heads import Heads, fit_meaning, fit_student, fit_view_heads

# Chosen on BANKING77 and CLINC150 with 5 and 10 rows a label, on rows that neither taught nor
# tested. A third round gains nothing, and how much a guess counts matters little.
WEIGHTS = (1.5, 0.8, 5.0), (1.5, 0.5, 2.0)  # of meaning, wording and neighbours, each round
COUNTS = 0.3  # a guess beside a labelled row
DOUBT, SHARPNESS = 1.5, 2.0  # powers of a belief before it spreads, and after
SAID = 0.3  # how loud a guess is beside a labelled row before it spreads
STRANGE = 0.05  # of the labelled rows are further from the others than a text that is left out
FEWEST = 20  # texts that are near enough; fewer teach nothing


def fit_heads(material: Material, truth: Truth, recipe: Recipe, seed: int) -> Heads:
    """Fit the head of every view on all rows, and on what is guessed of unlabelled texts."""
    heads = fit_view_heads(material, truth, recipe, seed)
    if material.unlabelled is None:
        return heads
    spare = material.unlabelled
    nearness = spare.look.sentences @ material.look.sentences.T  # (unlabelled, rows)
    usable = near_enough(nearness, material.look.sentences)
    if usable.sum() < FEWEST:
        return heads
    near = Neighbours.of(truth.as_sets(), truth.count).scores(nearness.T)
    graph = Graph.of(np.concatenate([_deepest(material), _deepest(spare)]))
    deepest, wording = heads.meaning or heads.student, heads.wording.scores(spare.wording)
    shares = np.zeros((len(near), truth.count), dtype=np.float32)
    for weights in WEIGHTS:
        views = (deepest.scores(_deepest(spare)), wording, near)
        shares = COUNTS * _believed(graph, truth, _fused(views, weights)) * usable[:, None]
        if weights is not WEIGHTS[-1]:
            meaning = fit_meaning(material, truth, recipe, shares)
            deepest = meaning or fit_student(material, truth, recipe, shares)
    return fit_view_heads(material, truth, recipe, seed, shares)


def near_enough(nearness: NDArray[np.float32], sentences: NDArray[np.float32]) -> NDArray[np.bool_]:
    """
    Tell which texts are as near to labelled rows as these are to each other, (texts,).

    `nearness` (texts, rows) are their cosines; `sentences` (rows, width) the rows themselves.
    """
    among = sentences @ sentences.T
    np.fill_diagonal(among, -1.0)
    limit = np.quantile(among.max(axis=1), STRANGE)
    usable: NDArray[np.bool_] = nearness.max(axis=1) >= limit
    return usable


def _believed(graph: Graph, truth: Truth, scores: Scores) -> NDArray[np.float32]:
    """Let beliefs of the rows and of the other texts spread; (texts, labels) of the latter."""
    first = np.zeros((len(truth) + len(scores), truth.count), dtype=np.float32)
    first[np.arange(len(truth)), truth.single] = 1.0
    first[len(truth) :] = SAID * softmax(scores) ** DOUBT
    frequency = (truth.supports() + 1.0) / (len(truth) + truth.count)
    beliefs = graph.spread(first, frequency)[len(truth) :] ** SHARPNESS
    return np.asarray(beliefs / beliefs.sum(axis=1, keepdims=True), dtype=np.float32)


def _fused(views: Sequence[Scores], weights: Sequence[float]) -> Scores:
    fused: Scores = np.zeros_like(views[0])
    for view, weight in zip(views, weights, strict=True):
        fused += np.float32(weight) * view
    return fused


def _deepest(material: Material) -> NDArray[np.float32]:
    """What the encoder says of rows, or the student where there is none."""
    look = material.look
    return look.static if look.encoded is None else look.encoded
