"""A release at work: prepared text in, answers out."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Self

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.errors import (
    InvalidMessage,
    InvalidUsage,
    SortyardError,
    UnknownDimension,
)
from sortyard.domain.explanations import Explanation
from sortyard.domain.languages import Foreign, Translate
from sortyard.domain.messages import Message
from sortyard.domain.predictions import Answer, Choice, Degradation, Failure
from sortyard.domain.taxonomy import Taxonomy
from sortyard.models.asking import Choices, asked, rows_asked_of
from sortyard.models.cascade import Depth, Eyes, Judgement, judge
from sortyard.models.decide import CANDIDATES, decide, nothing_to_read
from sortyard.models.dimension import DimensionModel
from sortyard.models.explain import explanation
from sortyard.models.features import Held
from sortyard.models.haste import marks, missed, with_a_wider_review
from sortyard.models.languages import NO_LANGUAGES, Languages, in_another_language
from sortyard.models.rerank_stage import always
from sortyard.models.rules import NO_RULES, Rulebook
from sortyard.models.ruling import Again, choose_without, overrule
from sortyard.text.preparation import Preparation


@dataclass(frozen=True, slots=True)
class Prepared:
    """
    A message, and what preparation left of its text for the models to read.

    `rules` holds the places of the rules whose words and metadata fit it, `features` the columns
    that it has of the release's features. `foreign` is set where it is in a language that the
    release was not taught, and `is_for_a_person` where no model reads it for that.
    """

    message: Message
    text: str
    rules: tuple[int, ...] = ()
    foreign: Foreign | None = None
    is_for_a_person: bool = False
    features: Held = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Classifier:
    """
    Everything that a release needs to answer; it never changes, so threads may share it.

    Open one with `sortyard.load`. `depth` says how much of the line runs, `degradation` what is
    left out of it for now because too much comes in.
    """

    release: str
    taxonomy: Taxonomy
    preparation: Preparation
    eyes: Eyes
    models: tuple[DimensionModel, ...]
    rulebook: Rulebook = NO_RULES
    languages: Languages = NO_LANGUAGES
    depth: Depth = Depth.CASCADE
    degradation: Degradation | None = None

    def at_depth(self, depth: Depth) -> Self:
        """Give the same release with another part of the line running."""
        return replace(self, depth=depth)

    def reading_everything(self) -> Self:
        """Give the same release with every part of it reading every message."""
        return replace(self, depth=Depth.FULL, models=always(self.models))

    def degraded(self, degradation: Degradation | None) -> Self:
        """
        Give the same release for when too much comes in: the student answers alone.

        An answer that the encoder would have had a part in says so.
        """
        return replace(self, degradation=degradation)

    def named(self, release: str) -> Self:
        """Give the same models under a release id."""
        return replace(self, release=release)

    def ruled_by(self, rulebook: Rulebook) -> Self:
        """Give the same models under other rules."""
        return replace(self, rulebook=rulebook)

    def knowing(self, languages: Languages) -> Self:
        """Give the same models with other languages that they are said to know."""
        return replace(self, languages=languages)

    def translating(self, translate: Translate | None) -> Self:
        """
        Give the same release with something that translates for it.

        `translate` takes a prepared text and the code of its language. Where it raises anything,
        or gives nothing, a person reads the message.
        """
        return self.knowing(self.languages.translating(translate))

    def classify(self, message: str | Message) -> Answer:
        """
        Answer one message; raises InvalidMessage for one that cannot be used.

        A text of which preparation leaves nothing gets no label and goes to review.
        """
        (answer,) = self.answer([self.prepare(message)])
        return answer

    def classify_batch(
        self, messages: Sequence[str | Message], *, candidates: int = CANDIDATES
    ) -> tuple[Answer | Failure, ...]:
        """
        Answer many messages, in their order.

        A message that cannot be used becomes a Failure and leaves the others alone. Plain texts
        are named after their place, counting from 1. Raises InvalidUsage for a single text.
        """
        if isinstance(messages, str | Message):
            raise InvalidUsage(
                "One message was given where a list of messages belongs.",
                "Use `classify` for one message, or put it in a list.",
            )
        results: list[Answer | Failure | None] = [None] * len(messages)
        places, prepared = [], []
        for place, given in enumerate(messages):
            try:
                prepared.append(self.prepare(given, place))
                places.append(place)
            except SortyardError as error:
                name = given.id if isinstance(given, Message) else place + 1
                results[place] = Failure(str(name), error.code, error.problem)
        for place, answer in zip(places, self.answer(prepared, candidates=candidates), strict=True):
            results[place] = answer
        return tuple(one for one in results if one is not None)

    def prepare(self, message: str | Message, place: int = 0) -> Prepared:
        """
        Prepare one message; raises InvalidMessage for one that cannot be used.

        A plain text is named after its place in its batch.
        """
        given = as_message(message, place)
        reading = self.languages.read(self.preparation.prepare(given), self.preparation)
        rules = self.rulebook.fitting(given, reading.text, self.preparation)
        return Prepared(
            given,
            reading.text,
            rules,
            reading.foreign,
            reading.is_for_a_person,
            self.eyes.features.of(given, reading.text),
        )

    def sight(self, prepared: Prepared) -> Hashable:
        """Give all that an answer depends on: messages with the same sight are answered alike."""
        return prepared.text, prepared.rules, prepared.foreign, prepared.features

    def answer(
        self, prepared: Sequence[Prepared], *, candidates: int = CANDIDATES
    ) -> tuple[Answer, ...]:
        """
        Answer prepared messages, in their order, in one batch.

        No model runs for a text of nothing, nor for one in a language that a person is to read, nor
        where rules answer every dimension.
        """
        read = self._read([one for one in prepared if self._is_read(one)], candidates)
        return tuple(next(read) if self._is_read(one) else self._unread(one) for one in prepared)

    def judge(self, texts: Sequence[str], held: Sequence[Held] = ()) -> Mapping[str, Judgement]:
        """
        Judge prepared texts: probabilities, novelty and stage for every dimension.

        `held` are their features, as `features_of` gives them; without it they have none.
        """
        depth = Depth.STATIC if self.degradation else self.depth
        return judge(texts, self.eyes, self.models, depth, held)

    def features_of(self, messages: Iterable[Message], texts: Iterable[str]) -> tuple[Held, ...]:
        """Tell which features messages have, beside their prepared texts."""
        held = self.eyes.features.of
        return tuple(held(*one) for one in zip(messages, texts, strict=True))

    def explain(
        self, message: str | Message, dimension: str | None = None, *, label: str | None = None
    ) -> Explanation:
        """
        Take the score of a label apart; of the most probable one unless another is named.

        Without a dimension the taxonomy's first is explained. The encoder reads the message
        wherever the release has one, whatever the depth.
        """
        model = self.model_of(dimension or self.taxonomy.names[0])
        given = self.prepare(message)
        name = given.message.id
        if not given.text:
            raise InvalidMessage(name, "preparation left nothing of its text")
        if given.foreign and given.is_for_a_person:
            language = given.foreign.language
            raise InvalidMessage(name, f"it is in a language that no model knows ({language})")
        return explanation(
            model,
            self.eyes,
            given.text,
            label,
            held=given.features,
            message_id=name,
            release=self.release,
        )

    def model_of(self, dimension: str) -> DimensionModel:
        for model in self.models:
            if model.dimension.name == dimension:
                return model
        raise UnknownDimension(dimension, [one.dimension.name for one in self.models])

    def _is_read(self, prepared: Prepared) -> bool:
        names = [model.dimension.name for model in self.models]
        if not prepared.text or prepared.is_for_a_person:
            return False
        return not self.rulebook.settles(prepared.rules, names)

    def _read(self, prepared: Sequence[Prepared], candidates: int) -> Iterator[Answer]:
        if not prepared:
            return
        judged = self.judge([one.text for one in prepared], [one.features for one in prepared])
        columns = [
            decide(model, judged[model.dimension.name], candidates=candidates)
            for model in self.models
        ]
        degraded: Sequence[Degradation | None] = [None] * len(prepared)
        if self.degradation is not None:
            unsure = self._missed(judged)
            degraded = marks(unsure, self.degradation)
            if self.degradation is Degradation.WIDER_REVIEW:
                columns = list(map(with_a_wider_review, columns, unsure))
        rows = zip(prepared, degraded, *columns, strict=True)
        for row, (one, mark, *choices) in enumerate(rows):
            again = partial(self._choose_again, judged, row, candidates)
            yield self._answer(one, choices, again, mark)

    def _missed(self, judged: Mapping[str, Judgement]) -> list[NDArray[np.bool_]]:
        """Tell for every dimension which texts the encoder would have read for its sake."""
        found = [judged[model.dimension.name] for model in self.models]
        rows = rows_asked_of(self.models, [one.probabilities for one in found])
        return [
            missed(model, one, self.depth) & arises
            for model, one, arises in zip(self.models, found, rows, strict=True)
        ]

    def _choose_again(
        self,
        judged: Mapping[str, Judgement],
        row: int,
        candidates: int,
        dimension: str,
        labels: frozenset[str],
    ) -> Choice:
        model = self.model_of(dimension)
        return choose_without(model, judged[dimension], row, labels, candidates=candidates)

    def _unread(self, prepared: Prepared) -> Answer:
        unread = in_another_language if prepared.is_for_a_person else nothing_to_read
        choices = [unread(model.dimension.name) for model in self.models]
        return self._answer(prepared, choices, lambda dimension, _: unread(dimension))

    def _answer(
        self,
        prepared: Prepared,
        choices: Iterable[Choice],
        again: Again,
        degraded: Degradation | None = None,
    ) -> Answer:
        """Put the choices together, overruled by the rules that fit the message."""
        named = {choice.dimension: choice for choice in choices}
        return Answer(
            message_id=prepared.message.id,
            release=self.release,
            choices=asked(self.taxonomy, named, partial(self._overruled, prepared.rules, again)),
            degraded=degraded,
            foreign=prepared.foreign,
        )

    def _overruled(self, rules: tuple[int, ...], again: Again, choices: Choices) -> Choices:
        if not rules:
            return choices
        policies = {model.dimension.name: model.policy for model in self.models}
        return overrule(choices, self.rulebook.at(rules), policies, again)


def as_message(given: object, place: int) -> Message:
    """
    Name a plain text after its place in its batch; raises InvalidMessage for what is no message.

    Whoever makes a message need not heed its types, and one that breaks them must not stop others.
    """
    if isinstance(given, str):
        return Message(str(place + 1), given)
    if not isinstance(given, Message):
        raise InvalidMessage(str(place + 1), f"it is {type(given).__name__}, not text")
    parts: dict[str, object] = {"id": given.id, "text": given.text, "subject": given.subject or ""}
    for name, part in parts.items():
        if not isinstance(part, str):
            raise InvalidMessage(str(given.id), f"its {name} is {type(part).__name__}, not text")
    metadata: object = given.metadata
    if not isinstance(metadata, Mapping):
        found = type(metadata).__name__
        raise InvalidMessage(given.id, f"its metadata is {found}, not names with values")
    return given
