"""
The door of the gRPC front: every call passes it.

A caller is let in before its request is read; whatever goes wrong becomes a status, once, here; and
when the call is over, whoever measures is told.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, NoReturn, TypeAlias

import grpc
import grpc.aio
from google.protobuf.message import DecodeError

from sortyard.domain.access import Scope
from sortyard.domain.errors import InvalidUsage, RateLimited
from sortyard.serving.access import Gate
from sortyard.serving.grpc.calls import FRONT, OK, REQUEST_ID, Call, Context, enter
from sortyard.serving.grpc.statuses import INTERNAL, code_of, status_of
from sortyard.serving.grpc.watching import Watchers

Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"
Found: TypeAlias = "grpc.RpcMethodHandler[Any, Any] | None"  # a method may have no handler
Details: TypeAlias = grpc.HandlerCallDetails
Find: TypeAlias = Callable[[Details], Awaitable[Found]]
Read: TypeAlias = Callable[[bytes], Any]

NOT_FOUND = "not-found"

# A handler that answers with one message, or with a stream of them. Either takes a stream: of a
# single request gRPC reads the whole before it calls anybody, and so before a key is looked at.
_MAKE: dict[bool, Callable[..., Handler]] = {
    False: grpc.stream_unary_rpc_method_handler,
    True: grpc.stream_stream_rpc_method_handler,
}


class Door(grpc.aio.ServerInterceptor):  # type: ignore[type-arg]  # it takes none at run time
    """
    Lets calls in by their key; those of the methods in `open_to_all` need none.

    A request that comes alone has so many seconds to arrive.
    """

    def __init__(
        self, gate: Gate, *, open_to_all: frozenset[str], arrival: float, watchers: Watchers
    ) -> None:
        self._gate = gate
        self._open = open_to_all
        self._arrival = arrival
        self._watchers = watchers
        self._handlers: dict[str, Handler] = {}

    async def intercept_service(  # type: ignore[override]  # which says that there is one
        self, continuation: Find, handler_call_details: Details
    ) -> Found:
        """Find the handler of a call, and put the door before it."""
        method = handler_call_details.method
        found = await continuation(handler_call_details)
        if found is None:
            return None
        if method not in self._handlers:
            self._handlers[method] = self._before(found, method)
        return self._handlers[method]

    def _before(self, handler: Handler, method: str) -> Handler:
        behaviour: Any = (
            handler.unary_unary
            or handler.unary_stream
            or handler.stream_unary
            or handler.stream_stream
        )
        read: Read = handler.request_deserializer or bytes

        async def behave(given: AsyncIterator[bytes], context: Context) -> object:
            call = Call.of(method, context)
            enter(call)
            context.set_trailing_metadata(((REQUEST_ID, call.request),))
            try:
                with self._watchers.tracing.request(FRONT, method, call.headers):
                    call.trace = self._watchers.tracing.trace
                    self._admit(call)
                    asked = (
                        self._each(given, read, call)
                        if handler.request_streaming
                        else await self._one(given, read)
                    )
                    answered = await behaviour(asked, context)
            except grpc.aio.AbortError:  # the health service knows no such service
                call.end(grpc.StatusCode.NOT_FOUND, NOT_FOUND)
                raise
            except Exception as error:  # noqa: BLE001 -- whatever it is, its words stay here
                await self._refuse(call, context, error)
            else:
                call.end(grpc.StatusCode.OK, OK)
                return answered
            finally:
                self._watchers.ended(call)

        make = _MAKE[handler.response_streaming]
        return make(behave, response_serializer=handler.response_serializer)

    def _admit(self, call: Call) -> None:
        if call.operation in self._open:
            return
        caller = self._gate.admit(call.headers.get("authorization"), local=call.local)
        call.key = caller.name
        caller.need(Scope.CLASSIFY)

    async def _one(self, given: AsyncIterator[bytes], read: Read) -> object:
        try:
            async with asyncio.timeout(self._arrival):
                one = await anext(aiter(given), None)
        except TimeoutError:
            one = None
        if one is None:
            raise InvalidUsage("No request came with the call.", "Send it at once.")
        return _parsed(one, read)

    async def _each(
        self, given: AsyncIterator[bytes], read: Read, call: Call
    ) -> AsyncIterator[object]:
        """
        Read a stream of requests, each of which counts as one.

        A key that is revoked meanwhile ends it. One that asks too often is not cut off, but read
        more slowly.
        """
        counted = True  # the first one was, when the stream was opened
        async for one in given:
            while not counted:
                try:
                    self._admit(call)
                    counted = True
                except RateLimited as limit:
                    await asyncio.sleep(limit.retry_after)
            counted = False
            yield _parsed(one, read)

    async def _refuse(self, call: Call, context: Context, error: Exception) -> NoReturn:
        status, code = status_of(error), code_of(error)
        call.end(status.code, code)
        if code == INTERNAL:
            self._watchers.broke(call, error)
        trailers = (*status.trailers, (REQUEST_ID, call.request))
        await context.abort(status.code, status.details, trailers)


def _parsed(given: bytes, read: Read) -> object:
    try:
        return read(given)
    except DecodeError:
        raise InvalidUsage(
            "The request cannot be read.", "Send it as the .proto files of the service say."
        ) from None
