"""The service `sortyard.v1.Classifier`: the desk, as gRPC asks it."""

from collections.abc import AsyncIterator

from sortyard.domain.errors import SortyardError
from sortyard.domain.messages import Message
from sortyard.serving.desk import Desk
from sortyard.serving.grpc.calls import FRONT, Context, tell
from sortyard.serving.grpc.generated import classifier_pb2 as wire
from sortyard.serving.grpc.generated.classifier_pb2_grpc import ClassifierServicer
from sortyard.serving.grpc.reading import given_of, message_of, options_of
from sortyard.serving.grpc.streams import Streams
from sortyard.serving.grpc.writing import write_explanation, write_refusal, write_result
from sortyard.serving.intake import Limits, answer, check_name

IN_FLIGHT = 256  # messages of one stream that are read and not yet answered


class Classifier(ClassifierServicer):
    """Answers messages: those of one request, or a stream of them."""

    def __init__(self, desk: Desk, limits: Limits) -> None:
        self._desk = desk
        self._limits = limits
        self._streams = Streams(IN_FLIGHT)

    async def Classify(  # noqa: N802 -- the protocol names it
        self, request: wire.ClassifyRequest, context: Context
    ) -> wire.ClassifyResponse:
        """Answer the messages of one request."""
        tell(messages=len(request.messages))
        self._limits.check_count(len(request.messages))
        given = [given_of(one) for one in request.messages]
        options = options_of(request.options, within=context.time_remaining())
        served = await answer(self._desk, given, options, self._limits, front=FRONT)
        tell(release=served.release)
        return wire.ClassifyResponse(
            release=served.release,
            results=[write_result(one, served.dimensions) for one in served.results],
        )

    async def ClassifyStream(  # noqa: N802
        self, requests: AsyncIterator[wire.ClassifyStreamRequest], context: Context
    ) -> None:
        """Answer messages as they come, in their order."""
        await self._streams.run(requests, self._result, context.write)

    async def Explain(  # noqa: N802
        self,
        request: wire.ExplainRequest,
        context: Context,  # noqa: ARG002 -- gRPC gives it
    ) -> wire.ExplainResponse:
        """Say why a label has the score that it has."""
        tell(messages=1)
        check_name("The name of a dimension", request.dimension)
        check_name("The name of a label", request.label)
        message = message_of(request.message)
        self._limits.check(message)
        explanation = await self._desk.explain(
            message, request.dimension or None, label=request.label or None
        )
        tell(release=explanation.release)
        return write_explanation(explanation)

    def close(self) -> None:
        """Read nothing more from any stream; what was read is answered."""
        self._streams.close()

    async def _result(self, request: wire.ClassifyStreamRequest) -> wire.Result:
        tell(messages=1)
        given = given_of(request.message)
        try:
            options = options_of(request.options, within=None)
            served = await answer(self._desk, [given], options, self._limits, front=FRONT)
        except SortyardError as error:
            name = given.id if isinstance(given, Message) else given.message_id
            return write_refusal(name, error)
        tell(release=served.release)
        return write_result(served.results[0], served.dimensions)
