"""A company's own scripts: used where they work; where they do not, ours are, soon, and somebody is told why."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from time import monotonic

import pytest

from templates import cage
from templates.job import Wrong
from templates.scripts import OURS, Scripts
from templates.voice import Voice
from tests.templates.samples import MOMENTS, bare, deal, finding

BUSY = "objections/objection-too-busy.j2"
WHAT = finding("objection-too-busy", **MOMENTS["after it"])

LOOPS = "{% for a in range(900) %}{% for b in range(900) %}{% for c in range(900) %}{% for d in range(900) %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}x"  # noqa: E501

BROKEN = {
    "syntax": "{{ hello }}, {% if ours %}no end",
    "syntax of a filter": "{{ hello|shout }}",
    "missing-variable": "{{ hello }}, {{ volume_per_day }}",
    "missing-variable: not agreed in this deal": "{{ hello }}, {{ billing }}",
    "missing-variable: in an operation": "{{ 'x' ~ billing }}",
    "too-slow": LOOPS,
    "too-slow: one step": "{{ 9**(9**9) }}",
    "too-large: range": "{% for a in range(100000) %}x{% endfor %}",
    "too-large: output": "{% for a in range(900) %}{{ 'x' * 100 }}{% endfor %}",
    "too-large: memory": "{{ 'x' * 2000000000 }}",
    "too-long": "{{ hello }} {{ 'word ' * 700 }}",
    "endless": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "endless: includes itself": '{% include "objections/objection-too-busy.j2" %}',
    "no-such-file": '{% include "../../../../etc/passwd" %}',
    "no-such-file: absolute": '{% include "/etc/passwd" %}',
    "no-such-file: of another language": '{% include "es/objections/objection-too-busy.j2" %}',
    "no-such-tone": "{% block friendly %}{{ hello }}{% endblock %}",
    "empty": "{# nothing #}",
    "fails: reaches for our objects": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "fails: divides by nothing": "{{ 1 / 0 }}",
    "fails: reaches for Python through Jinja": "{{ cycler.__init__.__globals__ }}",
}


def put(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def with_own(folder: Path, *, voice: Voice | None = None, **files: str) -> tuple[Scripts, list[Wrong]]:
    """Scripts with a playbook folder of these files ("__" for "/"), and what is told of it."""
    told: list[Wrong] = []
    put(folder, files)
    return Scripts(voice or Voice(), folder, told.append), told


def test_their_script_is_used_and_an_edit_counts_at_once(tmp_path: Path) -> None:
    scripts, told = with_own(tmp_path, **{f"en/{BUSY}": "{{ hello }}, we do it for you: {{ ramp }}.\n\nWhen?"})
    assert scripts.script(WHAT, deal(), "Dana") == "Hi Dana, we do it for you: 500 packages a day.\n\nWhen?"
    put(tmp_path, {f"en/{BUSY}": "{{ hello }}, edited."})
    assert scripts.script(WHAT, deal(), "Dana") == "Hi Dana, edited."
    (tmp_path / "en" / BUSY).unlink()
    assert scripts.script(WHAT, deal(), "Dana") == OURS.script(WHAT, deal(), "Dana")
    assert told == []


def test_other_scripts_stay_ours(tmp_path: Path) -> None:
    scripts, _ = with_own(tmp_path, **{f"en/{BUSY}": "theirs"})
    what = finding("volume-gap")
    assert scripts.script(what, deal(), "Dana") == OURS.script(what, deal(), "Dana")


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_script_never_silences_an_alert(tmp_path: Path, kind: str) -> None:
    scripts, told = with_own(tmp_path, **{f"en/{BUSY}": BROKEN[kind]})
    for _ in range(2):
        assert scripts.script(WHAT, bare(), "Dana") == OURS.script(WHAT, bare(), "Dana")
    assert [(wrong.kind, wrong.file) for wrong in told] == [(kind.partition(":")[0].partition(" ")[0], f"en/{BUSY}")]
    assert told[0].words


def test_a_loop_is_ended_in_time_and_not_begun_again(tmp_path: Path) -> None:
    scripts, told = with_own(tmp_path, **{f"en/{BUSY}": LOOPS + " "})
    begun = monotonic()
    scripts.script(WHAT, deal(), "Dana")
    assert monotonic() - begun < 20
    begun = monotonic()
    scripts.script(WHAT, deal(), "Somebody else")
    assert monotonic() - begun < 0.5
    assert len(told) == 1


def test_what_slack_would_refuse_is_left_out(tmp_path: Path) -> None:
    scripts, told = with_own(tmp_path, **{f"en/{BUSY}": "{{ 'a\\x00\\ud800b' }}\tc\r\n🙂"})
    assert scripts.script(WHAT, deal(), "Dana") == "ab c 🙂"
    assert told == []


def test_without_room_for_a_process_ours_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cage.sys, "executable", str(tmp_path / "no-python"))
    scripts, told = with_own(tmp_path, **{f"en/{BUSY}": "theirs, but not now"})
    assert scripts.script(WHAT, deal(), "Dana") == OURS.script(WHAT, deal(), "Dana")
    assert [wrong.kind for wrong in told] == ["fails"]


def test_a_term_of_theirs_is_said_within_our_contradiction(tmp_path: Path) -> None:
    scripts, _ = with_own(tmp_path, **{"en/terms/billing.j2": "Invoices come {{ billing }}, by email."})
    text = scripts.script(finding("contradiction", subject="billing", said="monthly", said_per_day=None), deal(), "Dana")
    assert "Invoices come weekly, by email." in text
    assert text.startswith("Hi Dana, stepping in")


def test_a_text_for_each_tone_may_be_missing(tmp_path: Path) -> None:
    own = {f"en/{BUSY}": "{% block plain %}long{% endblock %}{% block plain_short %}short{% endblock %}{% block warm %}warm{% endblock %}"}
    put(tmp_path, own)
    made = {
        (tone, length): Scripts(Voice("en", tone, length), tmp_path).script(WHAT, deal(), "Dana")  # type: ignore[arg-type]
        for tone in ("plain", "warm", "direct")
        for length in ("long", "short")
    }
    assert made == {
        ("plain", "long"): "long",
        ("plain", "short"): "short",
        ("warm", "long"): "warm",
        ("warm", "short"): "warm",
        ("direct", "long"): "long",
        ("direct", "short"): "short",
    }


def test_a_language_of_their_own_falls_back_to_english(tmp_path: Path) -> None:
    files = {
        f"fr/{BUSY}": "{{ hello }}, {{ ramp }} dès le {{ ramp_start }} ?",
        "fr/words.yml": 'hello: "Bonjour {name}"\nper_day: "{figure} colis par jour"',
    }
    scripts, told = with_own(tmp_path, voice=Voice("fr"), **files)
    assert scripts.script(WHAT, deal(), "Dana") == "Bonjour Dana, 500 colis par jour dès le Monday, November 16 ?"
    other = finding("volume-gap")
    assert scripts.script(other, deal(), "Dana") == OURS.script(other, deal(), "Dana")
    assert told == []


def test_a_region_falls_back_to_its_language(tmp_path: Path) -> None:
    scripts, _ = with_own(tmp_path, voice=Voice("es-MX"), **{f"es-MX/{BUSY}": "¡Qué tal! {{ ramp }}"})
    assert scripts.script(WHAT, deal(), "Dana").startswith("¡Qué tal!")
    assert scripts.script(finding("volume-gap"), deal(), "Dana").startswith("Hola Dana, ")


@pytest.mark.parametrize(
    "words",
    [
        "hello: [1, 2]",
        "- a",
        "hello: 'Hi {name}'\nhello_al: x",
        "weekdays: a b",
        "glossary: x",
        "{",
        "hello: ''",
        "months: ''",
        "a: &a [*a]",
        "x" * 300,
    ],
)
def test_wrong_words_are_told_and_ours_are_used(tmp_path: Path, words: str) -> None:
    scripts, told = with_own(tmp_path, **{"en/words.yml": words})
    assert scripts.script(WHAT, deal(), "Dana") == OURS.script(WHAT, deal(), "Dana")
    assert [(wrong.kind, wrong.file) for wrong in told] == [("words", "en/words.yml")]


def test_phrases_are_filled_in_but_never_formatted(tmp_path: Path) -> None:
    scripts, _ = with_own(tmp_path, **{"en/words.yml": 'hello: "Dear {name} {name.__class__} {0:>99999999} {other}"'})
    assert scripts.script(WHAT, deal(), "Dana").startswith("Dear Dana {name.__class__} {0:>99999999} {other}, ")


def test_files_that_are_no_scripts_of_ours_are_told_and_harm_nothing(tmp_path: Path) -> None:
    outside = put(tmp_path / "outside", {"secret.j2": "secret {{ ramp }}"})
    folder = tmp_path / "playbook"
    scripts, told = with_own(
        folder,
        **{
            "en/objections/objection-to-busy.j2": "x",
            "objection-too-busy.j2": "x",
            "English/objections/objection-too-busy.j2": "x",
            "en/new/thing/deep.j2": "x",
            "en/script.py": "raise SystemExit",
            "README.md": "ours",
            "en/.notes": "ours",
            f"en/{BUSY}~": "a copy that an editor kept",
            "en/red_flags/volume-gap.j2": "theirs",
        },
    )
    (folder / "en" / "ramp").symlink_to(outside, target_is_directory=True)
    (folder / "en" / BUSY).symlink_to(outside / "secret.j2")
    (folder / "fr").symlink_to(folder / "en", target_is_directory=True)
    (folder / "en" / "objections" / "around").symlink_to(folder, target_is_directory=True)
    os.mkfifo(folder / "en" / "objections" / "objection-extend-test.j2")
    put(folder, {"en/objections/objection-peak-season.j2": "x" * 20_001})
    (folder / "en" / "red_flags" / "wait-and-see.j2").write_bytes(b"caf\xe9")
    assert scripts.script(WHAT, deal(), "Dana") == OURS.script(WHAT, deal(), "Dana")
    assert scripts.script(finding("volume-gap"), deal(), "Dana") == "theirs"
    kinds = {wrong.file: wrong.kind for wrong in told if not wrong.file.startswith("fr/")}
    assert kinds == {
        "English/objections/objection-too-busy.j2": "unknown-name",
        "en/new/thing/": "unknown-name",
        "en/objections/around/": "unknown-name",
        f"en/{BUSY}": "climbs-out",
        "en/objections/objection-extend-test.j2": "unreadable",
        "en/objections/objection-peak-season.j2": "unreadable",
        "en/objections/objection-to-busy.j2": "unknown-name",
        "en/ramp": "climbs-out",
        "en/red_flags/wait-and-see.j2": "unreadable",
        "en/script.py": "unknown-name",
        "objection-too-busy.j2": "unknown-name",
    }
    assert "did you mean en/objections/objection-too-busy.j2?" in next(wrong.words for wrong in told if "to-busy" in wrong.file)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    told: list[Wrong] = []
    assert Scripts(Voice(), tmp_path / "nowhere", told.append).script(WHAT, deal(), "Dana") == OURS.script(WHAT, deal(), "Dana")
    assert [wrong.kind for wrong in told] == ["unreadable"]


def test_what_is_told_is_told_once(tmp_path: Path) -> None:
    scripts, told = with_own(tmp_path, **{"en/x.j2": "x", f"en/{BUSY}": "{{ nope }}"})
    for _ in range(3):
        scripts.script(WHAT, deal(), "Dana")
    assert len(told) == 2


def test_their_template_gets_no_tokens_to_see(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program in Python's place notes what the process that fills in the template is given."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    seen, program = tmp_path / "seen", tmp_path / "program"
    program.write_text(f"#!/bin/sh\nset > {seen}\n", encoding="utf-8")
    program.chmod(0o700)
    monkeypatch.setattr(cage.sys, "executable", str(program))
    scripts, _ = with_own(tmp_path / "own", **{f"en/{BUSY}": "theirs, to be looked at"})
    scripts.script(WHAT, deal(), "Dana")
    given = seen.read_text(encoding="utf-8")
    assert "PYTHONPATH=" in given
    assert "xoxb" not in given
    assert "SLACK" not in given


def test_a_companys_own_words_after_a_call(tmp_path: Path) -> None:
    day = date(2026, 11, 4)
    scripts, told = with_own(tmp_path, **{"en/after_call/wait-and-see.j2": "Let's decide on {{ review }}."})
    note = scripts.note([finding("wait-and-see"), finding("new-stakeholder")], deal(), "Dana", day, day)
    assert "Let's decide on Friday, November 13.\n\nIt's good to have somebody new" in note
    scripts, told = with_own(tmp_path, **{"en/after_call/message.j2": "{{ hello }}, about {{ call_day }}: {{ nothing }}"})
    assert scripts.note([finding("wait-and-see")], deal(), "Dana", day, day).startswith("Hi Dana, thanks for the call today.")
    assert [(wrong.kind, wrong.file) for wrong in told] == [("missing-variable", "en/after_call/message.j2")]
