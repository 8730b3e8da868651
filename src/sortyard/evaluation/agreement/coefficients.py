"""
Agreement beyond chance: Krippendorff's alpha, Fleiss' kappa and Cohen's kappa.

All are one minus the disagreement that was observed, divided by that of people who answer by lot,
and differ in what they take for the lot. They are 1 where all agree, about 0 by chance, and not
defined where everybody always gives one and the same answer: then the lot agrees as well. That is
NaN here, and said in words by whoever shows it.

Leading axes may hold resampled data sets.
"""

import numpy as np

from sortyard.evaluation.agreement.distances import Distance, Floats


def alpha(split: Floats, answers: Floats, distance: Distance) -> Floats:
    """
    Krippendorff's alpha [Krippendorff 2018, ch. 12]; votes may be missing.

    `split` (…,) is the disagreement between any two votes on a message, in both orders, divided by
    its votes less one, summed over messages; `answers` (…, answers) counts the votes on messages
    that have two or more.
    """
    votes = answers.sum(axis=-1)
    return _beyond_chance(split * (votes - 1.0), distance.spread(answers, answers))


def fleiss_kappa(split: Floats, answers: Floats, distance: Distance) -> Floats:
    """
    Fleiss' kappa [Fleiss 1971]; with messages of several numbers of votes, each counts the same.

    `split` (…,) is the disagreement between two votes on a message, averaged over messages.
    """
    votes = answers.sum(axis=-1)
    return _beyond_chance(split * votes * votes, distance.spread(answers, answers))


def cohen_kappa(split: Floats, one: Floats, other: Floats, distance: Distance) -> Floats:
    """
    Cohen's kappa of two annotators [Cohen 1960; weighted for sets of labels, Cohen 1968].

    `split` (…,) is their disagreement summed over the messages that both saw; `one` and `other`
    (…, answers) count what each answered there.
    """
    return _beyond_chance(split * one.sum(axis=-1), distance.spread(one, other))


def binary_alpha(split: Floats, yes: Floats, votes: Floats) -> Floats:
    """Krippendorff's alpha of a yes or no, from the count of yes among all votes (…,)."""
    return _beyond_chance(split * (votes - 1.0), 2.0 * yes * (votes - yes))


def _beyond_chance(observed: Floats, expected: Floats) -> Floats:
    seen, lot = np.broadcast_arrays(
        np.asarray(observed, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    )
    share = np.full(lot.shape, np.nan)
    np.divide(seen, lot, out=share, where=lot > 0.0)
    return 1.0 - share
