"""A release at work: prepared text in, answers out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from sortyard.domain.errors import (
    InvalidMessage,
    InvalidUsage,
    SortyardError,
    UnknownDimension,
    UnknownLabels,
)
from sortyard.domain.explanations import Explanation, LookAlike
from sortyard.domain.messages import Message
from sortyard.domain.predictions import Answer, Choice, Failure
from sortyard.domain.taxonomy import Taxonomy
from sortyard.models.cascade import Depth, Eyes, Judgement, judge
from sortyard.models.decide import CANDIDATES, decide, nothing_to_read
from sortyard.models.dimension import DimensionModel
from sortyard.models.explain import look_alikes, take_apart
from sortyard.text.preparation import Preparation

LOOK_ALIKES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Classifier:
    """
    Everything that a release needs to answer; it never changes, so threads may share it.

    Open one with `sortyard.load`. `depth` says how much of the line runs.
    """

    release: str
    taxonomy: Taxonomy
    preparation: Preparation
    eyes: Eyes
    models: tuple[DimensionModel, ...]
    depth: Depth = Depth.CASCADE

    def at_depth(self, depth: Depth) -> Self:
        """Give the same release with another part of the line running."""
        return replace(self, depth=depth)

    def named(self, release: str) -> Self:
        """Give the same models under a release id."""
        return replace(self, release=release)

    def classify(self, message: str | Message) -> Answer:
        """
        Answer one message; raises InvalidMessage for one that cannot be used.

        A text of which preparation leaves nothing gets no label and goes to review.
        """
        (answer,) = self.classify_batch([as_message(message, 0)])
        if isinstance(answer, Failure):
            raise InvalidMessage(answer.message_id, answer.problem)
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
        places, ids, texts = [], [], []
        for place, given in enumerate(messages):
            try:
                message = as_message(given, place)
                text = self.preparation.prepare(message)
            except SortyardError as error:
                name = given.id if isinstance(given, Message) else place + 1
                results[place] = Failure(str(name), error.code, error.problem)
                continue
            if text:
                places.append(place)
                ids.append(message.id)
                texts.append(text)
            else:
                results[place] = self._unread(message.id)
        for place, answer in zip(places, self._answers(ids, texts, candidates), strict=True):
            results[place] = answer
        return tuple(one for one in results if one is not None)

    def judge(self, texts: Sequence[str]) -> Mapping[str, Judgement]:
        """Judge prepared texts: probabilities, novelty and stage for every dimension."""
        return judge(texts, self.eyes, self.models, self.depth)

    def explain(
        self, message: str | Message, dimension: str | None = None, *, label: str | None = None
    ) -> Explanation:
        """
        Take the score of a label apart; of the most probable one unless another is named.

        Without a dimension the taxonomy's first is explained. The encoder reads the message
        wherever the release has one, whatever the depth.
        """
        model = self.model_of(dimension or self.taxonomy.names[0])
        given = as_message(message, 0)
        text = self.preparation.prepare(given)
        if not text:
            raise InvalidMessage(given.id, "preparation left nothing of its text")
        return self._explain(model, given.id, text, label)

    def model_of(self, dimension: str) -> DimensionModel:
        for model in self.models:
            if model.dimension.name == dimension:
                return model
        raise UnknownDimension(dimension, [one.dimension.name for one in self.models])

    def _answers(self, ids: Sequence[str], texts: Sequence[str], candidates: int) -> list[Answer]:
        if not texts:
            return []
        judged = self.judge(texts)
        columns = [
            decide(model, judged[model.dimension.name], candidates=candidates)
            for model in self.models
        ]
        return [
            self._answer(message_id, choices)
            for message_id, *choices in zip(ids, *columns, strict=True)
        ]

    def _answer(self, message_id: str, choices: Sequence[Choice]) -> Answer:
        return Answer(
            message_id=message_id,
            release=self.release,
            choices={choice.dimension: choice for choice in choices},
        )

    def _unread(self, message_id: str) -> Answer:
        return self._answer(
            message_id, [nothing_to_read(model.dimension.name) for model in self.models]
        )

    def _explain(
        self, model: DimensionModel, message_id: str, text: str, label: str | None
    ) -> Explanation:
        seen = self.eyes.glance([text])
        line, encoder = model.student, self.eyes.static
        if model.full is not None and self.eyes.encoder is not None:
            seen = self.eyes.read([text], seen.wording)
            line, encoder = model.full, self.eyes.encoder
        if label is not None and label not in model.labels:
            raise UnknownLabels([label], model.labels, "The request")
        best = int(line.judge(seen).probabilities[0].argmax())
        column = best if label is None else model.labels.index(label)
        parts = take_apart(line, encoder, self.eyes.wording, text=text, seen=seen, label=column)
        alike: tuple[LookAlike, ...] = ()
        if line.neighbours is not None and self.eyes.reference is not None:
            alike = look_alikes(
                self.eyes.reference, line.neighbours, model.labels, seen, LOOK_ALIKES
            )
        return Explanation(
            message_id=message_id,
            release=self.release,
            dimension=model.dimension.name,
            label=model.labels[column],
            score=parts.score,
            constant=parts.constant,
            nearest=parts.nearest,
            terms=parts.terms,
            look_alikes=alike,
        )


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
    return given
