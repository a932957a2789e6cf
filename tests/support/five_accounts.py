"""A lesson of five accounts of one morning: times of day, kinds and acts of its own, sides."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import kwlesson

if TYPE_CHECKING:
    from pathlib import Path

TELLERS = {
    "drover": ("Hob Lane", "person", "deposition", "swore"),
    "ferryman": ("Nan Weir", "person", "diary", "wrote"),
    "printer": ("Cass Type", "person", "newspaper", "printed"),
    "painter": ("Ivo Brush", "person", "picture", "drew"),
    "militia": ("Thirty-four men of the ford", "body", "deposition", "signed"),
}
POINTS = [  # who speaks, the verdict, who stands with whom
    (" ".join(TELLERS), "conflict", "drover;militia/ferryman;painter/printer"),
    ("drover ferryman printer", "agree", ""),
    ("drover ferryman printer painter", "tension", ""),
    ("ferryman painter", "tension", ""),
    ("printer", "quoted-from-one", ""),
    ("", "unassigned", ""),
]  # fmt: skip
STEPS = [("militia", "drover", "warns"), ("drover;ferryman", "militia", "orders"),
         ("militia", "", "fires"), ("militia", "ferryman", "attacks")]  # fmt: skip


def rows() -> dict[str, list[dict[str, str]]]:
    """Return the tables; columns that are left out have their defaults."""
    keys = list(TELLERS)
    people = [
        {"id": key, "name": name, "kind": kind, "role": "Was at the ford.",
         "plural": "yes" if kind == "body" else "no"}
        for key, (name, kind, _, _) in TELLERS.items()
    ]  # fmt: skip
    sources = [
        {"id": f"{key}-paper", "kind": kind, "title": f"The {kind} of the {key}", "author": name,
         "date": "1703-05-14", "citation": f"{name}, {kind}, 14 May 1703.", "read": "whole",
         "rights": "Invented for tests"}
        for key, (name, _, kind, _) in TELLERS.items()
    ]  # fmt: skip
    accounts = [
        {"id": key, "case": "the-ford", "label": f"The {key}", "masked_label": f"Paper {number}",
         "reporter": key, "source": f"{key}-paper", "route": f"{key}-way",
         "position": "Stood at the ford.", "silence": "Nothing is quoted from it here."}
        for number, key in enumerate(keys, start=1)
    ]  # fmt: skip
    points, claims, quotes = [], [], []
    for number, (speaking, verdict, sides) in enumerate(POINTS, start=1):
        point = f"point-{number}"
        points.append(
            {"id": point, "case": "the-ford", "order": str(number), "question": f"Who, {number}?",
             "verdict": verdict, "sides": sides, "note": "So we judge."}
        )  # fmt: skip
        for key in speaking.split() or [""]:
            source = f"{key or 'printer'}-paper"
            own = {"point": point, "account": key, "source": source, "paragraph": str(number)}
            claims.append(
                own | {"id": f"{point}-{key or 'nobody'}", "says": f"It says {number} of the ford."}
            )
            if key:
                quotes.append(
                    own | {"id": f"words-{number}-{key}", "words": f"the ford at {number}",
                           "plain": "It was at the ford.", "speaker": key, "event": "event-1",
                           "document": source, "route": f"{key}-way"}
                )  # fmt: skip
    events = [
        {"id": f"event-{number}", "date": f"1703-05-14T{time}", "title": f"Event {number}",
         "summary": "It happened at the ford.", "people": "militia", "status": "documented",
         "source": "drover-paper", "paragraph": "1"}
        for number, time in enumerate(("05:10", "05:30", "05:45", "06:20"), start=1)
    ]  # fmt: skip
    hands = [
        {"route": f"{key}-way", "step": "1", "person": key, "act": act, "status": "documented",
         "source": f"{key}-paper"}
        for key, (_, _, _, act) in TELLERS.items()
    ]  # fmt: skip
    hands += [
        {"route": f"{key}-way", "step": "2", "person": "printer", "act": "printed",
         "status": "presumed", "source": "printer-paper"}
        for key in keys
    ]  # fmt: skip
    links = [
        {"id": f"link-{number}", "step": str(number), "spine": "yes", "event": f"event-{number}",
         "by": by, "to": to, "act": act, "says": "So it was.", "title": f"Step {number}"}
        for number, (by, to, act) in enumerate(STEPS, start=1)
    ]  # fmt: skip
    supports = [
        {"link": link["id"], "quote": f"words-1-{key}", "source": f"{key}-paper",
         "bearing": bearing, "what": "said"}
        for link in links
        for key, bearing in (("militia", "supports"), ("ferryman", "contradicts"))
    ]  # fmt: skip
    return {
        "cases": [{"id": "the-ford", "title": "Five accounts of a ford", "claim": "point-1-drover",
                   "question": "Who fired first?", "summary": "Five people told of one morning."}],
        "people": people, "sources": sources, "accounts": accounts, "points": points,
        "claims": claims, "quotes": quotes, "events": events, "links": links,
        "routes": [{"id": f"{key}-way", "title": f"The way of the {key}", "summary": "It was so.",
                    "interest": "To be heard."} for key in keys],
        "hands": hands, "supports": supports,
        "corroborations": [
            {"id": "the-ball", "case": "the-ford", "event": "event-3", "source": "painter-paper",
             "favours": "drover;militia", "other_speaker": "yes", "other_channel": "yes",
             "against_interest": "no", "judgement": "It helps two of them."}],
        "questions": [
            {"id": f"how-sure-{n}", "notebook": f"0{n}", "order": "1", "kind": "scale",
             "skill": "sourcing", "prompt": "The drover is right. How sure are you?",
             "round": str(n), "model_answer": "It depends.", "source": "drover-paper"}
            for n in (1, 2)],
        "choices": [
            {"question": f"how-sure-{n}", "id": one, "text": one, "feedback": f"You kept: {one}.",
             "best": "no"} for n in (1, 2) for one in ("likely", "unlikely")],
        "plan": [{"order": "1", "notebook": "01", "step": "Read", "minutes_full": "20",
                  "can_skip": "no"}],
    }  # fmt: skip


def write(folder: Path) -> Path:
    """Write the folder of the lesson."""
    folder.mkdir(exist_ok=True)
    tables = rows()
    for name, found in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(found[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(found)
    references = [{"id": row["id"]} for row in tables["sources"]]
    (folder / "references.json").write_text(json.dumps(references), encoding="utf-8")
    return folder


def load(folder: Path) -> kwlesson.Lesson:
    """Write the lesson, and load it."""
    return kwlesson.load(write(folder))
