"""
Fourteen language models as annotators of 1,000 complaints: how far they agree, and who is right.

Kappa and alpha are held against reference implementations. The consensus is made without the
truth, and so is the choice among ways to make it: by how many votes it tells that were left out.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import process_time
from typing import TypeAlias

import krippendorff
import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score
from sklearn.model_selection import cross_val_predict

from benchmarks.archives import data_folder, read
from benchmarks.results import Section, arguments, number, percent
from benchmarks.runs import report
from sortyard.data.vote_file import read_votes
from sortyard.data.votes import Votes
from sortyard.evaluation.agreement.consensus import find_consensus
from sortyard.evaluation.agreement.dawid_skene import COMMON_VOTES
from sortyard.evaluation.agreement.measuring import Agreement, measure_agreement
from sortyard.evaluation.comparison import compare_single
from sortyard.evaluation.intervals import exact_interval

try:
    from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa
except ImportError:  # it is installed for this figure alone
    fleiss_kappa = None

SEED = 13
FEW = 3  # votes of a message, where most are left out
REPEATS = 10
FOLDS = 10
DECIDED = 100  # messages

Answers: TypeAlias = NDArray[np.intp]  # (messages,) place of the answer, -1 where there is none
Way: TypeAlias = Callable[[Votes], Answers]


@dataclass(frozen=True, slots=True)
class Panel:
    """Votes, and the place of the true answer of each message; -1 where nobody ever gave it."""

    votes: Votes
    truth: Answers

    @property
    def table(self) -> Answers:
        """Messages by annotators."""
        votes = self.votes
        found = np.full((len(votes.messages), len(votes.annotators)), -1, dtype=np.intp)
        found[votes.message, votes.annotator] = votes.answer
        return found


def main() -> None:
    given = arguments(__doc__).parse_args()
    panel = _panel(data_folder() / "cfpb_votes" / "complaints.csv", given.rows)
    report("agreement")
    began = process_time()
    agreement = measure_agreement(panel.votes, rng=np.random.default_rng(SEED))
    seconds = process_time() - began
    _publish_figures(panel, agreement, seconds, write=given.write)
    report("consensus")
    _publish_voters(panel, agreement, write=given.write)
    _publish_consensus(panel, agreement, write=given.write)


def _panel(path: Path, rows: int | None) -> Panel:
    (votes,) = read_votes(path).dimensions
    place = {answer: at for at, answer in enumerate(votes.answers)}
    truth = np.array([place.get((row["product"],), -1) for row in read(path)], dtype=np.intp)
    if rows is None:
        return Panel(votes, truth)
    kept = votes.message < rows
    return Panel(replace(_only(votes, kept), messages=votes.messages[:rows]), truth[:rows])


def _only(votes: Votes, kept: NDArray[np.bool_]) -> Votes:
    return replace(
        votes,
        message=votes.message[kept],
        annotator=votes.annotator[kept],
        answer=votes.answer[kept],
    )


def _publish_figures(panel: Panel, ours: Agreement, seconds: float, *, write: bool) -> None:
    table = panel.table
    alpha = krippendorff.alpha(
        reliability_data=table.T.astype(float), level_of_measurement="nominal"
    )
    fleiss = None if fleiss_kappa is None else fleiss_kappa(aggregate_raters(table)[0])
    place = {name: at for at, name in enumerate(panel.votes.annotators)}
    pairs = [
        (cohen_kappa_score(table[:, place[one.one]], table[:, place[one.other]]), one.kappa.value)
        for one in ours.cohen.pairs
    ]
    cohen = float(np.mean([reference for reference, _ in pairs]))
    apart = max(abs(reference - value) for reference, value in pairs if value is not None)
    rows = [
        _compared("Krippendorff's alpha", ours.alpha.value, alpha, "krippendorff"),
        _compared("Fleiss' kappa", ours.fleiss.value, fleiss, "statsmodels"),
        _compared(f"Cohen's kappa, mean of {len(pairs)}", ours.cohen.mean, cohen, "scikit-learn"),
    ]
    interval = ours.alpha.interval
    Section(
        name="agreement",
        title="Agreement of 14 voters on 1,000 complaints",
        about=f"`cfpb_votes`: {len(panel.votes):,} votes of language models for one of five "
        "products, beside what reference implementations say of the same votes.",
        header=("figure", "Sortyard", "reference", "by", "apart"),
        rows=rows,
        remarks=[
            f"Of the {len(pairs)} pairs, the one furthest from the reference: {apart:.0e} apart.",
            f"95 % interval of alpha: {interval.low:.3f} to {interval.high:.3f}."
            if interval
            else "Too few messages for an interval.",
            f"All figures with their intervals, and the consensus: {seconds:.2f} CPU seconds.",
        ],
    ).publish(write=write)


def _compared(name: str, value: float | None, reference: float | None, by: str) -> list[str]:
    apart = "-" if value is None or reference is None else f"{abs(value - reference):.0e}"
    return [name, number(value, digits=6), number(reference, digits=6), by, apart]


def _publish_voters(panel: Panel, ours: Agreement, *, write: bool) -> None:
    right = (panel.table == panel.truth[:, None]).mean(axis=0)
    order = np.argsort(-right, kind="stable")
    against = {one.annotator: one for one in ours.annotators}
    names = panel.votes.annotators
    Section(
        name="agreement-voters",
        title="Each voter, against the others and against the truth",
        about="Only the last column knows the truth. `As most`: the share of votes that are what "
        "most of the other thirteen say; `reliability`: what Dawid-Skene estimates.",
        header=("voter", "as most, %", "95 % interval", "reliability, %", "right, %"),
        rows=[
            [
                names[at],
                percent(against[names[at]].share),
                _interval(against[names[at]].same, against[names[at]].compared),
                percent(ours.consensus.reliability[names[at]]),
                percent(float(right[at])),
            ]
            for at in order
        ],
    ).publish(write=write)


def _publish_consensus(panel: Panel, ours: Agreement, *, write: bool) -> None:
    table, names = panel.table, panel.votes.annotators
    right = (table == panel.truth[:, None]).mean(axis=0)
    best = int(right.argmax())
    trusted = max(names, key=lambda name: ours.consensus.reliability[name])
    ways: dict[str, Way] = {"majority": _majority}
    for strength in (0.1, 1.0, COMMON_VOTES, 100.0):
        chosen = ", as Sortyard does" if strength == COMMON_VOTES else ""
        ways[f"Dawid-Skene, {strength:g} common votes{chosen}"] = _weighed(strength)
    rows = [
        [name, *_told(panel.votes, way), *_right(panel, way(panel.votes), table[:, best])]
        for name, way in ways.items()
    ]
    top = [one.message for one in ours.work[:DECIDED]]
    by_lot = np.random.default_rng(SEED).permutation(panel.votes.messages)[:DECIDED].tolist()
    others = {
        "majority of the majorities of four makers": _by_maker(panel.votes),
        "majority, if it were known that all labels are as frequent": _balanced(panel),
        f"the voter with the best reliability, {trusted}": table[:, names.index(trusted)],
        f"as Sortyard does, {DECIDED} decided by lot": _decided(panel, by_lot),
        f"as Sortyard does, {DECIDED} decided from the top of the work list": _decided(panel, top),
        f"the best voter by the truth, the same {DECIDED} decided": np.where(
            np.isin(panel.votes.messages, top), panel.truth, table[:, best]
        ),
        f"the best voter by the truth, {names[best]}": table[:, best],
        "a linear model of all votes that is shown the truth, cross-validated": _shown(panel),
    }
    rows += [
        [name, "-", "-", *_right(panel, answers, table[:, best])]
        for name, answers in others.items()
    ]
    unanimous = (table == table[:, :1]).all(axis=1)
    all_agree = percent(float(unanimous.mean()))
    agreed = percent(float((table[:, 0] == panel.truth)[unanimous].mean()))
    Section(
        name="agreement-consensus",
        title="One answer from all votes",
        about="How the votes come to one answer. `Voter told` and `votes told` choose among the "
        "ways without the truth: how many votes of a voter who was left out the others tell, and "
        f"of all other votes from {FEW} of each message. Of the rows below those, the first three "
        "do not know the truth either, the next three know that of some messages, and the last two "
        f"of all. The difference to {names[best]}, the best single voter, is in points, with how "
        "likely one at least as large is by chance (exact McNemar test).",
        header=(
            "answer",
            "voter told, %",
            "votes told, %",
            "right, %",
            "95 % interval",
            "to the best voter",
            "p",
        ),
        rows=rows,
        remarks=[
            f"All voters agree on {all_agree} % of the messages; {agreed} % of those are right.",
            "What they get wrong they get wrong together, and no weighing of votes can tell that.",
            "How much a common rate counts was set by the two columns of left-out votes alone.",
        ],
    ).publish(write=write)


def _told(votes: Votes, way: Way) -> list[str]:
    """Tell votes that were left out by the answers from the rest: a measure without any truth."""
    everyone = range(len(votes.annotators))
    one = [_share_told(votes, way, votes.annotator != at) for at in everyone]
    rng = np.random.default_rng(SEED)
    few = []
    for _ in range(REPEATS):
        rank = np.empty(len(votes))
        order = np.lexsort((rng.random(len(votes)), votes.message))
        starts = np.searchsorted(votes.message, votes.message[order])
        rank[order] = np.arange(len(votes)) - starts
        few.append(_share_told(votes, way, rank < FEW))
    return [percent(float(np.mean(one)), digits=2), percent(float(np.mean(few)), digits=2)]


def _share_told(votes: Votes, way: Way, kept: NDArray[np.bool_]) -> float:
    answers = way(_only(votes, kept))
    rest = _only(votes, ~kept)
    return float((answers[rest.message] == rest.answer).mean())


def _right(panel: Panel, answers: Answers, best: Answers) -> list[str]:
    hits = answers == panel.truth
    one, other = best == panel.truth, hits
    found = compare_single(
        ["right"] * len(hits),
        ["right" if each else "wrong" for each in one],
        ["right" if each else "wrong" for each in other],
        rng=np.random.default_rng(SEED),
        replicates=10,
    )
    return [
        percent(float(hits.mean())),
        _interval(int(hits.sum()), len(hits)),
        f"{100 * (hits.mean() - one.mean()):+.1f}",
        f"{found.p_value:.3f}",
    ]


def _interval(hits: int, of: int) -> str:
    found = exact_interval(hits, of)
    return f"{100 * found.low:.1f} to {100 * found.high:.1f}"


def _counts(votes: Votes) -> NDArray[np.float64]:
    counts = np.zeros((len(votes.messages), len(votes.answers)))
    np.add.at(counts, (votes.message, votes.answer), 1.0)
    return counts


def _majority(votes: Votes) -> Answers:
    """Take the answer with the most votes; the more frequent one where two have as many."""
    counts = _counts(votes)
    return (counts + 1e-6 * counts.sum(axis=0) / counts.sum()).argmax(axis=1)


def _weighed(strength: float) -> Way:
    def way(votes: Votes) -> Answers:
        place = {answer: at for at, answer in enumerate(votes.answers)}
        found = find_consensus(votes, common_votes=strength).answers
        return np.array([-1 if one is None else place[one] for one in found], dtype=np.intp)

    return way


def _decided(panel: Panel, messages: Sequence[str]) -> Answers:
    """Let a person decide some messages, who knows the truth."""
    votes = panel.votes
    place = {answer: at for at, answer in enumerate(votes.answers)}
    truth = dict(zip(votes.messages, panel.truth.tolist(), strict=True))
    decided = {id_: votes.answers[truth[id_]] for id_ in messages}
    found = find_consensus(votes, decided=decided).answers
    return np.array([-1 if one is None else place[one] for one in found], dtype=np.intp)


def _by_maker(votes: Votes) -> Answers:
    """Let each maker of models have one vote, shared by its models."""
    maker = np.array([re.match("[a-z]+", name)[0] for name in votes.annotators])  # type: ignore[index]
    counts = np.zeros((len(votes.messages), len(votes.answers)))
    for one in np.unique(maker):
        own = _counts(_only(votes, (maker == one)[votes.annotator]))
        counts += own / own.sum(axis=1, keepdims=True)
    return counts.argmax(axis=1)


def _balanced(panel: Panel) -> Answers:
    """Scale the votes until every true label has as many of them [Sinkhorn & Knopp 1967]."""
    true = np.unique(panel.truth[panel.truth >= 0])
    shares = _counts(panel.votes)[:, true] + 1e-3
    for _ in range(1_000):
        shares /= shares.sum(axis=0)
        shares /= shares.sum(axis=1, keepdims=True)
    return true[shares.argmax(axis=1)]


def _shown(panel: Panel) -> Answers:
    votes = np.eye(len(panel.votes.answers))[panel.table].reshape(len(panel.truth), -1)
    learner = LogisticRegression(max_iter=2_000)
    return np.asarray(cross_val_predict(learner, votes, panel.truth, cv=FOLDS), dtype=np.intp)


if __name__ == "__main__":
    main()
