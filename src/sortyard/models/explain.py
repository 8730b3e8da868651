"""Take the score of a label apart: no approximation, the parts add up to the score."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from sortyard.domain.errors import UnknownLabels
from sortyard.domain.explanations import Explanation, LookAlike, Term
from sortyard.models.cascade import Eyes
from sortyard.models.dimension import DimensionModel
from sortyard.models.encoders import CONTINUES, Encoder, TokenTerms
from sortyard.models.features import Held
from sortyard.models.line import Line, Seen
from sortyard.models.neighbours import Neighbours, Reference
from sortyard.models.rerank_stage import rerank

LOOK_ALIKES = 3
ASKED = np.ones(1, dtype=np.bool_)  # who wants a question explained has asked it


@dataclass(frozen=True, slots=True)
class Parts:
    """What adds up to the score of one label for one text."""

    score: float
    constant: float
    nearest: float
    terms: tuple[Term, ...]


def explanation(  # noqa: PLR0913 -- whose answer it is, and what it says
    model: DimensionModel,
    eyes: Eyes,
    text: str,
    label: str | None,
    *,
    held: Held = (),
    message_id: str,
    release: str,
) -> Explanation:
    """
    Take apart the score of a label for a prepared text; of the most probable where none is named.

    `held` are the features that came with the text. The encoder reads the text where there is one,
    and where that leaves its labels close, so does the reranker: it has a say in which one is the
    most probable. Raises UnknownLabels.
    """
    seen = eyes.glance([text], [held])
    line, encoder = model.student, eyes.static
    if model.full is not None and eyes.encoder is not None:
        seen = eyes.read([text], seen.wording)
        line, encoder = model.full, eyes.encoder
    if label is not None and label not in model.labels:
        raise UnknownLabels([label], model.labels, "The request")
    chances = line.judge(seen).probabilities
    close = line is model.full and eyes.reranker is not None and bool(model.is_close(chances)[0])
    if label is None and close and eyes.reranker is not None:
        examples = eyes.examples(seen)
        (found,) = rerank([text], [model], [chances], [ASKED], eyes.reranker, examples=examples)
        chances = found.probabilities
    column = int(chances[0].argmax()) if label is None else model.labels.index(label)
    parts = take_apart(line, encoder, eyes, text=text, seen=seen, label=column)
    alike: tuple[LookAlike, ...] = ()
    if line.neighbours is not None and eyes.reference is not None:
        alike = look_alikes(eyes.reference, line.neighbours, model.labels, seen, LOOK_ALIKES)
    return Explanation(
        message_id=message_id,
        release=release,
        dimension=model.dimension.name,
        label=model.labels[column],
        score=parts.score,
        constant=parts.constant,
        nearest=parts.nearest,
        terms=parts.terms,
        look_alikes=alike,
        reranked=close,
    )


def take_apart(  # noqa: PLR0913 -- the line, what it looks with, and what it looks at
    line: Line, encoder: Encoder, eyes: Eyes, *, text: str, seen: Seen, label: int
) -> Parts:
    """
    Take apart the score of a label, or the log-odds of one that is known by its card alone.

    Such log-odds hang on the cosine to the card, and on the best score of a label that has rows:
    both are sums over the text.
    """
    scores = line.label_scores(line.scores(seen))[0]
    tokens = encoder.token_terms(text)
    if label < len(scores):
        return _of_score(line, tokens, eyes, seen, label)
    cards, card = line.cards, label - len(scores)
    best = Parts(score=0.0, constant=0.0, nearest=0.0, terms=())  # where no label has rows
    if len(scores):
        best = _of_score(line, tokens, eyes, seen, int(scores.argmax()))
    familiarity = np.array([best.score], dtype=np.float32)
    cosines = tokens.vectors[:, -encoder.width :] @ cards.vectors[card] * cards.slope
    against = [Term(one.text, one.view, one.contribution * cards.against) for one in best.terms]
    return Parts(
        score=float(cards.log_odds(seen.sentences[:1], familiarity)[0, card]),
        constant=cards.offset + cards.against * best.constant,
        nearest=cards.against * best.nearest,
        terms=_largest_first([*_named(tokens, cosines), *against]),
    )


def look_alikes(
    reference: Reference, neighbours: Neighbours, labels: tuple[str, ...], seen: Seen, count: int
) -> tuple[LookAlike, ...]:
    """Find the labelled examples that are nearest to the text, nearest first."""
    similarities = seen.similarities
    if similarities is None:
        return ()
    labelled = np.unique(neighbours.members)
    near = similarities[labelled, 0]
    best = labelled[np.argsort(-near, kind="stable")[:count]]
    return tuple(
        LookAlike(
            reference.ids[one],
            tuple(labels[column] for column in neighbours.labels_of(int(one))),
            float(similarities[one, 0]),
            reference.texts[one],
        )
        for one in best
    )


def _of_score(line: Line, tokens: TokenTerms, eyes: Eyes, seen: Seen, label: int) -> Parts:
    weights, share = line.weights, line.share(label)
    meaning = tokens.vectors @ (line.meaning.weights @ share) * weights.meaning
    row = seen.wording[[0]]
    grams = row.data * (line.wording.weights[row.indices] @ share) * weights.wording
    near = line.near(seen)
    return Parts(
        score=float(line.label_scores(line.scores(seen))[0, label]),
        constant=float(line.meaning.biases @ share) * weights.meaning
        + float(line.wording.biases @ share) * weights.wording,
        nearest=0.0 if near is None else float(near[0] @ share) * weights.neighbours,
        terms=_largest_first(
            [
                *_named(tokens, meaning),
                *(
                    Term(*eyes.piece(int(gram)), float(part))
                    for gram, part in zip(row.indices, grams, strict=True)
                    if part  # a feature that helps another dimension says nothing here
                ),
            ]
        ),
    )


def _named(tokens: TokenTerms, parts: Iterable[float]) -> list[Term]:
    """
    Join the pieces of each word, as it stands in the text; what they add is summed.

    The marks that an encoder adds by itself stand in no place of the text. They become one term
    without a text.
    """
    words: list[tuple[str, float]] = []
    marks, end = 0.0, -1
    for token, (start, stop), part in zip(tokens.tokens, tokens.spans, parts, strict=True):
        if start == stop:
            marks += float(part)
        elif start == end and token.startswith(CONTINUES):
            word, sum_ = words[-1]
            words[-1] = (word + token.removeprefix(CONTINUES), sum_ + float(part))
        else:
            words.append((token, float(part)))
        end = stop
    terms = [Term(word, "meaning", added) for word, added in words]
    return [*terms, Term("", "meaning", marks)] if marks else terms


def _largest_first(terms: Iterable[Term]) -> tuple[Term, ...]:
    """Join equal terms, and order them by the size of what they add."""
    sums: defaultdict[tuple[str, str], float] = defaultdict(float)
    for term in terms:
        sums[term.view, term.text] += term.contribution
    joined = [Term(text, view, total) for (view, text), total in sums.items()]
    return tuple(sorted(joined, key=lambda term: -abs(term.contribution)))
