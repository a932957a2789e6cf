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
    is_checked,
    to_digits,
)
from kwlesson.classroom.chat_messages import quoted, senders, speaker
from kwlesson.errors import LessonError, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

MAX_CHAT_LENGTH = 1_000_000
# So many characters after a prefix are an attempt: of known questions, or of any.
_MIN_KNOWN_ATTEMPT, _MIN_ATTEMPT = 4, 6
_MAX_LENGTH = 32  # of what is looked at after a prefix, or more where codes have more
_MAX_WORD_LENGTH = 999


def _lookalikes(signs: str) -> str:
    """Write a pattern for digits, with what is mistaken for them and what may part them."""
    alike = {"0": "[0O]", "1": "[1IL]"}
    return "[- ]?".join(alike.get(sign, sign) for sign in signs)


# A code may follow a time without a blank.
_BEGIN = r"(?:(?<!\w)|(?<=[:.]\d\d)|(?<=[:.]\d\d[AP]M)|(?<=[:.]\d\d [AP]M))"
# Patterns are bounded, and atomic where they could try again: a line may be long, or hostile.
_PREFIX = re.compile(rf"{_BEGIN}{_lookalikes(PREFIX)}", re.IGNORECASE)
_LINE = r" {0,9}\n[ >|-]{0,40}"
_WRAP = rf" ?-{{1,3}}{_LINE}"
_JOINT = rf"(?>{_WRAP}| ?-{{0,3}} ?)"
_IS_JOINT = re.compile(_JOINT)
_WORD = re.compile(rf"(?>({_WRAP}|{_LINE}|[^\w\n]{{0,5}})(\w{{1,{_MAX_WORD_LENGTH}}}))(?!\w)")
_TRAILING = re.compile(rf"-{{1,3}}(?!{PREFIX})(\w{{1,{GROUP}}})(?!\w)", re.IGNORECASE)
_MINUS = "\u02d7\u2043\u207b\u2212"  # dashes that Unicode counts as something else
_MIN_CODE_LENGTH = 6  # of some book
_BLANK = re.compile(r"[^\S\n]")
_QUOTED, _PERHAPS = "quoted", "perhaps quoted"
# What stands before a code that is quoted, and after one that is cut short.
_OPENING = re.compile(r"(?:^ {0,9}[>|].{0,200}|[\"\u201c\u201d\u201e\u00ab\u2039]) {0,3}$")
_CUT = re.compile(r" {0,3}(?:-?\.\.|-?\u2026)")
_MAX_LINES_SHOWN = 5
_OF_A_LESSON = len(PREFIX) + EDITION_DIGITS  # so many digits are the same in all of its codes


class Chat(NamedTuple):
    """What a pasted chat holds: answers, a sentence for what is no code, and what to know."""

    answers: list[dict[str, Any]]
    refused: list[str]
    notes: list[str]


class _Found(NamedTuple):
    """A code in a chat, or what was meant as one: then it has a sentence and no answers."""

    at: int
    line: int
    digits: str
    sender: str
    how: str  # empty, quoted, or perhaps quoted
    answers: dict[str, Any]
    sentence: str = ""


def read_chat(text: str, books: Iterable[Codebook]) -> Chat:
    r"""Find the answer codes in a chat, chatter and all.

    A code is read with any dash, a blank or nothing for a hyphen, and when it is wrapped after a
    hyphen. Where blanks or chatter could be taken for a part of it, it is named and not guessed.
    What quotes a code or reacts to one is not counted, and one code of one name counts once.

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
    >>> code = book.encode({"who-saw": "keeper"})
    >>> chat = read_chat(f"Ada: hi! {code} it is\nAda: {code}\nBen: see KW1-AAAA-AA", [book])
    >>> chat.answers
    [{'who-saw': 'keeper'}]
    >>> chat.notes
    ['line 2 repeats a code of the same name, which counts once']
    >>> [sentence.partition(":")[0] for sentence in chat.refused]
    ['line 3']
    """
    known = tuple(books)
    raw = "\n".join(text[:MAX_CHAT_LENGTH].splitlines())
    found = list(_find_codes(raw, known))
    plain = {one.digits for one in found if not one.how and not one.sentence}
    quoting = [one for one in found if _is_quoted(one, plain)]
    own = [one for one in found if not _is_quoted(one, plain)]
    notes = [f"{_lines(quoting)} a code that is not counted there"] if quoting else []
    if len(text) > MAX_CHAT_LENGTH:
        notes.append(f"the chat is longer than {MAX_CHAT_LENGTH:,} characters: its end is not read")
    refused = [f"line {one.line}: {one.sentence}" for one in own if one.sentence]
    counted: list[_Found] = []
    for same in _grouped([one for one in own if not one.sentence], lambda one: one.digits):
        first = {one.sender: one for one in reversed(same) if one.sender}
        again = [one for one in same if one.sender and one is not first[one.sender]]
        once = [one for one in same if not one.sender or one is first[one.sender]]
        counted += once
        if again:
            notes.append(f"{_lines(again)} a code of the same name, which counts once")
        if len(once) > 1:
            names = "other names" if all(one.sender for one in once) else "no name before it"
            notes.append(f"{_lines(once, 'hold')} the same code with {names}, and each counts")
    notes += [
        f"{_lines(of_name, 'hold')} two codes of one name, and each counts"
        for of_name in _grouped(counted, lambda one: (one.sender, one.digits[:_OF_A_LESSON]))
        if of_name[0].sender and len(of_name) > 1
    ]
    counted.sort(key=lambda one: one.at)
    return Chat([one.answers for one in counted], refused, notes)


