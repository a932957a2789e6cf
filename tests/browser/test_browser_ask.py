"""Questions and the bar: what is said to be saved, what is offered, what outlives the kernel."""

from __future__ import annotations

import json
import re

import pytest
from answer_form import NOT_YET, Kernel, choice
from lessons import INVENTED as LESSON
from lessons import REAL
from playwright.sync_api import expect

from kwlesson.answers import workbook
from kwlesson.answers.workbook import Workbook

ALL = ["who-saw", "which-words", "lamp-rating-1", "what-fog-hides", "guess-first"]
HOSTILE = '<img src=x onerror="window.hit = 1"><script>window.hit = 1</script>'
CHANGED = "Changed, not yet saved. Press the button to keep it."
STAYS = "Another answer is in your folder, and it stays."
COPIES = "Object.keys(localStorage).filter(key => key.startsWith('kwlesson:copy:')).length"
FOG = "what-fog-hides"
PIECES = list(REAL.corroborations.id)


@pytest.fixture
def ask(draw, tmp_path):
    """Draw the bar and questions, with answers in a folder."""

    def drawn(*questions, folder="one", **others):
        views = [LESSON.ask(key) for key in questions or (FOG, "who-saw")]
        return draw(tmp_path / folder / "work", *views, LESSON.keep(), **others)

    return drawn


def feedback(question, key):
    rows = LESSON.records("choices", question=question)
    return next(row["feedback"] for row in rows if row["id"] == key)


# What each kind shows, and when


def test_feedback_is_of_the_choice_that_was_checked_and_no_other(ask):
    form = ask("who-saw")
    area = form.one("who-saw")
    told = {key: area.locator(f"[data-feedback={key}]") for key in ("keeper", "master")}
    model = area.get_by_text("The answer in full")
    for hidden in (*told.values(), model):
        expect(hidden).to_be_hidden()
    form.hand_in("who-saw")
    expect(form.status("who-saw")).to_have_text("Choose an answer first.")
    assert form.answers == {}
    for chosen, other in (("master", "keeper"), ("keeper", "master")):
        form.choose("who-saw", chosen)
        expect(told[chosen]).to_be_visible()
        expect(told[chosen]).to_contain_text(feedback("who-saw", chosen))
        expect(told[other]).to_be_hidden()
        form.expect_saved("who-saw")
        assert form.answers == {"who-saw": chosen}
    model.click()
    expect(area).to_contain_text(LESSON.get("questions", "who-saw")["also_accept"])


def test_a_rating_is_kept_with_its_reason_and_for_ever(ask):
    form = ask("lamp-rating-1")
    area, status = form.one("lamp-rating-1"), form.status("lamp-rating-1")
    keep = area.get_by_role("button", name="Keep")
    keep.click()
    expect(status).to_have_text("Choose an answer first.")
    area.get_by_label("likely", exact=True).check()
    keep.click()
    expect(status).to_have_text(re.compile("^Write your reason first"))
    area.get_by_role("textbox").fill("<b>two</b>\nwords")
    keep.click()
    form.expect_saved("lamp-rating-1")
    for gone in ("radio", "textbox", "button"):
        expect(area.get_by_role(gone)).to_have_count(0)
    assert form.page.evaluate("document.activeElement.className") == "kw-kept-rating"
    expect(area).to_contain_text("You chose: likely")
    expect(area).to_contain_text("<b>two</b>")
    form.open()
    expect(area).to_contain_text("This rating is kept as it is.")
    expect(area.get_by_role("radio")).to_have_count(0)
    assert Workbook(form.folder).snapshot()["answers"]["lamp-rating-1"]["locked"] is True


def test_a_model_answer_opens_only_after_an_attempt(ask):
    form, row = ask(FOG), LESSON.get("questions", FOG)
    area = form.one(FOG)
    for empty in ("", "   \n"):
        form.write(FOG, empty)
        expect(form.status(FOG)).to_have_text("Write something first.")
        expect(area.get_by_text(row["model_answer"])).to_be_hidden()
    form.write(FOG, "Yes, since fog hides a lamp.")
    expect(area.get_by_text(row["model_answer"])).to_be_visible()
    expect(area.get_by_text(row["also_accept"])).to_be_visible()


