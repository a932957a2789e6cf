"""Let LibreOffice open and save every table, and see whether what it saves is read.

`python tests/support/libreoffice.py` prints a line a lesson and way; no test runs it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import kwlesson
from kwlesson import paths
from kwlesson.authoring import excel
from kwlesson.authoring.new_lesson import begin
from kwlesson.tables.reader import read_folder

# UTF-8, and a cell is saved as it is shown; with semicolons, as in many countries; or as text.
CSV = "csv:Text - txt - csv (StarCalc):{},34,76,1,,0,false,true,false"
WAYS = {"CSV with commas": CSV.format(44), "CSV with semicolons": CSV.format(59), "xlsx": "xlsx"}


def saved(files, form, out):
    """Open files and save them in a form."""
    command = ["soffice", f"-env:UserInstallation={(out / 'profile').as_uri()}", "--headless"]
    taken = ["--infilter=CSV:44,34,76,1", "--convert-to", form, "--outdir", str(out / "saved")]
    subprocess.run([*command, *taken, *map(str, files)], check=True, capture_output=True)
    return out / "saved"


def differences(folder, lesson):
    """Say how a lesson that was saved differs from what it was."""
    try:
        other = kwlesson.load(folder)
    except kwlesson.LessonError as error:
        return ["refused:", *map(str, error.problems or [error])]
    return [
        f"{table}: {name} '{before[name]}' became '{after[name]}'"
        for table in lesson.table_names
        for before, after in zip(lesson.records(table), other.records(table), strict=True)
        for name in before
        if before[name] != after[name]
    ]


def tried(folder, way, out):
    """Save the tables of a lesson in a way, and say what is read of them."""
    layout, _, _ = read_folder(folder)
    tables = [folder / one.path for one in layout.values() if (folder / one.path).exists()]
    if way == "xlsx":
        excel.write(folder, out / "lesson.xlsx")
        again = saved([out / "lesson.xlsx"], "xlsx", out) / "lesson.xlsx"
        begin(out / "lesson", again)
        return differences(out / "lesson", kwlesson.load(folder))
    saved(tables, WAYS[way], out)
    return differences(out / "saved", kwlesson.load(folder))


def main():
    """Try every lesson in every way."""
    warnings.simplefilter("ignore", kwlesson.errors.LessonWarning)
    for folder in (paths.STARTER, paths.SAMPLE, paths.TRANSFER, paths.DATA):
        for way in WAYS:
            out = Path(tempfile.mkdtemp())
            try:
                found = tried(folder, way, out)
            except kwlesson.LessonError as error:
                found = ["refused:", str(error)]
            sys.stdout.write(f"{folder.name}, {way}: {'; '.join(found[:6]) or 'equal'}\n")
            sys.stdout.flush()
            shutil.rmtree(out)


if __name__ == "__main__":
    main()