def _grouped(found: Iterable[_Found], key: Callable[[_Found], Hashable]) -> list[list[_Found]]:
    groups: dict[Hashable, list[_Found]] = {}
    for one in found:
        groups.setdefault(key(one), []).append(one)
    return list(groups.values())


def _lines(found: list[_Found], verb: str = "repeat") -> str:
    lines = list(dict.fromkeys(one.line for one in found))
    more = len(lines) - _MAX_LINES_SHOWN
    shown = ", ".join(map(str, lines[:_MAX_LINES_SHOWN]))
    if len(lines) == 1:
        return f"line {shown} {verb}s"
    return f"lines {shown}{f' and {more:,} more' if more > 0 else ''} {verb}"


def _is_quoted(one: _Found, plain: set[str]) -> bool:
    """Return whether a code is another message's: in doubt, where all of it stands unquoted."""
    if one.how != _PERHAPS:
        return one.how == _QUOTED
    if one.sentence:
        return any(code.startswith(one.digits) for code in plain)
    return one.digits in plain


def _find_codes(raw: str, known: tuple[Codebook, ...]) -> Iterator[_Found]:
    """Find the codes in a chat, and what was meant as one, in their order."""
    plain = _normalize(raw)
    blanks = _BLANK.sub(" ", raw)
    names, spans = senders(blanks), quoted(blanks)
    starts = _start_pattern(known)
    limit = max([_MAX_LENGTH, *(book.size + 1 for book in known)])
    at = end = counted = 0
    line = 1
    while start := starts.search(plain, at):
        begin, at = start.start(), start.start() + 1
        answers: dict[str, Any] | None = None
        meant = 0
        if start["prefix"] and (hit := _read_code(plain, _candidates(plain, start, limit), known)):
            meant, answers = hit
        elif start["body"]:
            begin = _find_word_start(plain, begin, end)
            meant = start.end() if _is_body(start["body"], known) else 0
        else:
            meant = _find_attempt_end(start, list(_candidates(plain, start, limit)), known)
        if not meant:
            continue
        line, counted = line + plain.count("\n", counted, begin), begin
        floor = max(end, plain.rfind("\n", 0, begin) + 1)
        before = blanks[floor:begin]
        sender = (floor == end and speaker(before)) or names[line - 1]
        while spans and spans[0][1] <= begin:
            del spans[0]
        how = _QUOTED if spans and spans[0][0] <= begin else ""
        code = plain[begin:meant].replace("\n", " ")
        if not how and (_OPENING.search(before) or _CUT.match(raw, meant)):
            how = _PERHAPS
        sentence = "" if answers is not None else visible(_explain_refusal(code, known))
        digits = re.sub(r"\W", "", to_digits(code))
        yield _Found(begin, line, digits, sender, how, answers or {}, sentence)
        at = end = meant


class Candidate(NamedTuple):
    """What follows a prefix, up to the end of some word."""

    end: int
    body: str
    is_joined: bool  # nothing but what may stand in a code parts its words
    is_spaced: bool  # by a blank or a new line in some place
    matches_grouping: bool  # in no other places than `Codebook.encode` does
    ends_in_group: bool  # so for the last word at least


def _start_pattern(books: Iterable[Codebook]) -> re.Pattern[str]:
    """Find a prefix, one with a wrong character, or all of a code but the prefix."""
    loose = "|".join(PREFIX[:at] + r"\w" + PREFIX[at + 1 :] for at in range(len(PREFIX)))
    bodies = "|".join(
        rf"{_lookalikes(edition)}(?:{_JOINT}\w){{{book.size - EDITION_DIGITS}}}(?!\w)"
        for book in books
        for edition in book.editions
    )
    return re.compile(
        rf"(?P<prefix>{_PREFIX.pattern})"
        rf"|(?P<loose>{_BEGIN}(?:{loose}))"
        rf"|(?P<body>{bodies or '(?!)'})",
        re.IGNORECASE,
    )


