"""Who wrote a line of a pasted chat, and what in it is only quoted."""

from __future__ import annotations

import re
from itertools import pairwise

from kwlesson.classroom.hand_ins import plain_name

# Names and times stand near the beginning of a line; what comes later is the message.
_LOOKED_AT = 200
_CLOCK = (
    r"(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4},? {1,3})?\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?: ?[AP]\.?M\b)?"
)
_TIME = rf"(?:\[{_CLOCK}\]|{_CLOCK})"
_NAME = r"(?!KW[1IL])(?=[^:\n]{0,79}?[^\W\d_])(?P<name>[^:\n]{1,79}?)"  # with a letter in it
# Marks that cannot be seen come with a copy from some chats.
_LEAD = "[ \u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]{0,9}"
_CODE = r"(?= {0,3}KW[1IL][^\w])"
_HEADERS = tuple(
    re.compile(rf"{_LEAD}{pattern}", re.IGNORECASE)
    for pattern in (
        rf"{_TIME}[ -]{{0,9}}{_NAME} {{0,9}}:(?: |$)",  # Zoom, WhatsApp, BigBlueButton
        rf"\[{_CLOCK}\] {{1,9}}{_NAME} {{0,9}}$",  # Teams
        rf"{_NAME}[ ,]{{0,9}}{_TIME} {{0,9}}(?:$|{_CODE})",  # Google Meet, Slack, Teams
        rf"(?P<name>){_TIME}",
    )
)
_SOME_TIME = re.compile(r"\d[:.]\d\d")
_ONLY_A_NAME = re.compile(r"(?!.*KW[1IL])[^:\n]{1,80}$", re.IGNORECASE)
_TO = re.compile(r"^from +| +to +.*$", re.IGNORECASE)
_SPEAKER = re.compile(rf"[^\w\n]{{0,9}}{_NAME} {{0,9}}:(?!\S*/)", re.IGNORECASE)
_WORDS_OF_A_MESSAGE = {"answer", "answers", "code", "codes", "here", "i", "is", "mine", "my"}
_MOST_WORDS = 6
_LETTER = re.compile(r"[^\W\d_]")
# What chats write before the words they quote: Zoom; messages on phones.
_QUOTING = re.compile(
    r"\b(?:Reacted to|Replying to|Removed an? [^\n]{1,40} from|Liked|Loved|Disliked|Laughed at"
    r"|Emphasi[sz]ed|Questioned) {1,3}[\"\u201c\u201d\u201e]"
    r"(?:[^\"\u201c\u201d\u201e]{0,400}[\"\u201c\u201d\u201e]|[^\n]{0,400})",
    re.IGNORECASE,
)


def senders(text: str) -> list[str]:
    r"""Return who wrote each line of a chat, where the line or one above it says so.

    Parameters
    ----------
    text : str
        The chat; every blank in it is a plain one.

    Returns
    -------
    list of str
        Names in the form in which names are compared, empty where nobody is named. Where a time
        stands beside a name, what follows is of that name until the next time; else one line.

    Examples
    --------
    >>> senders("10:03:11 From Ada to Everyone:\n KW1-AAAA\nBen Ali10:04\nKW1-BBBB\n10:05KW1-CCCC")
    ['ada', 'ada', 'ben ali', 'ben ali', 'ben ali']
    """
    found: list[str] = []
    now = ""
    lines = [line[:_LOOKED_AT] if len(line) > _LOOKED_AT else line for line in text.split("\n")]
    for above, line in pairwise(["", *lines]):
        header = None
        if _SOME_TIME.search(line):
            header = next(filter(None, (pattern.match(line) for pattern in _HEADERS)), None)
        if header:
            # A time alone goes on under the name over it, or under the one before.
            name = _TO.sub("", header["name"].strip()) or (
                above if _ONLY_A_NAME.match(above) else now
            )
            now = name if _LETTER.search(name) else ""
        found.append((not header and speaker(line)) or plain_name(now))
    return found


def speaker(before: str) -> str:
    """Return who is named on a line before a code, as in `Ada: KW1-...`.

    Parameters
    ----------
    before : str
        What stands before the code, on its line and after the code before it.

    Returns
    -------
    str
        A name in the form in which names are compared; empty where there is none.

    Examples
    --------
    >>> speaker("Ada L.: so "), speaker("my code: ")
    ('ada l.', '')
    """
    match = _SPEAKER.match(before[:_LOOKED_AT])
    name = plain_name(match["name"]) if match else ""
    words = set(re.findall(r"\w+", name))
    is_message = words & _WORDS_OF_A_MESSAGE or len(words) > _MOST_WORDS
    return "" if is_message or not _LETTER.search(name) else name


def quoted(text: str) -> list[tuple[int, int]]:
    """Return where a chat repeats words of another message, from where to where.

    Parameters
    ----------
    text : str
        The chat; every blank in it is a plain one.

    Returns
    -------
    list of tuple of int

    Examples
    --------
    >>> text = 'Reacted to "KW1-AAAA" with a heart'
    >>> [text[start:end] for start, end in quoted(text)]
    ['Reacted to "KW1-AAAA"']
    """
    return [match.span() for match in _QUOTING.finditer(text)]
