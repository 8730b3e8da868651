"""Work is dropped when nobody waits for it any more."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.requests import Request

T = TypeVar("T")


class ClientGone(Exception):
    """Whoever asked has hung up, so there is nobody to answer."""


async def unless_gone(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """
    Do some work, and cancel it if the client hangs up before it is done.

    The body of the request has been read. Raises ClientGone.
    """
    working = asyncio.create_task(work)
    leaving = asyncio.create_task(_until_gone(request))
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientGone
        return working.result()
    finally:
        working.cancel()
        leaving.cancel()


async def _until_gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass  # nothing else comes after the body
