"""Who is let in: nobody without a key once there is one, and nobody from outside before."""

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.domain.access import ApiKey, Scope
from sortyard.domain.errors import Forbidden, RateLimited, StoreAway, Unauthorised
from sortyard.serving.access import Gate, GivenKey, is_loopback, may_listen_on
from tests.contracts.desks import FakeClock
from tests.contracts.key_books import CREATED, MadeKey, MemoryBook

CLASSIFY = MadeKey.of("reader", Scope.CLASSIFY)
ADMIN = MadeKey.of("boss", Scope.ADMIN)


def opened(*keys: MadeKey, per_minute: int | None = None, clock: FakeClock | None = None) -> Gate:
    gate = Gate(
        MemoryBook([one.key for one in keys]),
        per_minute=per_minute,
        now=lambda: CREATED + timedelta(days=1),
        clock=clock or FakeClock(),
    )
    gate.refresh()
    return gate


def test_without_keys_a_caller_on_this_machine_may_do_everything() -> None:
    caller = opened().admit(None, local=True)

    assert caller.scopes == frozenset(Scope)


def test_without_keys_nobody_else_is_let_in() -> None:
    with pytest.raises(Unauthorised):
        opened().admit(CLASSIFY.authorization, local=False)


def test_a_server_without_a_store_has_no_keys() -> None:
    gate = Gate()
    gate.refresh()

    assert (gate.guarded, gate.admit(None, local=True).name) == (False, "local")


def test_with_keys_even_this_machine_needs_one() -> None:
    with pytest.raises(Unauthorised):
        opened(CLASSIFY).admit(None, local=True)


def test_a_key_lets_its_owner_in_from_anywhere() -> None:
    caller = opened(CLASSIFY, ADMIN).admit(CLASSIFY.authorization, local=False)

    assert (caller.name, caller.scopes) == ("reader", {Scope.CLASSIFY})


def test_a_key_opens_its_scopes_alone_and_admin_opens_all() -> None:
    gate = opened(CLASSIFY, ADMIN)
    reader = gate.admit(CLASSIFY.authorization, local=False)
    reader.need(Scope.CLASSIFY)
    gate.admit(ADMIN.authorization, local=False).need(Scope.REVIEW)

    with pytest.raises(Forbidden, match="admin"):
        reader.need(Scope.ADMIN)


WRONG = {
    "nothing": None,
    "an empty header": "",
    "another scheme": "Basic c29tZTpvbmU=",
    "no scheme": CLASSIFY.authorization.removeprefix("Bearer "),
    "another secret": "Bearer sy_reader_another-secret-of-some-length",
    "another id": CLASSIFY.authorization.replace("reader", "nobody"),
    "the hash in place of the secret": f"Bearer sy_reader_{CLASSIFY.key.hash}",
    "a secret with more behind it": f"{CLASSIFY.authorization}x",
    "an end of line": f"{CLASSIFY.authorization}\n",
    "letters of elsewhere": CLASSIFY.authorization.replace("secret", "\u0455ecret"),
    "a header without end": "Bearer sy_reader_" + "x" * 100_000,
}


@pytest.mark.parametrize("header", WRONG.values(), ids=WRONG)
def test_whatever_is_no_key_is_turned_away(header: str | None) -> None:
    with pytest.raises(Unauthorised):
        opened(CLASSIFY).admit(header, local=True)


@given(st.text(max_size=80))
def test_no_text_that_somebody_makes_up_opens_anything(text: str) -> None:
    gate = opened(CLASSIFY)
    for header in (text, f"Bearer {text}", f"Bearer sy_reader_{text}"):
        with pytest.raises(Unauthorised):
            gate.admit(header, local=True)


def test_the_scheme_is_read_as_http_says_whatever_its_case() -> None:
    gate = opened(CLASSIFY)

    assert gate.admit(CLASSIFY.authorization.replace("Bearer", "bEARER"), local=False)


@pytest.mark.parametrize("ended", ["revoked", "expires"])
def test_a_key_that_has_ended_opens_nothing(ended: str) -> None:
    over = replace(CLASSIFY, key=replace(CLASSIFY.key, **{ended: CREATED}))

    with pytest.raises(Unauthorised):
        opened(over, ADMIN).admit(over.authorization, local=True)