def test_the_first_round_of_two_only_keeps_the_answer(ask):
    form = ask("guess-first")
    area = form.one("guess-first")
    area.get_by_role("radio").last.check()
    area.get_by_role("button", name="Keep").click()
    form.expect_saved("guess-first")
    for row in LESSON.records("choices", question="guess-first"):
        expect(area).not_to_contain_text(row["feedback"])
    assert form.answers == {"guess-first": "two"}


# Evidence under three tests


@pytest.fixture
def evidence(draw, tmp_path):
    return draw(tmp_path / "one" / "work", REAL.corroborate("kim-il-1949"), REAL.keep())


def under_test(form, piece):
    return form.page.locator(f'{form.activity} [data-row="corroborations:{piece}"]')


def judged(form):
    return form.page.locator(".kw-view-corroborate").get_by_role("status")


def test_what_is_chosen_under_a_test_is_kept_at_once_and_is_there_after_a_reload(evidence):
    piece, other = (under_test(evidence, key) for key in PIECES[:2])
    for column, answers in (("other_speaker", ["yes"]), ("other_channel", ["unclear", "no"])):
        for answer in answers:
            piece.locator(f"[name$={column}][value={answer}]").check()
            expect(judged(evidence)).to_have_text("Saved.")
            assert evidence.answers[f"corroborations:{PIECES[0]}"][column] == answer
    expect(evidence.bar).to_contain_text("1 answer so far")
    expect(other.locator("input:checked")).to_have_count(0)
    kept = {f"corroborations:{PIECES[0]}": {"other_speaker": "yes", "other_channel": "no"}}
    assert evidence.answers == kept
    evidence.open()
    expect(piece.locator("input:checked")).to_have_count(2)
    expect(piece.locator("[name$=other_channel][value=no]")).to_be_checked()


def test_a_spoiled_answer_under_a_test_chooses_nothing_and_can_be_given_anew(evidence):
    old = Workbook(evidence.folder.parent / "old")
    for answer in (HOSTILE, ["yes"], {"other_speaker": HOSTILE, "value": "yes"}, 7):
        old.record(f"corroborations:{PIECES[0]}", answer)
        evidence.bring(old.path.read_bytes())
        expect(evidence.bar.get_by_role("status")).to_have_text(re.compile("brought|already"))
        expect(under_test(evidence, PIECES[0]).locator("input:checked")).to_have_count(0)
    assert evidence.page.evaluate("window.hit") is None
    under_test(evidence, PIECES[0]).locator("[name$=other_speaker][value=no]").check()
    expect(judged(evidence)).to_have_text("Saved.")
    assert evidence.answers == {f"corroborations:{PIECES[0]}": {"other_speaker": "no"}}


# What is said to be saved


def test_words_that_differ_from_the_kept_answer_are_never_said_to_be_saved(ask):
    form = ask()
    form.box(FOG).fill("short")
    expect(form.status(FOG)).to_be_empty()
    form.hand_in(FOG)
    form.expect_saved(FOG)
    form.box(FOG).fill("short, and twenty minutes more")
    expect(form.status(FOG)).to_have_text(CHANGED)
    form.open()
    expect(form.box(FOG)).to_have_value("short, and twenty minutes more")
    expect(form.status(FOG)).to_have_text(CHANGED)
    form.box(FOG).fill("short")
    form.expect_saved(FOG)
    form.write(FOG, "short, and twenty minutes more")
    form.expect_saved(FOG)
    assert form.answers == {FOG: "short, and twenty minutes more"}


def test_another_choice_is_not_said_to_be_saved_before_it_is_handed_in(ask):
    form = ask()
    form.choose("who-saw", "keeper")
    form.expect_saved("who-saw")
    told = form.one("who-saw").locator(".kw-feedback:visible")
    form.one("who-saw").locator(choice("who-saw", "master")).check()
    expect(form.status("who-saw")).to_have_text(CHANGED)
    expect(told).to_have_count(0)
    form.one("who-saw").locator(choice("who-saw", "keeper")).check()
    form.expect_saved("who-saw")
    expect(told).to_have_count(1)


