"""What was measured about a release, as one value that every rendering starts from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sortyard.evaluation.comparison import Comparison
from sortyard.evaluation.gate_results import GateReport
from sortyard.evaluation.gate_words import warning
from sortyard.evaluation.latency import Latency
from sortyard.evaluation.measures import Measures
from sortyard.evaluation.plain import Plain, plain
from sortyard.evaluation.plain_words import in_plain_words
from sortyard.evaluation.robustness import Robustness

PAIRS_IN_JSON = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The same messages through something simple: what the release has to beat."""

    name: str
    comparison: Comparison  # one: the baseline; other: the release


@dataclass(frozen=True, slots=True, kw_only=True)
class StageGain:
    """What a part of the line reaches on its own, or with all parts before it."""

    stage: str
    accuracy: float
    macro_f1: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeWay:
    """What one way of answering a label tree reached on training messages that were held out."""

    way: str
    chosen: bool
    log_loss: float
    accuracy: float
    top_accuracy: float  # of the topmost level
    hierarchical_f1: float
    sibling_confusion: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DimensionReport:
    """One dimension: its measures, and what they are to be seen beside."""

    measures: Measures
    baseline: Baseline | None = None
    stages: tuple[StageGain, ...] = ()
    robustness: tuple[Robustness, ...] = ()
    ways: tuple[TreeWay, ...] = ()

    @property
    def name(self) -> str:
        return self.measures.dimension


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """
    A release, measured.

    `promised_precision` is what automatic answers were tuned to keep. `data_hash` and `split_hash`
    say which rows were learnt from and tested on; `notes` are warnings in plain words, such as rows
    that could not be read. `seconds` is how long it took to train, or to evaluate.
    `seen_in_training` counts the test messages that it was trained on, where that was asked.
    """

    release: str
    created: datetime
    seconds: float
    recipe: str
    data_hash: str
    split_hash: str
    training_rows: int
    test_rows: int
    dimensions: tuple[DimensionReport, ...]
    gates: GateReport
    encoder: str = ""
    promised_precision: float = 0.95
    latency: Latency | None = None
    notes: tuple[str, ...] = ()
    seen_in_training: int | None = None

    @property
    def passed(self) -> bool:
        return self.gates.passed

    def to_json(self) -> Mapping[str, Plain]:
        """Give everything as plain values, ready for `json.dumps`."""
        return {
            "release": self.release,
            "created": self.created.isoformat(timespec="seconds"),
            "seconds": plain(self.seconds),
            "passed": self.passed,
            "recipe": self.recipe,
            "encoder": self.encoder,
            "data_hash": self.data_hash,
            "split_hash": self.split_hash,
            "training_rows": self.training_rows,
            "test_rows": self.test_rows,
            "seen_in_training": self.seen_in_training,
            "promised_precision": self.promised_precision,
            "dimensions": {one.name: _dimension(one) for one in self.dimensions},
            "gates": {
                "passed": self.passed,
                "findings": plain(self.gates.findings),
                "warnings": [warning(one) for one in self.gates.thin],
            },
            "latency": plain(self.latency),
            "notes": list(self.notes),
        }


def _dimension(one: DimensionReport) -> dict[str, Plain]:
    found = plain(one.measures)
    pairs = plain(one.measures.confusions[:PAIRS_IN_JSON])
    rest: dict[str, Plain] = found if isinstance(found, dict) else {}
    return {
        **rest,
        "confusions": pairs,
        "plain_words": in_plain_words(one.measures),
        "baseline": plain(one.baseline),
        "stages": plain(one.stages),
        "robustness": plain(one.robustness),
        "ways": plain(one.ways),
    }
