"""All that an audit found out about an archive."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sortyard.data.health import doubts
from sortyard.data.health.balance import Balance
from sortyard.data.health.copies import Contradictions, Copies
from sortyard.data.health.counts import Counts
from sortyard.data.health.finding import WORST_FIRST, HealthFinding
from sortyard.data.health.lengths import Lengths
from sortyard.data.health.outlook import Outlook
from sortyard.data.health.personal import PersonalData
from sortyard.data.health.previous import Reassignments
from sortyard.data.health.spelling import Spellings
from sortyard.data.health.splits import Leakage
from sortyard.data.health.time import History
from sortyard.data.health.tongues import Tongues
from sortyard.data.taxonomy_finding import Severity
from sortyard.data.work_list import Suspicions
from sortyard.domain.taxonomy import Kind


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A message for people to recognise: its id, and its beginning without personal data."""

    id: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DimensionHealth:
    """
    The labels of one dimension.

    `history`, `reassignments` and `outlook` are None where the columns do not tell, or there is
    too little to say; `suspicions` where nobody asked for them.
    """

    name: str
    kind: Kind
    counts: Counts
    balance: Balance
    spellings: Spellings
    contradictions: Contradictions
    suspicions: Suspicions | None
    history: History | None
    reassignments: Reassignments | None
    outlook: Outlook | None

    def findings(self) -> Iterator[HealthFinding]:
        """Say what is wrong with these labels."""
        yield from self.counts.findings(self.name)
        yield from self.balance.findings(self.name)
        yield from self.spellings.findings(self.name)
        yield from self.contradictions.findings(self.name)
        if self.suspicions is not None:
            yield from doubts.findings(self.suspicions)
        if self.history is not None:
            yield from self.history.findings(self.name)
        if self.reassignments is not None:
            yield from self.reassignments.findings(self.name)
        if self.outlook is not None:
            yield from self.outlook.findings(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """
    An archive, as it is: `rows` in the file, `used` with a text and a label.

    `ids` are those of the used rows, by their place. `trouble` are the problems of single rows,
    counted. `excerpts` has, by their id, the messages that are shown.
    """

    source: str
    sha256: str
    rows: int
    used: int
    unlabelled: int
    ids: tuple[str, ...]
    guesses: tuple[str, ...]
    trouble: tuple[HealthFinding, ...]
    lengths: Lengths
    tongues: Tongues
    personal: PersonalData
    copies: Copies
    leakage: tuple[Leakage, ...]
    dimensions: tuple[DimensionHealth, ...]
    excerpts: Mapping[str, Excerpt]

    @property
    def findings(self) -> tuple[HealthFinding, ...]:
        """Everything that is wrong, the worst first."""
        found = [*self.trouble]
        for dimension in self.dimensions:
            found += dimension.findings()
        for leak in self.leakage:
            found += leak.findings()
        for part in (self.copies, self.lengths, self.tongues, self.personal):
            found += part.findings()
        return tuple(sorted(found, key=lambda one: WORST_FIRST.index(one.severity)))

    @property
    def is_serious(self) -> bool:
        """Whether something was found that makes answers, or what is measured, wrong."""
        return any(one.severity is Severity.ERROR for one in self.findings)

    def excerpt(self, places: Sequence[int]) -> Excerpt | None:
        """Give the first of these messages that is shown."""
        known = (self.excerpts.get(self.ids[at]) for at in places)
        return next((one for one in known if one is not None), None)