def test_a_folder_that_takes_nothing_is_said_so_and_the_answer_goes_in_later(ask):
    form = ask()
    form.folder.mkdir(parents=True, exist_ok=True)
    blocked = form.folder / "answers.json"
    blocked.mkdir()
    form.write(FOG, "kept all the same")
    expect(form.status(FOG)).to_contain_text(f"{NOT_YET}: The answer is not saved in")
    assert b"kept all the same" in form.save_file()
    blocked.rmdir()
    form.bar.get_by_role("button", name="Retry").click()
    form.expect_saved(FOG)
    assert form.answers == {FOG: "kept all the same"}


# What is newer stays


def keep_offline(form, words):
    form.page.evaluate("lives = false")
    form.write(FOG, words)
    expect(form.status(FOG)).to_contain_text(NOT_YET)


def test_a_download_from_before_never_overwrites_what_was_saved_later(ask):
    form = ask()
    form.write(FOG, "v0")
    form.expect_saved(FOG)
    for words in ("v1", "v2", "v3"):
        keep_offline(form, words)
    form.box(FOG).fill("typed, not handed in")
    old = form.save_file()
    form.box(FOG).fill("v3")
    form.live_again()
    form.expect_saved(FOG)
    form.write(FOG, "v4")
    form.expect_saved(FOG)
    form.bring(old)
    expect(form.bar.get_by_role("status")).to_contain_text("are newer here and stay")
    assert form.answers == {FOG: "v4"}


def test_a_message_that_comes_late_never_overwrites_its_successor(ask, tmp_path):
    kernels = [Kernel(tmp_path / "one" / "work") for _ in range(2)]
    form = ask(kernels=kernels)
    form.write(FOG, "first")
    form.expect_saved(FOG)
    for kernel in kernels:
        kernel.is_busy = True
    form.write(FOG, "old")
    expect(form.status(FOG)).to_contain_text(NOT_YET)
    kernels[0].free()
    form.expect_saved(FOG)
    form.write(FOG, "new")
    form.expect_saved(FOG)
    assert kernels[1].held
    kernels[1].free()
    form.expect_saved(FOG)
    expect(form.box(FOG)).to_have_value("new")
    assert form.answers == {FOG: "new"}


def test_an_answer_that_waited_lets_the_newer_one_of_another_window_stand(ask):
    one = ask()
    one.write(FOG, "first")
    one.expect_saved(FOG)
    other = ask(another_window=True)
    one.kernels[0].is_busy = True
    for words in ("waits", "waits for long"):
        one.write(FOG, words)
        expect(one.status(FOG)).to_contain_text(NOT_YET)
    other.write(FOG, "newer")
    other.expect_saved(FOG)
    one.kernels[0].free()
    expect(one.status(FOG)).to_have_text(f"{STAYS} {CHANGED}")
    expect(one.box(FOG)).to_have_value("waits for long")
    expect(one.bar.locator("[data-show=unsaved]")).to_be_hidden()
    assert one.answers == {FOG: "newer"}
    one.open()
    expect(one.box(FOG)).to_have_value("waits for long")
    expect(one.status(FOG)).to_have_text(CHANGED)
    one.hand_in(FOG)
    one.expect_saved(FOG)
    assert one.answers == {FOG: "waits for long"}


def test_the_pages_own_earlier_answer_does_not_stand_in_its_way(ask):
    form = ask()
    form.kernels[0].is_busy = True
    for words in ("first", "second", "third"):
        form.write(FOG, words)
    form.kernels[0].free()
    form.expect_saved(FOG)
    assert form.answers == {FOG: "third"}


