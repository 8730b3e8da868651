"""Rules, ready to be held against messages: which of them fit is known before any model runs."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self, TypeAlias

from sortyard.domain.errors import InvalidRules
from sortyard.domain.messages import Message
from sortyard.domain.rules import Act, Part, Rule, RuleStage, Words, problems_among
from sortyard.domain.taxonomy import Taxonomy
from sortyard.models.patterns import Patterns, problem_of

SOURCE = "rules.yaml"
_NOTHING = -1  # the number of no pattern, for which every text will do

Prepare: TypeAlias = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Rulebook:
    """
    The rules of a release, in the order of their file, which is the order in which they count.

    A rule reads what the models read: the text after preparation.
    """

    rules: tuple[Rule, ...] = ()
    _scans: tuple["_Scan", ...] = field(default=(), repr=False)
    _wordless: tuple[int, ...] = field(default=(), repr=False)

    @classmethod
    def of(
        cls, rules: Iterable[Rule], taxonomy: Taxonomy | None = None, *, source: str = SOURCE
    ) -> Self:
        """
        Compile rules, once they are right.

        Raises InvalidRules with everything that is wrong with them, and MissingExtra where there
        are patterns and nothing to look for them with.
        """
        given = tuple(rules)
        problems = [*problems_among(given, taxonomy), *_problems_of_patterns(given)]
        if problems:
            raise InvalidRules(source, problems)
        wordless = tuple(n for n, rule in enumerate(given) if not rule.words.patterns)
        return cls(given, tuple(_scans(given, source)), wordless)

    def __len__(self) -> int:
        return len(self.rules)

    def fitting(self, message: Message, whole: str, prepare: Prepare) -> tuple[int, ...]:
        """
        Find the rules whose words and metadata fit a message, by their places.

        `whole` is the message as it was prepared. What a rule asks of the answer is left open.
        """
        if not self.rules:
            return ()
        places = list(self._wordless)
        for scan in self._scans:
            places += scan.fitting(_read(scan.part, message, whole, prepare))
        metadata = message.metadata
        return tuple(sorted(one for one in places if self.rules[one].fits_metadata(metadata)))

    def at(self, places: Iterable[int]) -> tuple[Rule, ...]:
        """Give the rules at these places."""
        return tuple(self.rules[place] for place in places)

    def settles(self, places: Iterable[int], dimensions: Collection[str]) -> bool:
        """Tell whether these rules answer every dimension, so that no model needs to run."""
        settled: set[str] = set()
        for rule in self.at(places):
            if rule.act is Act.ANSWER and rule.stage is RuleStage.BEFORE:
                settled.update(rule.labels)
        return settled.issuperset(dimensions)


NO_RULES = Rulebook()


@dataclass(frozen=True, slots=True)
class _Need:
    """Which of the patterns of a scan one rule wants."""

    place: int
    every: frozenset[int]
    any_of: frozenset[int]
    none_of: frozenset[int]

    @classmethod
    def of(cls, place: int, words: Words, numbers: dict[str, int]) -> Self:
        """Number the patterns of a rule; one that another rule has, too, is looked for once."""
        every, any_of, none_of = (
            frozenset(numbers.setdefault(pattern, len(numbers)) for pattern in patterns)
            for patterns in (words.every, words.any_of, words.none_of)
        )
        return cls(place, every, any_of, none_of)

    def is_met(self, found: frozenset[int]) -> bool:
        wanted = not self.any_of or not self.any_of.isdisjoint(found)
        return wanted and self.every <= found and self.none_of.isdisjoint(found)


@dataclass(frozen=True, slots=True)
class _Scan:
    """
    All patterns that read one part of a message.

    A rule waits for patterns without which it cannot fit, so that of many rules only a few are
    looked at; one that only says what must not be there waits for nothing.
    """

    part: Part
    patterns: Patterns
    waiting: Mapping[int, Sequence[_Need]]

    def fitting(self, text: str) -> Iterator[int]:
        """Find the rules whose words fit a text."""
        found = self.patterns.found_in(text)
        roused = {
            need.place: need
            for number in (*found, _NOTHING)
            for need in self.waiting.get(number, ())
        }
        return (place for place, need in roused.items() if need.is_met(found))


def _scans(rules: Sequence[Rule], source: str) -> Iterator[_Scan]:
    for part in Part:
        numbers: dict[str, int] = {}
        needs = [
            _Need.of(place, rule.words, numbers)
            for place, rule in enumerate(rules)
            if rule.words.part is part and rule.words.patterns
        ]
        if needs:
            yield _Scan(part, Patterns.of(tuple(numbers), source), _waiting(needs))


def _waiting(needs: Sequence[_Need]) -> Mapping[int, Sequence[_Need]]:
    """Let each rule wait for that of its patterns that the fewest want, or for any of several."""
    wanted = Counter(number for need in needs for number in need.every)
    waiting: defaultdict[int, list[_Need]] = defaultdict(list)
    for need in needs:
        rarest = sorted(need.every, key=lambda number: (wanted[number], number))[:1]
        for number in rarest or need.any_of or (_NOTHING,):
            waiting[number].append(need)
    return dict(waiting)


def _read(part: Part, message: Message, whole: str, prepare: Prepare) -> str:
    """Give the part of a message that patterns read, prepared."""
    match part:
        case Part.SUBJECT:
            return prepare(message.subject or "")
        case Part.TEXT if message.subject:
            return prepare(message.text)
        case _:
            return whole


def _problems_of_patterns(rules: Iterable[Rule]) -> Iterator[str]:
    for rule in rules:
        for pattern in filter(None, rule.words.patterns):
            problem = problem_of(pattern)
            if problem:
                yield f"rule {rule.name!r}: {problem}"
