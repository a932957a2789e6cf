"""A chat as it was pasted, chatter and all, and the answer codes in it."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from itertools import takewhile
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from kwlesson.answers.answer_code import (
    DIGITS,
    EDITION_DIGITS,
    GROUP,
    PREFIX,
    Codebook,
    as_digits,
    checks,
)
from kwlesson.errors import LessonError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FEW, _MANY = 4, 6  # so many characters after a prefix are an attempt, of known questions or any
_FAR = 32  # so many characters after a prefix are looked at, or more where codes have more
_LONGEST_WORD = 999


def _spelt(signs: str) -> str:
    """Write a pattern for digits, with what is mistaken for them and what may part them."""
    alike = {"0": "[0O]", "1": "[1IL]"}
    return "[- ]?".join(alike.get(sign, sign) for sign in signs)


# Patterns are bounded, and atomic where they could try again: a line may be long, or hostile.
_PREFIX = re.compile(rf"(?<!\w){_spelt(PREFIX)}", re.IGNORECASE)
_LINE = r" {0,9}\n[ >|-]{0,40}"
_WRAP = rf" ?-{{1,3}}{_LINE}"
_JOINT = rf"(?>{_WRAP}| ?-{{0,3}} ?)"
_IS_JOINT = re.compile(_JOINT)
_WORD = re.compile(rf"(?>({_WRAP}|{_LINE}|[^\w\n]{{0,5}})(\w{{1,{_LONGEST_WORD}}}))(?!\w)")
_GLUED = re.compile(rf"-{{1,3}}(?!{PREFIX})(\w{{1,{GROUP}}})(?!\w)", re.IGNORECASE)
_MINUS = "\u02d7\u2043\u207b\u2212"  # dashes that Unicode counts as something else
_LEAST = 6  # so many digits and more can be a code of some book


class Chat(NamedTuple):
    """What a pasted chat holds: the answers of each code, and a sentence for each that is none."""

    answers: list[dict[str, Any]]
    refused: list[str]


def read_chat(text: str, books: Iterable[Codebook]) -> Chat:
    r"""Find the answer codes in a chat, chatter and all.

    A code is read with any dash, a blank or nothing for a hyphen, and when it is wrapped after a
    hyphen. Where blanks or chatter could be taken for a part of it, it is named and not guessed.

    Parameters
    ----------
    text : str
        The chat as it was copied.
    books : iterable of Codebook
        The questions that the codes may be about.

    Returns
    -------
    Chat
        A code that is mistyped is named with its line.

    Examples
    --------
    >>> import kwlesson
    >>> book = Codebook(kwlesson.load(kwlesson.SAMPLE))
    >>> code = book.encode({"who-saw": "keeper"}).replace("-", " ")
    >>> chat = read_chat(f"Ada: hi! {code} it is\nBen: what is kw1? KW1-AAAA-AA", [book])
    >>> chat.answers
    [{'who-saw': 'keeper'}]
    >>> [sentence.partition(":")[0] for sentence in chat.refused]
    ['line 2']
    """
    known = tuple(books)
    plain = _in_plain_signs("\n".join(text.splitlines()))
    starts = _starts(known)
    far = max([_FAR, *(book.size + 1 for book in known)])
    found: list[dict[str, Any]] = []
    refused: list[str] = []
    at = end = counted = 0
    line = 1
    while start := starts.search(plain, at):
        begin, at = start.start(), start.start() + 1
        if start["prefix"] and (hit := _read(plain, _cuts(plain, start, far), known)):
            at = end = hit[0]
            found.append(hit[1])
            continue
        if start["body"]:
            begin = _word_before(plain, begin, end)
            meant = start.end() if _is_body(start["body"], known) else 0
        else:
            meant = _end_of_attempt(start, list(_cuts(plain, start, far)), known)
        if meant:
            at = end = meant
            line, counted = line + plain.count("\n", counted, begin), begin
            refused.append(
                f"line {line}: {_refusal_of(plain[begin:end].replace(chr(10), ' '), known)}"
            )
    return Chat(found, refused)


class _Cut(NamedTuple):
    """What follows a prefix, up to the end of some word."""

    end: int
    body: str
    is_joined: bool  # nothing but what may stand in a code parts its words
    is_spaced: bool  # by a blank or a new line in some place
    is_tidy: bool  # in no other places than `Codebook.encode` does
    ends_tidy: bool  # so for the last word at least


def _starts(books: Iterable[Codebook]) -> re.Pattern[str]:
    """Find a prefix, one with a wrong character, or all of a code but the prefix."""
    loose = "|".join(PREFIX[:at] + r"\w" + PREFIX[at + 1 :] for at in range(len(PREFIX)))
    bodies = "|".join(
        rf"{_spelt(book.edition)}(?:{_JOINT}\w){{{book.size - EDITION_DIGITS}}}(?!\w)"
        for book in books
    )
    return re.compile(
        rf"(?P<prefix>{_PREFIX.pattern})"
        rf"|(?P<loose>(?<!\w)(?:{loose}))"
        rf"|(?P<body>{bodies or '(?!)'})",
        re.IGNORECASE,
    )


def _cuts(text: str, start: re.Match[str], far: int) -> Iterator[_Cut]:
    body, at = "", start.end()
    is_joined, is_spaced = True, " " in start[0]
    is_tidy = not is_spaced
    while len(body) < far and (found := _WORD.match(text, at)):
        gap, word = found.groups()
        if not body and word.upper() == PREFIX:
            return
        if gap not in {"", "-"}:
            is_joined = is_joined and bool(_IS_JOINT.fullmatch(gap))
            is_spaced = is_spaced or bool(gap.strip("-"))
        ends_tidy = len(body) % GROUP == 0
        is_tidy = is_tidy and ends_tidy
        body, at = body + word, found.end()
        yield _Cut(at, body, is_joined, is_spaced, is_tidy, ends_tidy)


def _read(
    text: str, cuts: Iterable[_Cut], books: Iterable[Codebook]
) -> tuple[int, dict[str, Any]] | None:
    """Read the cut that is a code: where it ends, and its answers.

    No two cuts are: a book has codes of one size, and its edition tells it from the others.
    """
    sizes = {book.size for book in books}
    for cut in takewhile(attrgetter("is_joined"), cuts):
        if len(cut.body) in sizes and _is_apart(text, cut):
            answers = _decoded(cut.body, books)
            if answers is not None:
                return cut.end, answers
    return None


def _decoded(body: str, books: Iterable[Codebook]) -> dict[str, Any] | None:
    """Read what follows a prefix with the book that it is of."""
    for book in books:
        with suppress(LessonError):
            return book.decode(PREFIX + body)
    return None


def _is_apart(text: str, cut: _Cut) -> bool:
    """Return whether no chatter can be in a code and no part of it outside.

    The check digits let one wrong code in a thousand pass: enough for a slip, not for guesses.
    """
    if cut.is_spaced and not (cut.is_tidy and _is_one_case(cut.body)):
        return False
    glued = _GLUED.match(text, cut.end)
    return cut.ends_tidy and not (glued and _is_one_case(cut.body + glued[1]))


def _end_of_attempt(start: re.Match[str], cuts: list[_Cut], books: Iterable[Codebook]) -> int:
    """Return the end of what was meant as a code, or 0 for chatter."""
    other = _PREFIX.search(start.string, start.end(), cuts[-1].end) if cuts else None
    cuts = [cut for cut in cuts if not other or cut.end <= other.start()]
    near = [
        (abs(len(cut.body) - book.size), cut.end)
        for book in books
        for cut in cuts
        if abs(len(cut.body) - book.size) <= 1
        and _is_like(start.string[start.end() : cut.end], cut, book)
    ]
    if near:
        return min(near)[1]
    if re.sub(r"\W", "", start[0]).upper() != PREFIX:
        return 0
    ends = [
        cut.end
        for cut in cuts
        if cut.is_joined
        and _has_look_of_code(cut.body)
        and (_is_attempt(cut, books) or (cut.is_tidy and _is_of_another_book(cut.body)))
    ]
    return max(ends, default=0)


def _is_like(text: str, cut: _Cut, book: Codebook) -> bool:
    """Return whether a cut of the right size begins as codes of a book do, but for a slip."""
    edition = as_digits(cut.body[:EDITION_DIGITS])
    return bool(set(edition) & set(book.edition)) and (
        edition == book.edition
        or cut.is_tidy
        or "-" in text
        or (cut.is_joined and not cut.is_spaced)
        or _has_look_of_code(cut.body)
    )


def _is_attempt(cut: _Cut, books: Iterable[Codebook]) -> bool:
    signs = sum(sign in DIGITS for sign in as_digits(cut.body))
    is_known = any(as_digits(cut.body).startswith(book.edition) for book in books)
    if cut.is_spaced:
        is_like = is_known and _has_look_of_code(cut.body[:GROUP])
        return is_like and cut.is_tidy and _is_one_case(cut.body)
    return signs >= (_FEW if is_known else _MANY)


def _word_before(text: str, at: int, floor: int) -> int:
    """Return where the word begins that a code without its prefix is in."""
    floor = max(floor, at - _FAR)
    while at > floor and (text[at - 1].isalnum() or text[at - 1] == "-"):
        at -= 1
    return at


def _in_plain_signs(text: str) -> str:
    """Write every dash, blank and wide letter as its plain one, each in its place."""
    plain = {}
    for sign in set(text) - {"\n"}:
        usual = unicodedata.normalize("NFKC", sign)
        # Marks that cannot be seen come with a copy from some chats; a hyphen does no harm.
        if unicodedata.category(sign) in {"Pd", "Pc", "Cf"} or sign in _MINUS:
            plain[ord(sign)] = "-"
        elif sign.isspace():
            plain[ord(sign)] = " "
        elif len(usual) == 1 and usual.isascii():
            plain[ord(sign)] = usual
    return text.translate(plain)


def _is_body(text: str, books: Iterable[Codebook]) -> bool:
    """Return whether a text is a whole code but for the prefix."""
    body = re.sub(r"\W", "", text)
    if not _has_look_of_code(body) and "-" not in text:
        return False
    return _decoded(body, books) is not None


def _refusal_of(code: str, books: Iterable[Codebook]) -> str:
    """Say why a code is not read."""
    sentence = f"'{code}' is no answer code"
    for book in books:
        try:
            book.decode(code)
        except LessonError as refusal:
            sentence = str(refusal)
        else:
            return f"it is not clear what belongs to the code '{code}'; ask for it again"
    return sentence


def _has_look_of_code(body: str) -> bool:
    """Return whether a digit is in it, or nothing is written small."""
    return any("0" <= sign <= "9" for sign in body) or not any(map(str.islower, body))


def _is_one_case(text: str) -> bool:
    """Return whether all letters are of one size."""
    return text in {text.upper(), text.lower()}


def _is_of_another_book(body: str) -> bool:
    """Return whether the check digits fit, whatever the questions are."""
    digits = as_digits(body)
    return len(digits) >= _LEAST and not set(digits) - set(DIGITS) and checks(digits)
