"""
Out-of-scope requests of CLINC150: how many are noticed, at how many false alarms.

The rule was set in advance: the limit of each score is the one that flags 3.5 % of the in-scope
VALIDATION rows, a little fewer than the 4 % that may be flagged, because 3,000 rows are a sample.
No test row has a say in it, and no out-of-scope row at all.
"""

import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

import sortyard
from benchmarks.archives import data_folder, read, thinned
from benchmarks.results import Section, arguments, number, percent
from benchmarks.runs import report, train, warm_up
from sortyard.models.cascade import Depth
from sortyard.models.classifier import Classifier

FLAGGED = 0.035
ALLOWED = 0.04
WANTED = 0.84
SETS = {"known": "val", "asked": "test", "strange": "oos_test"}
SIMPLE = ("1 - largest probability", "1 - margin", "1 - nearest similarity", "sum of the three")
SERVED = "Sortyard's novelty"

Scores: TypeAlias = Mapping[str, NDArray[np.float64]]


def main() -> None:
    given = arguments(__doc__).parse_args()
    data = data_folder() / "clinc150"
    report("training")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        warm_up(data / "train.csv", folder)
        archive, test = (
            thinned(data / f"{part}.csv", given.rows, folder) for part in ("train", "test")
        )
        options = ["--text", "text", "--label", "intent", "--test", str(test)]
        found = train(archive, options, workspace=folder / "workspace").found
        classifier = sortyard.load(found["folder"])
        texts = {role: _texts(data / f"{name}.csv", given.rows) for role, name in SETS.items()}
        table = [_as_served(classifier, texts)]
        for depth in (Depth.CASCADE, Depth.FULL):
            report(f"judging, {depth}")
            one = classifier.at_depth(depth)
            scored = {role: _scores(one, asked) for role, asked in texts.items()}
            table += [_line(depth, name, scored) for name in scored["known"]]
    rows = {role: f"{len(asked):,}" for role, asked in texts.items()}
    Section(
        name="novelty",
        title="Out of scope: CLINC150",
        about="Recipe `quick`, trained on the in-scope training rows. Limit: the score above "
        f"which {100 * FLAGGED:.1f} % of the {rows['known']} in-scope validation rows lie. Recall "
        f"on {rows['strange']} out-of-scope test rows, false alarms on {rows['asked']} in-scope "
        f"test rows. The bar: recall at least {100 * WANTED:.0f} % at no more than "
        f"{100 * ALLOWED:.0f} % false alarms. `As served` is the limit inside the "
        "release, learnt from its training rows alone.",
        header=("depth", "score", "limit", "recall, %", "false alarms, %", "ROC area", "the bar"),
        rows=table,
    ).publish(write=given.write)


def _texts(path: Path, count: int | None) -> Sequence[str]:
    texts = [row["text"] for row in read(path)]
    return texts[:: max(1, len(texts) // count)] if count else texts


def _as_served(classifier: Classifier, texts: Mapping[str, Sequence[str]]) -> list[str]:
    model = classifier.model_of("intent")
    limit = model.policy.novelty_limit
    known = {role: _novelty(classifier, asked) for role, asked in texts.items()}
    flagged = {
        role: np.zeros(len(novelty)) if limit is None else novelty >= limit
        for role, novelty in known.items()
    }
    named = number(limit, digits=4)
    return _figures(classifier.depth, "as served", named, flagged, known)


def _novelty(classifier: Classifier, texts: Sequence[str]) -> NDArray[np.float64]:
    prepared = [classifier.preparation(text) for text in texts]
    return classifier.judge(prepared)["intent"].novelty


def _scores(classifier: Classifier, texts: Sequence[str]) -> Scores:
    """Score texts by what the release says, and at full depth by what could be read off simply."""
    prepared = [classifier.preparation(text) for text in texts]
    judged = classifier.judge(prepared)["intent"]
    scores = {SERVED: judged.novelty}
    if classifier.depth is not Depth.FULL:
        return scores
    two = np.sort(judged.probabilities, axis=1)[:, -2:]
    nearest = _nearest(classifier, prepared)
    simple = [1.0 - two[:, 1], 1.0 - (two[:, 1] - two[:, 0]), 1.0 - nearest]
    named = zip(SIMPLE, [*simple, np.sum(simple, axis=0)], strict=True)
    return scores | {name: np.asarray(score, dtype=np.float64) for name, score in named}


def _nearest(classifier: Classifier, prepared: Sequence[str]) -> NDArray[np.float32]:
    """Find how similar the most similar training example is to each text."""
    eyes = classifier.eyes
    found = []
    for start in range(0, len(prepared), 512):
        some = prepared[start : start + 512]
        seen = eyes.read(some, eyes.glance(some).wording)
        if seen.similarities is None:
            sys.exit("this release keeps no examples")
        found.append(seen.similarities.max(axis=0))
    return np.concatenate(found)


def _line(depth: Depth, name: str, scored: Mapping[str, Scores]) -> list[str]:
    one = {role: scores[name] for role, scores in scored.items()}
    limit = float(np.quantile(one["known"], 1.0 - FLAGGED, method="higher"))
    flagged = {role: score > limit for role, score in one.items()}
    return _figures(depth, name, number(limit, digits=4), flagged, one)


def _figures(
    depth: Depth, name: str, limit: str, flagged: Mapping[str, NDArray[np.generic]], one: Scores
) -> list[str]:
    recall, alarms = float(flagged["strange"].mean()), float(flagged["asked"].mean())
    truth = np.repeat([0, 1], [len(one["asked"]), len(one["strange"])])
    area = float(roc_auc_score(truth, np.concatenate([one["asked"], one["strange"]])))
    reached = "yes" if recall >= WANTED and alarms <= ALLOWED else "no"
    figures = [percent(recall, digits=2), percent(alarms, digits=2), number(area, digits=4)]
    return [str(depth), name, limit, *figures, reached]


if __name__ == "__main__":
    main()
