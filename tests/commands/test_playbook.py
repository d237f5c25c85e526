"""`jumpin playbook`: what is listed, what a check finds, and what export leaves alone."""

from __future__ import annotations

from pathlib import Path

from templates.shipped import sources
from tests.commands.conftest import Jumpin


def put(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_our_own_scripts_are_all_well(jumpin: Jumpin) -> None:
    ran = jumpin("playbook", "check")
    assert (ran.status, ran.err) == (0, "")
    assert len([line for line in ran.lines if line.startswith("ok ")]) == sum(len(files) - 1 for files in sources().values())
    assert "ok     es/objections/objection-too-busy.j2: 6 texts, " in ran.out


def test_what_is_exported_is_all_well_and_an_edited_file_is_never_overwritten(jumpin: Jumpin, tmp_path: Path) -> None:
    folder = tmp_path / "playbook"
    assert jumpin("playbook", "export", folder, "--language", "es").out.startswith(f"{len(sources()['es'])} files written")
    edited = put(folder, "es/ramp/not-ramping.j2", "{{ hello }}, ¿cómo va {{ ramp }}?")
    link = folder / "en"
    link.symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    (tmp_path / "elsewhere").mkdir()
    again = jumpin("playbook", "export", folder)
    assert f"{len(sources()['es'])} left as they were" in again.out
    assert edited.read_text(encoding="utf-8").startswith("{{ hello }}, ¿cómo")
    link.unlink()
    ran = jumpin("playbook", "check", folder)
    assert ran.status == 0
    assert "ok     es/ramp/not-ramping.j2: 1 text, " in ran.out
    assert "ok     es/words.yml: the same as ours" in ran.out
    listed = jumpin("playbook", "list", JUMPIN_PLAYBOOK=str(folder))
    assert "yours  es/ramp/not-ramping.j2  (Not ramping)" in listed.lines
    assert "ours   en/ramp/not-ramping-step-2.j2  (Not ramping, step 2)" in listed.lines


def test_every_mistake_is_one_line_with_its_place(jumpin: Jumpin, tmp_path: Path) -> None:
    folder = tmp_path / "playbook"
    put(folder, "en/objections/objection-too-busy.j2", "{{ hello }},\n{% if ourss %}{{ ramp }}{% endif %} {{ share }}")
    put(folder, "en/ramp/not-ramping.j2", "{% block plain %}{{ 'word ' * 160 }}{% endblock %}{% block wram %}x{% endblock %} lost")
    put(folder, "en/red_flags/volume-gap.j2", "one\n{% endif %}")
    put(folder, "en/red_flags/wait-and-see.j2", "{{ 7 ** (9 ** 9) }}")
    put(folder, "en/red_flags/wait.j2", "x")
    put(folder, "en/words.yml", "hello: {}")
    ran = jumpin("playbook", "check", JUMPIN_PLAYBOOK=str(folder))
    assert ran.status == 1
    assert ran.lines[-1] == "6 to mend; until then our own scripts take their places."
    wrong = [line for line in ran.lines if line.startswith("wrong")]
    for told in (
        "en/objections/objection-too-busy.j2: 'ourss' is no variable; did you mean ours?",
        "en/ramp/not-ramping.j2: 'wram' is no text's name: use plain, plain_short, warm, warm_short, direct, direct_short",
        "en/ramp/not-ramping.j2: the text outside of its blocks is never shown",
        "en/ramp/not-ramping.j2: its text plain makes 160 words; people paste 150 at most",
        "en/red_flags/volume-gap.j2, line 2: Encountered unknown tag 'endif'",
        "en/red_flags/wait-and-see.j2: it takes too long, or does not end, and was stopped",
        "en/red_flags/wait.j2: no script of ours is called that",
        "en/words.yml: hello must be a text of at most 200 characters",
    ):
        assert any(told in line for line in wrong), (told, wrong)


def test_a_folder_that_is_not_there_is_one_sentence(jumpin: Jumpin, tmp_path: Path) -> None:
    ran = jumpin("playbook", "check", tmp_path / "nowhere")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.endswith("makes one with our scripts to start from.\n")
    file = put(tmp_path, "file", "x")
    assert jumpin("playbook", "export", file).status == 2
    assert jumpin("playbook", "export", tmp_path / "new", "--language", "xx").err == "There are no scripts in xx; ours are in en and es.\n"


def test_an_empty_folder_says_that_ours_are_used(jumpin: Jumpin, tmp_path: Path) -> None:
    folder = tmp_path / "playbook"
    folder.mkdir()
    ran = jumpin("playbook", "check", folder)
    assert ran.status == 0
    assert "holds no scripts: ours are used." in ran.out