def test_what_the_folder_lost_is_sent_again_before_it_is_said_to_be_saved(ask, monkeypatch):
    form = ask()
    form.write(FOG, "first")
    form.expect_saved(FOG)
    old = form.on_disk()["answers.json"]
    form.choose("who-saw", "keeper")
    form.expect_saved("who-saw")
    form.write(FOG, "second")
    form.expect_saved(FOG)
    monkeypatch.setattr(workbook, "_WRITTEN", {})
    Workbook(form.folder).path.write_bytes(old)
    form.live_again()
    form.page.wait_for_function("store.countUnsaved() == 0")
    form.expect_saved(FOG)
    assert form.answers == {FOG: "second", "who-saw": "keeper"}


# Files


def test_a_file_may_be_dropped_on_the_bar(ask, tmp_path):
    form = ask("who-saw")
    old = Workbook(tmp_path / "old")
    old.record("who-saw", "master")
    drop = form.page.evaluate_handle(
        """text => {
            const carried = new DataTransfer();
            carried.items.add(new File([text], "my-answers.json"));
            return carried;
        }""",
        old.path.read_text(encoding="utf-8"),
    )
    form.bar.locator(".kw-restore").dispatch_event("drop", {"dataTransfer": drop})
    expect(form.bar.get_by_role("status")).to_have_text("1 answer was brought back.")
    assert form.answers == {"who-saw": "master"}


def test_files_that_are_none_get_their_sentence_and_change_nothing(ask):
    form = ask("who-saw")
    form.choose("who-saw", "keeper")
    form.expect_saved("who-saw")
    before = form.on_disk()
    status = form.bar.get_by_role("status")
    whole = Workbook(form.folder).path.read_bytes()
    other = whole.replace(b'"lesson": "kwlesson"', b'"lesson": "geometry"')
    for content, sentence in (
        (b"PK\x03\x04 a zip", "no workbook"),
        (other, "another lesson"),
        (b" " * 50_000_001, "larger than"),
        (b"x" * 4_000_000, "no workbook"),
    ):
        form.bring(content)
        expect(status).to_contain_text(sentence)
        assert form.on_disk() == before
    form.page.evaluate("lives = false")
    form.bring(whole)
    expect(status).to_contain_text("Not done: no kernel answers.")


def test_a_hostile_file_or_name_is_text_in_the_page(ask, tmp_path):
    form = ask(*ALL)
    old = Workbook(tmp_path / "old")
    old.record("name", HOSTILE)
    old.record("lamp-rating-1", {"choice": HOSTILE, "reason": HOSTILE}, lock=True)
    old.record(FOG, HOSTILE)
    old.record("who-saw", {"not": ["what", "is", "asked"]})
    old.record("which-words", HOSTILE)
    old.record("__proto__", HOSTILE)
    form.bring(old.path.read_bytes())
    expect(form.bar.get_by_role("status")).to_contain_text("brought back")
    expect(form.one("lamp-rating-1")).to_contain_text(HOSTILE)
    expect(form.box(FOG)).to_have_value(HOSTILE)
    form.open()
    expect(form.one("lamp-rating-1")).to_contain_text(HOSTILE)
    assert form.page.evaluate("window.hit") is None
    form.choose("who-saw", "keeper")
    form.expect_saved("who-saw")
    assert form.answers["who-saw"] == "keeper"


# The browser's copy


def test_the_browser_offers_its_copy_on_a_fresh_folder_and_says_whose_it_is(ask):
    form = ask()
    form.bar.locator(".kw-where > summary").click()
    form.bar.get_by_label("Your name").fill("Ada")
    form.bar.get_by_role("button", name="Keep").click()
    form.choose("who-saw", "master")
    form.write(FOG, "of the old folder")
    expect(form.bar).to_contain_text("2 answers so far, saved in")
    expect(form.offer).to_be_empty()

    fresh = ask(folder="fresh")
    expect(fresh.offer).to_contain_text("a copy of Ada's work from ")
    expect(fresh.offer).to_contain_text("with 2 answers that your folder does not have")
    fresh.choose("who-saw", "keeper")
    expect(fresh.offer).to_contain_text("with 1 answer that")
    fresh.expect_saved("who-saw")
    assert fresh.answers == {"who-saw": "keeper"}
    fresh.offer.get_by_role("button").click()
    expect(fresh.bar.get_by_role("status")).to_contain_text("brought back")
    assert fresh.answers == {"who-saw": "keeper", FOG: "of the old folder", "name": "Ada"}
    expect(fresh.offer).to_be_empty()