def test_when_all_keys_are_revoked_the_gate_stays_shut() -> None:
    book = MemoryBook([CLASSIFY.key])
    gate = Gate(book)
    gate.refresh()
    book.revoke("reader")
    gate.refresh()

    with pytest.raises(Unauthorised):
        gate.admit(None, local=True)


def test_when_the_book_is_lost_the_gate_stays_shut() -> None:
    book = MemoryBook([CLASSIFY.key])
    gate = Gate(book)
    gate.refresh()
    book.keys.clear()
    gate.refresh()

    with pytest.raises(Unauthorised):
        gate.admit(None, local=True)


@dataclass(slots=True)
class LeavingBook(MemoryBook):
    """A book whose store may be away."""

    away: bool = False

    def all(self) -> list[ApiKey]:
        if self.away:
            raise StoreAway("postgresql://db", "it does not answer")
        return MemoryBook.all(self)


def test_a_server_cannot_start_without_knowing_its_keys() -> None:
    with pytest.raises(StoreAway):
        Gate(LeavingBook(away=True)).refresh()


def test_an_absent_store_keeps_nobody_out_who_was_let_in() -> None:
    book = LeavingBook([CLASSIFY.key])
    gate = Gate(book)
    gate.refresh()
    book.away = True

    async def watch() -> None:
        watching = asyncio.create_task(gate.watch(every=0.0))
        for _ in range(20):
            await asyncio.sleep(0.001)
        assert not watching.done()
        watching.cancel()

    asyncio.run(watch())
    assert gate.admit(CLASSIFY.authorization, local=False).name == "reader"


def test_a_revoked_key_is_out_as_soon_as_the_keys_were_read_again() -> None:
    book = MemoryBook([CLASSIFY.key, ADMIN.key])
    gate = Gate(book)
    gate.refresh()

    async def until_out() -> None:
        watching = asyncio.create_task(gate.watch(every=0.001))
        book.revoke("reader")
        async with asyncio.timeout(10):
            while True:
                try:
                    gate.admit(CLASSIFY.authorization, local=True)
                except Unauthorised:
                    break
                await asyncio.sleep(0.001)
        watching.cancel()

    asyncio.run(until_out())
    assert gate.admit(ADMIN.authorization, local=True).name == "boss"


def test_a_key_that_asks_too_often_is_told_when_to_come_back() -> None:
    gate = opened(CLASSIFY, per_minute=2)
    for _ in range(2):
        gate.admit(CLASSIFY.authorization, local=False)

    with pytest.raises(RateLimited) as caught:
        gate.admit(CLASSIFY.authorization, local=False)
    assert caught.value.retry_after == pytest.approx(30.0)


def test_the_limit_of_a_key_goes_before_that_of_the_server() -> None:
    generous = MadeKey.of("bulk", Scope.CLASSIFY, per_minute=100)
    gate = opened(generous, per_minute=1)

    assert [gate.admit(generous.authorization, local=False).name for _ in range(50)]


@pytest.mark.parametrize("per_minute", [None, 0])
def test_without_a_limit_nobody_is_counted(per_minute: int | None) -> None:
    gate = opened(CLASSIFY, per_minute=per_minute)

    assert [gate.admit(CLASSIFY.authorization, local=False).name for _ in range(100)]


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost", "LOCALHOST.", "::ffff:127.0.0.1"],
)
def test_this_machine_has_many_names(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    [None, "", "0.0.0.0", "::", "10.0.0.1", "localhost.example", "127.0.0.1.nip.io", "testclient"],
)
def test_other_machines_have_others(host: str | None) -> None:
    assert not is_loopback(host)


def test_a_server_opens_to_others_only_once_there_are_keys() -> None:
    assert [may_listen_on("0.0.0.0", opened()), may_listen_on("0.0.0.0", opened(ADMIN))] == [
        False,
        True,
    ]
    assert may_listen_on("127.0.0.1", opened())


def test_a_key_is_read_in_its_parts() -> None:
    assert GivenKey.parse("Bearer sy_0a1b2c_s3cret_with-dashes_0") == GivenKey(
        "0a1b2c", "s3cret_with-dashes_0"
    )
