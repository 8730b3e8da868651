"""What a machine wrote is folded, and what a person wrote is not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortyard.text.code_blocks import FoldedCode

LAW = settings(deadline=None)  # a busy machine breaks no law

PYTHON = """Traceback (most recent call last):
  File "/app/pay.py", line 3, in <module>
    main()
  File "/app/card.py", line 9, in main
    raise ValueError("no such card")
ValueError: no such card"""
JAVA = """Exception in thread "main" java.lang.IllegalStateException: cannot open
\tat com.acme.Foo.bar(Foo.java:12)
\tat com.acme.Main.main(Main.java:4)
Caused by: java.io.IOException: disk full
\tat com.acme.Io.write(Io.java:9)
\t... 2 more"""
NODE = """TypeError: Cannot read properties of undefined (reading 'id')
    at load (/srv/app.js:10:5)
    at Object.<anonymous> (/srv/app.js:20:1)"""
DOT_NET = """System.NullReferenceException: Object reference not set
   at Acme.Web.Page.Load(Object sender) in C:\\src\\Page.cs:line 12
   at System.Web.UI.Control.LoadRecursive()"""
GO = """panic: index out of range

goroutine 1 [running]:
main.main()
\t/tmp/x.go:8 +0x1d"""
LOG = """2026-11-02 10:11:12,123 INFO  [main] com.acme.App - start
2026-11-02 10:11:13,123 WARN  [main] com.acme.App - slow
2026-11-02 10:11:14,123 ERROR [main] com.acme.App - connection refused"""
SYSLOG = """Nov  2 10:11:12 host sshd[123]: Failed password for root
Nov  2 10:11:13 host sshd[124]: Failed password for root
Nov  2 10:11:14 host sshd[125]: Connection closed"""
CODE = """```python
import os
def total(prices):
    return sum(prices)
print(total([1, 2]))
```"""
FILE = "\n".join(["QUJD" * 19] * 5)
ALL = (PYTHON, JAVA, NODE, DOT_NET, GO, LOG, SYSLOG, CODE, FILE)


@pytest.mark.parametrize(
    ("block", "line"),
    [
        (PYTHON, "[trace: ValueError: no such card]"),
        (
            JAVA,
            (
                '[trace: Exception in thread "main" java.lang.IllegalStateException: cannot open; '
                "Caused by: java.io.IOException: disk full]"
            ),
        ),
        (NODE, "[trace: TypeError: Cannot read properties of undefined (reading 'id')]"),
        (DOT_NET, "[trace: System.NullReferenceException: Object reference not set]"),
        (GO, "[trace: panic: index out of range]"),
        (LOG, "[log: ERROR [main] com.acme.App - connection refused]"),
        (SYSLOG, "[log: host sshd[123]: Failed password for root]"),
        (CODE, "[code: import os]"),
        (FILE, "[file]"),
    ],
)
def test_a_block_becomes_a_line_that_says_what_matters(block: str, line: str) -> None:
    assert FoldedCode()(f"Hello, it broke:\n{block}\nPlease help\nAnna") == (
        f"Hello, it broke:\n{line}\nPlease help\nAnna"
    )


@pytest.mark.parametrize(
    "text",
    [
        "[10:23:45] Anna: hello\n[10:23:50] Bob: hi\n[10:24:00] Anna: my card is lost",
        "#1 my order is late\n#2 the box was open\n#3 no answer",
        "I did:\n1. open it;\n2. close it;\n3. open it;\n4. cry;",
        "- red (two)\n- blue (one)\n- green (six)\n- white (ten)",
        "at home (really)\nI waited\nat work (again)\nI waited",
        "```\nshort\n```",
        "```\nnever closed\na\nb\nc\nd",
        "ValueError: what does that mean?",
        "Dear team,\nimport duties were charged twice.\nfor two parcels\nreturn them",
    ],
)
def test_what_a_person_wrote_stays(text: str) -> None:
    assert FoldedCode()(text) == text


@LAW
@given(st.lists(st.one_of(st.sampled_from(ALL), st.text(max_size=30)), max_size=6).map("\n".join))
def test_twice_is_once(text: str) -> None:
    once = FoldedCode()(text)

    assert FoldedCode()(once) == once