def test_one_click_clears_the_copy_and_leaves_the_folder(ask):
    form = ask("who-saw")
    form.choose("who-saw", "keeper")
    form.expect_saved("who-saw")
    assert form.page.evaluate(COPIES) == 1
    form.bar.locator(".kw-where > summary").click()
    form.bar.get_by_role("button", name="Clear this browser's copy").click()
    assert form.page.evaluate(COPIES) == 0
    assert form.answers == {"who-saw": "keeper"}
    fresh = ask("who-saw", folder="fresh")
    expect(fresh.offer).to_be_empty()
    expect(fresh.one("who-saw").locator(choice("who-saw", "keeper"))).not_to_be_checked()


def test_what_only_the_copy_holds_outlives_what_another_window_writes(ask):
    one = ask()
    one.choose("who-saw", "keeper")
    one.expect_saved("who-saw")
    other = ask(another_window=True)
    keep_offline(one, "long, and never on disk")
    other.choose("who-saw", "master")
    other.expect_saved("who-saw")
    for _ in range(2):
        one.open()
        expect(one.offer.get_by_role("button")).to_have_count(1)
    one.offer.get_by_role("button").click()
    one.expect_saved(FOG)
    assert one.answers == {"who-saw": "master", FOG: "long, and never on disk"}


def test_a_draft_outlives_what_another_window_writes(ask):
    one = ask()
    one.choose("who-saw", "keeper")
    one.expect_saved("who-saw")
    other = ask(another_window=True)
    one.box(FOG).fill("being typed")
    other.choose("who-saw", "master")
    other.expect_saved("who-saw")
    one.open()
    expect(one.box(FOG)).to_have_value("being typed")


def test_words_typed_before_anything_was_kept_are_offered_after_a_reload(ask):
    form = ask()
    form.box(FOG).fill("twenty minutes of typing")
    form.open()
    expect(form.box(FOG)).to_have_value("")
    expect(form.offer).to_contain_text("with 1 answer that your folder does not have")
    form.offer.get_by_role("button").click()
    expect(form.box(FOG)).to_have_value("twenty minutes of typing")
    expect(form.offer).to_be_empty()
    assert form.answers == {}
    form.open()
    expect(form.offer.get_by_role("button")).to_have_count(1)


def test_a_copy_that_is_accepted_brings_its_drafts_too(ask, tmp_path):
    old = ask(folder="old")
    old.choose("who-saw", "keeper")
    old.expect_saved("who-saw")
    old.box(FOG).fill("twenty minutes of typing")
    Workbook(tmp_path / "new" / "work").record("which-words", ["wool"])
    new = ask(folder="new", another_window=True)
    expect(new.offer).to_contain_text("with 2 answers that your folder does not have")
    new.offer.get_by_role("button").click()
    expect(new.bar.get_by_role("status")).to_contain_text("is in its box again")
    expect(new.box(FOG)).to_have_value("twenty minutes of typing")
    assert new.answers == {"which-words": ["wool"], "who-saw": "keeper"}
    new.open()
    expect(new.box(FOG)).to_have_value("twenty minutes of typing")


def test_a_spoiled_copy_and_a_browser_that_forbids_copies_break_nothing(ask):
    form = ask("who-saw")
    for spoiled in ("{", "[]", '{"answers": {"a": null, "b": 3}}', '{"drafts": {"a": 7}}'):
        form.page.evaluate(f"localStorage.setItem('kwlesson:copy:x', {json.dumps(spoiled)})")
        form.open()
        expect(form.offer).to_be_empty()
    form.page.evaluate("void (Storage.prototype.setItem = () => { throw new Error('full') })")
    form.choose("who-saw", "keeper")
    form.expect_saved("who-saw")
    assert b"keeper" in form.save_file()
