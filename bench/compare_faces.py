"""Show that no row, word or sentence was lost: the faces of every view, before and after.

    bench/compare_faces.py REVISION        compare with a revision of this repository
    bench/compare_faces.py FOLDER          compare with another checkout
    bench/compare_faces.py REVISION -f DIR also write every face into DIR/old and DIR/new

Both sides draw their own lessons in a process of their own. Of each view the text, the page and
the live face are taken apart into rows, words and runs of words between two marks; what an old
face has and the new one has nowhere is printed, and nothing else.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
from html.parser import HTMLParser
from pathlib import Path

# A drawing has its words in a list or a table beside it.
UNDRAWN = {"style", "script", "svg"}
INLINE = {"b", "code", "i", "small", "span", "sup"}
# Words of texts that were not read off the page, which says the same in others or elsewhere.
REWORDED = {
    "after you have answered", "behind the caution", "date not given", "kind", "language not given",
    "retold in our words", "skill", "then give your reason", "what documents add",
    "what is quoted from it", "words explained", "write your answer in your own words",
    "yes ___ no ___ unclear ___",
}  # fmt: skip
HERE = Path(__file__).resolve().parents[1]
# What stands between two runs of words, be it laid out in one way or in another.
IDS = re.compile(r"\[[a-z0-9:/-]+(?:,\s+[a-z0-9:/-]+)*\]")
MARKS = re.compile(IDS.pattern + r"|[^\w\s'’-]+|\n|(?<!\w)[-'’]|[-'’](?!\w)")  # noqa: RUF001


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("old")
    parser.add_argument("-f", "--faces", type=Path)
    parser.add_argument("--dump", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.dump:
        json.dump(all_faces(Path(arguments.old)), sys.stdout)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        old = drawn_in(checkout_of(arguments.old, Path(folder)))
    new = drawn_in(HERE)
    if arguments.faces:
        for name, faces in (("old", old), ("new", new)):
            write(faces, arguments.faces / name)
    return report(old, new)


def checkout_of(revision: str, folder: Path) -> Path:
    """Return the folder of a checkout; a revision is unpacked first."""
    if Path(revision).is_dir():
        return Path(revision).resolve()
    export = ["git", "-C", str(HERE), "archive", "--format=tar", revision]
    packed = subprocess.run(export, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def drawn_in(checkout: Path) -> dict[str, dict[str, str]]:
    """Return every face of every view as the package of a checkout draws it."""
    found = subprocess.run(
        [sys.executable, __file__, str(checkout), "--dump"],
        check=True, stdout=subprocess.PIPE, text=True, cwd=checkout,
        env=os.environ | {"PYTHONPATH": str(checkout), "PYTHONSAFEPATH": "1"},
    )  # fmt: skip
    return json.loads(found.stdout)


def all_faces(checkout: Path) -> dict[str, dict[str, str]]:
    import kwlesson

    if checkout not in Path(kwlesson.__file__).resolve().parents:
        sys.exit(f"{kwlesson.__file__} does not lie in {checkout}")
    sample = getattr(kwlesson, "SAMPLE", None) or kwlesson.FICTIONAL
    faces = {}
    for folder in (checkout / "data", checkout / "data" / "transfer", Path(sample)):
        name = {"data": "lesson", "transfer": "transfer"}.get(folder.name, "sample")
        lesson = kwlesson.load(folder)
        with tempfile.TemporaryDirectory() as answers:
            for call, arguments in calls(folder, Path(answers)).items():
                verb, *_ = call.partition("(")
                place = {"names": True} if verb == "gather" else {}
                view = getattr(lesson, verb)(**arguments, **place)
                faces[f"{name} {call}"] = {"text": view.text(), "page": view.page()}
                if view.has_live_face():
                    faces[f"{name} {call}"]["live"] = live_html(view.live())
    return faces


def calls(folder: Path, answers: Path) -> dict[str, dict]:
    """Return the arguments of every call of every verb, by what a notebook would write."""
    ids = {path.stem: [row.get("id", "") for row in rows(path)] for path in folder.glob("*.csv")}
    judged = dict.fromkeys(row["case"] for row in rows(folder / "corroborations.csv"))
    questions = rows(folder / "questions.csv")
    chosen = {row["question"]: row["id"] for row in rows(folder / "choices.csv")}
    found = {f"compare({case})": {"case": case} for case in ids["cases"]}
    found |= {f"compare({case}, masked)": {"case": case, "masked": True} for case in ids["cases"]}
    found |= {f"corroborate({case})": {"case": case} for case in judged}
    found |= {f"follow({route})": {"route": route} for route in ids["routes"]}
    found |= {f"set_aside({kind})": {"what": kind} for kind in ("source", "speaker", "historian")}
    found |= {"trace(whole)": {"whole": True}, "trace(answers)": {"answers": True}}
    found |= {f"timeline({who})": {"person": who} for who in ids["people"]}
    found |= {f"who({row['name']})": {"name": row["name"]} for row in rows(folder / "people.csv")}
    found |= {f"quote({quote})": {"quote": quote} for quote in ids["quotes"]}
    found |= {f"cite({source})": {"source": source} for source in ids["sources"]}
    found |= {f"define({term})": {"term": term} for term in ids["terms"]}
    found |= {f"ask({row['id']})": {"question": row["id"]} for row in questions}
    found |= {f"tally({question})": {"question": question} for question in chosen}
    found |= {f"mark({book})": {"notebook": book} for book in {q["notebook"] for q in questions}}
    found |= {f"teach({minutes})": {"minutes": minutes} for minutes in lengths(folder)}
    for name, given in (("Ada", chosen), ("Ben", dict.fromkeys(chosen, "none of these"))):
        (answers / f"{name}.json").write_text(answer_file(folder, name, given), encoding="utf-8")
    (answers / "notes.json").write_text("no answers", encoding="utf-8")
    found |= {"gather()": {"folder": str(answers)}, "read_codes()": {"chat": "Ada: KW1-0 no code"}}
    for verb in ("trace", "follow", "set_aside", "timeline", "who", "cite", "define", "mark",
                 "teach", "argue", "look_back", "keep"):  # fmt: skip
        found[f"{verb}()"] = {}
    return dict(sorted(found.items()))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def lengths(folder: Path) -> list[int]:
    plan = rows(folder / "plan.csv")
    return [n for n in (15, 50, 90) if any(step[f"minutes_{n}"] for step in plan)]


def answer_file(folder: Path, name: str, chosen: dict[str, str]) -> str:
    """Write what a learner hands in who chose the last answer everywhere and wrote a line."""
    given: dict[str, object] = {"name": name}
    for row in rows(folder / "questions.csv"):
        choice = chosen.get(row["id"])
        given[row["id"]] = {
            "choice": choice, "evidence": [choice], "text": f"Thus spoke {name}.",
            "scale": {"choice": choice, "reason": f"{name} had a reason."},
        }[row["kind"]]  # fmt: skip
    for row in rows(folder / "corroborations.csv"):
        given[row["id"]] = {"other_speaker": "yes", "other_channel": "no"}
    keys = [f"quotes:{row['id']}" for row in rows(folder / "quotes.csv")[:2]]
    given["argument"] = {
        "claim": f"{name} claims it.", "evidence": keys[:1], "against": keys[1:],
        "but": "But it is late.", "sure": "", "why": "It was said twice.",
    }  # fmt: skip
    answers = {key: {"answer": one, "n": 1, "locked": False} for key, one in given.items()}
    head = {"format": "kwlesson-workbook", "version": 1, "lesson": "kwlesson", "book": name}
    return json.dumps(head | {"counter": 1, "answers": answers})


def live_html(widget) -> str:
    """Return all HTML of a live face, in order."""
    own = [getattr(widget, name, "") for name in ("value", "html")]
    parts = [one for one in own if isinstance(one, str)]
    return "".join([*parts, *map(live_html, getattr(widget, "children", ()))])


class Page(HTMLParser):
    """The rows of a page, and its words; what explains a word stands apart from the sentence."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[str] = []
        self.words: list[str] = []
        self.explained: list[str] = []
        self._undrawn = 0
        self._explains = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs) -> None:  # noqa: D102
        self.rows += [value for name, value in attrs if name == "data-row"]
        self._undrawn += tag in UNDRAWN
        if tag == "details":
            self._explains = ("data-row", "terms:") in [(name, (v or "")[:6]) for name, v in attrs]
        if not self._explains and tag not in INLINE:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:  # noqa: D102
        self._undrawn -= tag in UNDRAWN
        if not self._explains and tag not in INLINE:
            self.words.append("\n")
        self._explains = self._explains and tag != "details"

    def handle_data(self, data: str) -> None:  # noqa: D102
        if self._explains and data.startswith(" ("):
            self.explained.append(data)
        elif not self._undrawn:
            self.words.append(data)


