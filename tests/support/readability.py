"""How hard a sentence is to read, names aside."""

from __future__ import annotations

import re

NAME = "Kim"
QUOTED = re.compile("“[^“\u201d]*”")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
_PROPER = r"[A-Z][\w\u2019'.-]*"
_CAPITALISED = re.compile(
    rf"(?<=[\w,;:\u2019'\")\u201d] ){_PROPER}(?:(?: of the| of|,)? {_PROPER})*"
)
# Endings and words in which the letters mislead.
_SILENT = re.compile(r"(?:[^laeiouy]es|[^aeioutd]ed|[^l]e)$")
_TWO_VOWELS = re.compile(r"ia(?!l\b|n\b)|io(?!n|us)|eo(?!p)|[^q]ua|[^aeiou]ying")


def nameless(sentence: str, names: re.Pattern[str]) -> str:
    """Put one short name for every name, and one word for words that a text wrote."""
    return _CAPITALISED.sub(NAME, names.sub(NAME, QUOTED.sub("words", sentence)))


def words(sentence: str) -> list[str]:
    return _WORD.findall(re.sub(r"\d[\d.,:\u2013-]*", NAME, sentence))


def syllables(word: str) -> int:
    word = word.lower().partition("'")[0].partition("\u2019")[0]
    count = len(re.findall(r"[aeiouy]+", _SILENT.sub("", word) if len(word) > 3 else word))
    return max(1, count + len(_TWO_VOWELS.findall(word)))


def grade(sentences: list[str]) -> float:
    """Give the Flesch-Kincaid grade of sentences without their names."""
    said = [words(sentence) for sentence in sentences]
    said = [one for one in said if one]
    total = sum(len(one) for one in said)
    beats = sum(syllables(word) for one in said for word in one)
    return 0.39 * total / len(said) + 11.8 * beats / total - 15.59
