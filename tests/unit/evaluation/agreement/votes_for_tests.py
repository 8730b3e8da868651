"""Votes made up for tests, and the same as tables for reference implementations."""

import numpy as np
from hypothesis import strategies as st

from sortyard.data.votes import Votes
from sortyard.domain.taxonomy import Kind

LABELS = ("billing", "orders/late", "orders/lost", "sales", "other")


def votes_of(rows, *, kind=Kind.SINGLE, messages=()):
    """From one row a message with a label, a set of labels, or None for each annotator."""
    given = {
        (f"m{row}", f"a{column}"): (answer,) if isinstance(answer, str) else tuple(answer)
        for row, answers in enumerate(rows)
        for column, answer in enumerate(answers)
        if answer is not None
    }
    ids = [f"m{row}" for row in range(len(rows))]
    return Votes.of("team", kind, given, messages=[*ids, *messages])


def table_of(votes):
    """Messages by annotators: the place of the answer, NaN without a vote."""
    table = np.full((len(votes.messages), len(votes.annotators)), np.nan)
    table[votes.message, votes.annotator] = votes.answer
    return table


def simulated(rng, *, messages, annotators, labels, right):
    """Votes of independent annotators, and the truth: `right` is one share for each annotator."""
    truth = rng.integers(labels, size=messages)
    share = np.broadcast_to(right, annotators)
    rows = []
    for true in truth:
        wrong = (true + rng.integers(1, labels, size=annotators)) % labels
        given = np.where(rng.random(annotators) < share, true, wrong)
        rows.append([f"label {one}" for one in given])
    return votes_of(rows), [f"label {one}" for one in truth]


def rows(*, most=12, least=2, missing=True):
    """Tables of votes with at least one message that two people saw."""
    cell = st.sampled_from(LABELS[:4])
    if missing:
        cell = st.one_of(st.none(), cell)
    table = st.integers(2, 5).flatmap(
        lambda people: st.lists(
            st.lists(cell, min_size=people, max_size=people), min_size=least, max_size=most
        )
    )
    return table.filter(lambda found: any(sum(one is not None for one in row) > 1 for row in found))