def _candidates(text: str, start: re.Match[str], limit: int) -> Iterator[Candidate]:
    body, at = "", start.end()
    is_joined, is_spaced = True, " " in start[0]
    matches_grouping = not is_spaced
    while len(body) < limit and (found := _WORD.match(text, at)):
        gap, word = found.groups()
        if not body and word.upper() == PREFIX:
            return
        if gap not in {"", "-"}:
            is_joined = is_joined and bool(_IS_JOINT.fullmatch(gap))
            is_spaced = is_spaced or bool(gap.strip("-"))
        ends_in_group = len(body) % GROUP == 0
        matches_grouping = matches_grouping and ends_in_group
        body, at = body + word, found.end()
        yield Candidate(at, body, is_joined, is_spaced, matches_grouping, ends_in_group)


def _read_code(
    text: str, candidates: Iterable[Candidate], books: Iterable[Codebook]
) -> tuple[int, dict[str, Any]] | None:
    """Read the candidate that is a code: where it ends, and its answers.

    No two candidates are: a book has codes of one size, and its edition tells it from the others.
    """
    sizes = {book.size for book in books}
    for candidate in takewhile(attrgetter("is_joined"), candidates):
        if len(candidate.body) in sizes and _is_apart(text, candidate):
            answers = _decode(candidate.body, books)
            if answers is not None:
                return candidate.end, answers
    return None


def _decode(body: str, books: Iterable[Codebook]) -> dict[str, Any] | None:
    """Read what follows a prefix with the book that it is of."""
    for book in books:
        with suppress(LessonError):
            return book.decode(PREFIX + body)
    return None


def _is_apart(text: str, candidate: Candidate) -> bool:
    """Return whether no chatter can be in a code and no part of it outside.

    The check digits let one wrong code in a thousand pass: enough for a slip, not for guesses.
    """
    if candidate.is_spaced and not (candidate.matches_grouping and _is_one_case(candidate.body)):
        return False
    trailing = _TRAILING.match(text, candidate.end)
    return candidate.ends_in_group and not (trailing and _is_one_case(candidate.body + trailing[1]))


def _find_attempt_end(
    start: re.Match[str], candidates: list[Candidate], books: Iterable[Codebook]
) -> int:
    """Return the end of what was meant as a code, or 0 for chatter."""
    other = _PREFIX.search(start.string, start.end(), candidates[-1].end) if candidates else None
    ours = [one for one in candidates if not other or one.end <= other.start()]
    near = [
        (abs(len(one.body) - book.size), one.end)
        for book in books
        for one in ours
        if abs(len(one.body) - book.size) <= 1
        and _resembles(start.string[start.end() : one.end], one, book)
    ]
    if near:
        return min(near)[1]
    if re.sub(r"\W", "", start[0]).upper() != PREFIX:
        return 0
    ends = [one.end for one in ours if _is_attempt(one, books)]
    return max(ends, default=0)


def _resembles(text: str, candidate: Candidate, book: Codebook) -> bool:
    """Return whether a candidate of the right size begins as codes of a book do, but for a slip."""
    edition = to_digits(candidate.body[:EDITION_DIGITS])
    return any(set(edition) & set(one) for one in book.editions) and (
        edition in book.editions
        or candidate.matches_grouping
        or "-" in text
        or (candidate.is_joined and not candidate.is_spaced)
        or _looks_like_code(candidate.body)
    )


def _is_attempt(candidate: Candidate, books: Iterable[Codebook]) -> bool:
    body = to_digits(candidate.body)
    if not candidate.is_joined or not _looks_like_code(candidate.body):
        return False
    if candidate.matches_grouping and len(body) >= _MIN_CODE_LENGTH and is_checked(body):
        return True  # whatever the questions are
    is_known = any(body.startswith(book.editions) for book in books)
    if candidate.is_spaced:
        is_like = is_known and _looks_like_code(candidate.body[:GROUP])
        return is_like and candidate.matches_grouping and _is_one_case(candidate.body)
    digits = sum(sign in DIGITS for sign in body)
    return digits >= (_MIN_KNOWN_ATTEMPT if is_known else _MIN_ATTEMPT)


def _find_word_start(text: str, at: int, floor: int) -> int:
    """Return where the word begins that a code without its prefix is in."""
    floor = max(floor, at - _MAX_LENGTH)
    while at > floor and (text[at - 1].isalnum() or text[at - 1] == "-"):
        at -= 1
    return at


def _normalize(text: str) -> str:
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
    if not _looks_like_code(body) and "-" not in text:
        return False
    return _decode(body, books) is not None


def _explain_refusal(code: str, books: Iterable[Codebook]) -> str:
    """Return why a code is not read."""
    sentence = f"'{code}' is no answer code"
    for book in books:
        try:
            book.decode(code)
        except LessonError as refusal:
            sentence = str(refusal)
        else:
            return f"it is not clear what belongs to the code '{code}'; ask for it again"
    return sentence


def _looks_like_code(body: str) -> bool:
    """Return whether a digit is in it, or nothing is written small."""
    return any("0" <= sign <= "9" for sign in body) or not any(map(str.islower, body))


def _is_one_case(text: str) -> bool:
    """Return whether all letters are of one size."""
    return text in {text.upper(), text.lower()}
