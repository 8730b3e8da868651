from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Route(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ROUTE_UNSPECIFIED: _ClassVar[Route]
    ROUTE_AUTO: _ClassVar[Route]
    ROUTE_CONFIRM: _ClassVar[Route]
    ROUTE_REVIEW: _ClassVar[Route]

class Reason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REASON_UNSPECIFIED: _ClassVar[Reason]
    REASON_EMPTY: _ClassVar[Reason]
    REASON_NOVEL: _ClassVar[Reason]
    REASON_ROLLED_UP: _ClassVar[Reason]
    REASON_ALWAYS_REVIEW: _ClassVar[Reason]
    REASON_NO_EVIDENCE: _ClassVar[Reason]
    REASON_BELOW_MINIMUM: _ClassVar[Reason]
    REASON_RULE: _ClassVar[Reason]
    REASON_VETOED: _ClassVar[Reason]
    REASON_OVERLOAD: _ClassVar[Reason]
    REASON_NOT_ASKED: _ClassVar[Reason]
    REASON_LANGUAGE: _ClassVar[Reason]

class Stage(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    STAGE_UNSPECIFIED: _ClassVar[Stage]
    STAGE_STATIC: _ClassVar[Stage]
    STAGE_ENCODER: _ClassVar[Stage]
    STAGE_RERANKER: _ClassVar[Stage]

class Source(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SOURCE_UNSPECIFIED: _ClassVar[Source]
    SOURCE_MODEL: _ClassVar[Source]
    SOURCE_RULE: _ClassVar[Source]

class Degradation(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DEGRADATION_UNSPECIFIED: _ClassVar[Degradation]
    DEGRADATION_NO_ENCODER: _ClassVar[Degradation]
    DEGRADATION_WIDER_REVIEW: _ClassVar[Degradation]
ROUTE_UNSPECIFIED: Route
ROUTE_AUTO: Route
ROUTE_CONFIRM: Route
ROUTE_REVIEW: Route
REASON_UNSPECIFIED: Reason
REASON_EMPTY: Reason
REASON_NOVEL: Reason
REASON_ROLLED_UP: Reason
REASON_ALWAYS_REVIEW: Reason
REASON_NO_EVIDENCE: Reason
REASON_BELOW_MINIMUM: Reason
REASON_RULE: Reason
REASON_VETOED: Reason
REASON_OVERLOAD: Reason
REASON_NOT_ASKED: Reason
REASON_LANGUAGE: Reason
STAGE_UNSPECIFIED: Stage
STAGE_STATIC: Stage
STAGE_ENCODER: Stage
STAGE_RERANKER: Stage
SOURCE_UNSPECIFIED: Source
SOURCE_MODEL: Source
SOURCE_RULE: Source
DEGRADATION_UNSPECIFIED: Degradation
DEGRADATION_NO_ENCODER: Degradation
DEGRADATION_WIDER_REVIEW: Degradation

class Message(_message.Message):
    __slots__ = ("id", "text", "subject", "metadata")
    class MetadataEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: Metadata
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[Metadata, _Mapping]] = ...) -> None: ...
    ID_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    id: str
    text: str
    subject: str
    metadata: _containers.MessageMap[str, Metadata]
    def __init__(self, id: _Optional[str] = ..., text: _Optional[str] = ..., subject: _Optional[str] = ..., metadata: _Optional[_Mapping[str, Metadata]] = ...) -> None: ...

class Metadata(_message.Message):
    __slots__ = ("text", "integer", "number", "truth")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    INTEGER_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    TRUTH_FIELD_NUMBER: _ClassVar[int]
    text: str
    integer: int
    number: float
    truth: bool
    def __init__(self, text: _Optional[str] = ..., integer: _Optional[int] = ..., number: _Optional[float] = ..., truth: _Optional[bool] = ...) -> None: ...

class Options(_message.Message):
    __slots__ = ("dimensions", "candidates")
    DIMENSIONS_FIELD_NUMBER: _ClassVar[int]
    CANDIDATES_FIELD_NUMBER: _ClassVar[int]
    dimensions: _containers.RepeatedScalarFieldContainer[str]
    candidates: int
    def __init__(self, dimensions: _Optional[_Iterable[str]] = ..., candidates: _Optional[int] = ...) -> None: ...

class ClassifyRequest(_message.Message):
    __slots__ = ("messages", "options")
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    messages: _containers.RepeatedCompositeFieldContainer[Message]
    options: Options
    def __init__(self, messages: _Optional[_Iterable[_Union[Message, _Mapping]]] = ..., options: _Optional[_Union[Options, _Mapping]] = ...) -> None: ...

class ClassifyResponse(_message.Message):
    __slots__ = ("release", "results")
    RELEASE_FIELD_NUMBER: _ClassVar[int]
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    release: str
    results: _containers.RepeatedCompositeFieldContainer[Result]
    def __init__(self, release: _Optional[str] = ..., results: _Optional[_Iterable[_Union[Result, _Mapping]]] = ...) -> None: ...

class ClassifyStreamRequest(_message.Message):
    __slots__ = ("message", "options")
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    message: Message
    options: Options
    def __init__(self, message: _Optional[_Union[Message, _Mapping]] = ..., options: _Optional[_Union[Options, _Mapping]] = ...) -> None: ...

class Result(_message.Message):
    __slots__ = ("id", "answer", "error")
    ID_FIELD_NUMBER: _ClassVar[int]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    id: str
    answer: Answer
    error: Error
    def __init__(self, id: _Optional[str] = ..., answer: _Optional[_Union[Answer, _Mapping]] = ..., error: _Optional[_Union[Error, _Mapping]] = ...) -> None: ...

class Answer(_message.Message):
    __slots__ = ("release", "degraded", "choices", "language", "translated")
    RELEASE_FIELD_NUMBER: _ClassVar[int]
    DEGRADED_FIELD_NUMBER: _ClassVar[int]
    CHOICES_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    TRANSLATED_FIELD_NUMBER: _ClassVar[int]
    release: str
    degraded: Degradation
    choices: _containers.RepeatedCompositeFieldContainer[Choice]
    language: str
    translated: bool
    def __init__(self, release: _Optional[str] = ..., degraded: _Optional[_Union[Degradation, str]] = ..., choices: _Optional[_Iterable[_Union[Choice, _Mapping]]] = ..., language: _Optional[str] = ..., translated: _Optional[bool] = ...) -> None: ...

class Choice(_message.Message):
    __slots__ = ("dimension", "labels", "confidence", "route", "reason", "candidates", "novelty", "stage", "source", "rule")
    DIMENSION_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    ROUTE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    CANDIDATES_FIELD_NUMBER: _ClassVar[int]
    NOVELTY_FIELD_NUMBER: _ClassVar[int]
    STAGE_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    dimension: str
    labels: _containers.RepeatedScalarFieldContainer[str]
    confidence: float
    route: Route
    reason: Reason
    candidates: _containers.RepeatedCompositeFieldContainer[Candidate]
    novelty: float
    stage: Stage
    source: Source
    rule: str
    def __init__(self, dimension: _Optional[str] = ..., labels: _Optional[_Iterable[str]] = ..., confidence: _Optional[float] = ..., route: _Optional[_Union[Route, str]] = ..., reason: _Optional[_Union[Reason, str]] = ..., candidates: _Optional[_Iterable[_Union[Candidate, _Mapping]]] = ..., novelty: _Optional[float] = ..., stage: _Optional[_Union[Stage, str]] = ..., source: _Optional[_Union[Source, str]] = ..., rule: _Optional[str] = ...) -> None: ...

class Candidate(_message.Message):
    __slots__ = ("label", "confidence")
    LABEL_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    label: str
    confidence: float
    def __init__(self, label: _Optional[str] = ..., confidence: _Optional[float] = ...) -> None: ...

class Error(_message.Message):
    __slots__ = ("code", "problem", "retry_after")
    CODE_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    RETRY_AFTER_FIELD_NUMBER: _ClassVar[int]
    code: str
    problem: str
    retry_after: float
    def __init__(self, code: _Optional[str] = ..., problem: _Optional[str] = ..., retry_after: _Optional[float] = ...) -> None: ...

class ExplainRequest(_message.Message):
    __slots__ = ("message", "dimension", "label")
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    DIMENSION_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    message: Message
    dimension: str
    label: str
    def __init__(self, message: _Optional[_Union[Message, _Mapping]] = ..., dimension: _Optional[str] = ..., label: _Optional[str] = ...) -> None: ...

class ExplainResponse(_message.Message):
    __slots__ = ("id", "release", "dimension", "label", "score", "constant", "nearest", "terms", "look_alikes", "reranked")
    ID_FIELD_NUMBER: _ClassVar[int]
    RELEASE_FIELD_NUMBER: _ClassVar[int]
    DIMENSION_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    CONSTANT_FIELD_NUMBER: _ClassVar[int]
    NEAREST_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    LOOK_ALIKES_FIELD_NUMBER: _ClassVar[int]
    RERANKED_FIELD_NUMBER: _ClassVar[int]
    id: str
    release: str
    dimension: str
    label: str
    score: float
    constant: float
    nearest: float
    terms: _containers.RepeatedCompositeFieldContainer[Term]
    look_alikes: _containers.RepeatedCompositeFieldContainer[LookAlike]
    reranked: bool
    def __init__(self, id: _Optional[str] = ..., release: _Optional[str] = ..., dimension: _Optional[str] = ..., label: _Optional[str] = ..., score: _Optional[float] = ..., constant: _Optional[float] = ..., nearest: _Optional[float] = ..., terms: _Optional[_Iterable[_Union[Term, _Mapping]]] = ..., look_alikes: _Optional[_Iterable[_Union[LookAlike, _Mapping]]] = ..., reranked: _Optional[bool] = ...) -> None: ...

class Term(_message.Message):
    __slots__ = ("text", "view", "contribution")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    CONTRIBUTION_FIELD_NUMBER: _ClassVar[int]
    text: str
    view: str
    contribution: float
    def __init__(self, text: _Optional[str] = ..., view: _Optional[str] = ..., contribution: _Optional[float] = ...) -> None: ...

class LookAlike(_message.Message):
    __slots__ = ("id", "labels", "similarity", "text")
    ID_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    id: str
    labels: _containers.RepeatedScalarFieldContainer[str]
    similarity: float
    text: str
    def __init__(self, id: _Optional[str] = ..., labels: _Optional[_Iterable[str]] = ..., similarity: _Optional[float] = ..., text: _Optional[str] = ...) -> None: ...