def lost(face: str, old: str, new: str) -> dict[str, list[str]]:
    """Return the rows, the words and the runs of words that only the old face has."""
    if face == "text":
        old_rows, new_rows = (ids(one) for one in (old, new))
    else:
        pages = [Page(one) for one in (old, new)]
        old_rows, new_rows = (set(page.rows) for page in pages)
        old, new = ("".join([*page.words, *page.explained]) for page in pages)
    everything = f" {' '.join(runs(new))} "
    known = set(everything.split())
    missing = [run for run in dict.fromkeys(runs(old)) if f" {run} " not in everything]
    if face == "text":
        missing = [run for run in missing if run not in REWORDED]
    return {
        "rows": sorted(row for row in old_rows - new_rows if f" {row} " not in everything),
        "words": sorted({word for run in missing for word in run.split()} - known),
        "runs": missing,
    }


def ids(text: str) -> set[str]:
    return {
        one.rpartition(":")[2]
        for found in IDS.findall(text)
        for one in re.split(r",\s+", found[1:-1])
    }


def runs(text: str) -> list[str]:
    return [" ".join(run.split()) for run in MARKS.split(text.casefold()) if run.strip()]


def report(old: dict[str, dict[str, str]], new: dict[str, dict[str, str]]) -> int:
    totals = {"views": 0, "rows": 0, "words": 0, "runs": 0}
    for call, faces in old.items():
        if call not in new:
            print(f"{call}: there is no such view any more")
            totals["views"] += 1
            continue
        for face, drawn in faces.items():
            found = lost(face, drawn, new[call].get(face, ""))
            for kind, those in found.items():
                totals[kind] += len(those)
                if those:
                    print(f"{call}, {face}, {kind} lost: " + " | ".join(those))
    print(f"{len(old)} views with three faces each. Lost:", totals)
    return int(any(totals.values()))


def write(views: dict[str, dict[str, str]], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for call, faces in views.items():
        name = re.sub(r"[^\w(),-]", "_", call)
        for face, drawn in faces.items():
            ending = "txt" if face == "text" else f"{face}.html"
            (folder / f"{name}.{ending}").write_text(drawn, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
