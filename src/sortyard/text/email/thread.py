"""Where in a mail somebody else's words are, and what around the writer's own says nothing."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sortyard.text.email.banners import is_banner
from sortyard.text.email.closings import closing_above
from sortyard.text.email.footers import footer_above
from sortyard.text.email.headers import headers_at, own_headers, role_of
from sortyard.text.email.intros import intro_ending, is_closer
from sortyard.text.email.lines import fenced_lines, is_rule, quoted_lines
from sortyard.text.email.marks import is_mark
from sortyard.text.email.signatures import is_device_line, signature_above
from sortyard.text.email.subjects import is_answered_subject, same_subject

_OTHER_QUOTES: Final = "|:]}"  # which mark a line as quoted right below an introduction
_COLONS: Final = (":", "\uff1a")
_FORM: Final = re.compile(r"[^\W\d_][\w .-]{0,30}:\s")
_GAP: Final = 3  # empty lines between an introduction and what it introduces


@dataclass(frozen=True, slots=True)
class Own:
    """The places of the lines that the writer wrote, and the subject that stood above them."""

    places: list[int]
    subject: str = ""


@dataclass(frozen=True, slots=True)
class _Break:
    """The lines that say whose words follow; `quoted` where these are marked line by line."""

    first: int
    after: int
    quoted: bool
    subject: str = ""


class Thread:
    """
    A mail as stripped lines.

    From the top it is searched for what begins a quotation, from the bottom for what says nothing;
    no line is looked at more than a few times.
    """

    def __init__(self, lines: Sequence[str], *, inline_quotes: bool, closings: bool) -> None:
        self._lines = lines
        self._inline_quotes = inline_quotes
        self._closings = closings
        self._quoted = quoted_lines(lines)
        self._fenced = fenced_lines(lines)
        self._gone = bytearray(len(lines))  # introductions; their quotations may stay
        self._no_headers_before = 0
        self._no_footer_from = len(lines)  # down to where none was found

    def own(self) -> Own:
        """
        Find what is new.

        Text above a quotation that is not marked line by line ends there; with nothing new above
        it, it is what there is to read, and only its headers go. Marked quotations go from the top
        and from the bottom; between two things that the writer said they stay.
        """
        shown = self._shown_subject()
        start, subject = self._opened(shown)
        end = len(self._lines)
        for one in self._breaks(start):
            self._gone[one.first : one.after] = b"\1" * (one.after - one.first)
            if one.quoted:
                continue
            if self._ended(start, one.first) > start:
                end = one.first
                break
            start, subject = one.after, subject or one.subject
        start = self._past_quotes(start, end)
        end = self._ended(start, end)
        places = [at for at in range(start, end) if not self._gone[at] and self._stays(at)]
        while places and not self._lines[places[0]]:
            del places[0]
        if not places:
            return Own([])
        return Own([*range(shown), *places], "" if shown else subject)

    def _shown_subject(self) -> int:
        """Count the lines, one or none, on which the mail's subject stands above its text."""
        if is_answered_subject(self._lines[0]):
            return 1
        below = own_headers(self._lines, 1) or headers_at(self._lines, 1)
        return 1 if below.is_mail and same_subject(below.subject, self._lines[0]) else 0

    def _opened(self, start: int) -> tuple[int, str]:
        """Go past empty lines, banners, and the mail's own headers; return their subject too."""
        subject = ""
        while start < len(self._lines):
            line = self._lines[start]
            if not line or is_banner(line):
                start += 1
                continue
            headers = None if subject else own_headers(self._lines, start)
            if headers is None:
                break
            start, subject = headers.after, headers.subject
        return start, subject

    def _breaks(self, start: int) -> Iterator[_Break]:
        at = start
        while at < len(self._lines):
            found = self._break_at(at, start) if self._may_break(at) else None
            if found:
                yield found
                start = at = found.after
            else:
                at += 1

    def _may_break(self, at: int) -> bool:
        line = self._lines[at]
        return bool(line) and not self._fenced[at] and (not self._quoted[at] or is_closer(line))

    def _break_at(self, at: int, floor: int) -> _Break | None:
        quotes_follow = self._sign_below(at + 1) >= 0
        intro = intro_ending(self._lines, at, floor, quotes_follow=quotes_follow)
        if intro and (quotes_follow or intro.sure):
            return _Break(intro.first, intro.after, self._quote_follows(intro.after))
        if is_mark(self._lines, at):
            return self._marked(at)
        if at < self._no_headers_before or not role_of(self._lines[at]):
            return None
        headers = headers_at(self._lines, at, marked=self._is_below_a_rule(at, floor))
        if not headers.is_mail or self._belongs_to_the_text(at, floor):
            self._no_headers_before = headers.after  # fewer of them are no more of a mail
            return None
        quoted = self._quote_follows(headers.after)
        return _Break(at, headers.after, quoted, headers.subject)

    def _marked(self, at: int) -> _Break:
        below = self._next_filled(at + 1)
        headers = headers_at(self._lines, below, marked=True) if below < len(self._lines) else None
        after = headers.after if headers and headers.is_mail else at + 1
        return _Break(at, after, self._quote_follows(after))

    def _belongs_to_the_text(self, at: int, floor: int) -> bool:
        """Tell whether headers are lines of a form, or announced with a colon by the writer."""
        above = at
        while above > floor and not self._lines[above - 1]:
            above -= 1
        if above == floor:
            return False
        line = self._lines[above - 1]
        return line.endswith(_COLONS) or (above == at and _FORM.match(line) is not None)

    def _is_below_a_rule(self, at: int, floor: int) -> bool:
        while at > floor and not self._lines[at - 1]:
            at -= 1
        return at > floor and is_rule(self._lines[at - 1])

    def _quote_follows(self, at: int) -> bool:
        """Tell whether marked lines are next, and mark those with an uncommon sign as well."""
        below = self._sign_below(at)
        if below < 0:
            return False
        sign = self._lines[below][0]
        while not self._quoted[below] and self._lines[below].startswith(sign):
            self._quoted[below] = 1
            below = min(below + 1, len(self._lines) - 1)
        return True

    def _sign_below(self, at: int) -> int:
        """Find the next line with words, if it begins as a quoted one does; -1 if not."""
        below = self._next_filled(at)
        if below >= len(self._lines) or not self._lines[below]:
            return -1
        is_marked = self._quoted[below] or self._lines[below][0] in _OTHER_QUOTES
        return below if is_marked else -1

    def _next_filled(self, at: int) -> int:
        limit = min(len(self._lines), at + _GAP + 1)
        while at < limit and not self._lines[at]:
            at += 1
        return at

    def _past_quotes(self, start: int, end: int) -> int:
        """
        Go past what is quoted above the first words of the writer.

        Without an introduction, the writer put it there, and speaks of it.
        """
        place, introduced = start, False
        while place < end and self._says_nothing(place):
            introduced = introduced or bool(self._gone[place])
            place += 1
        return place if introduced else start

    def _says_nothing(self, at: int) -> bool:
        return not self._lines[at] or bool(self._quoted[at]) or bool(self._gone[at])

    def _ended(self, start: int, end: int) -> int:
        """Go back from `end` to the last words of the writer."""
        while end > start:
            before = self._last_cut(start, end)
            if before is None:
                break
            end = before
        return end

    def _last_cut(self, start: int, end: int) -> int | None:
        """Find where what ends here begins, if it says nothing."""
        last = end - 1
        line = self._lines[last]
        if not line or self._gone[last]:
            return last
        if self._fenced[last]:
            return None
        if self._quoted[last]:
            return self._above_quotation(start, end)
        above = self._lines[last - 1] if last > start else ""
        if is_rule(line) or line == "-" or is_banner(line) or is_device_line(line, above):
            return last
        cut = self._above_footer(start, end)
        if cut is None:
            cut = signature_above(self._lines, start, end)
        if cut is None and self._closings:
            cut = closing_above(self._lines, start, end)
        return cut

    def _above_footer(self, start: int, end: int) -> int | None:
        """Find the top of the small print, once for every paragraph."""
        if end > self._no_footer_from:
            return None
        looked = footer_above(self._lines, start, end)
        self._no_footer_from = looked.top
        return looked.first

    def _above_quotation(self, start: int, end: int) -> int | None:
        """Find the top of a quotation; None for one that the writer announces with a colon."""
        top = end
        introduced = False
        while top > start and self._says_nothing(top - 1):
            introduced = introduced or bool(self._gone[top - 1])
            top -= 1
        announced = top > start and self._lines[top - 1].endswith(_COLONS)
        return None if announced and not introduced else top

    def _stays(self, at: int) -> bool:
        return self._inline_quotes or not self._quoted[at]
