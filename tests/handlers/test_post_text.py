"""Post for me: what is posted is what was typed, in the language chosen, and it pings nobody."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playbook.preferences import SETTINGS, preferences_of
from store import preferences
from templates.post_form import NAMED, Audience, PostForm, because, message, not_posted, post_form
from templates.quote import as_typed
from templates.scripts import Scripts
from templates.voice import Voice
from tests.handlers.posts import at as at  # noqa: PLC0414 - a fixture
from tests.handlers.posts import confirmed, form, in_channel, script, told
from tests.handlers.posts import on_postgres as on_postgres  # noqa: PLC0414 - a fixture
from tests.handlers.telling import Stage, until
from tests.live.block_kit import mistakes, texts, view_mistakes
from tests.live.fake_slack import Fault


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "\u200b", "\u2060\u200d", None])
async def test_nothing_written_posts_nothing(at: Stage, text: str | None) -> None:
    stored = await at.hear(await at.know())
    answered = await at.submit("U3", await form(at, stored), {"script": text})
    assert answered["errors"] == {"script#0": "Write what is to be posted"}
    assert [errand.kind for errand in await at.errands(stored.id)] == ["alert"]


@pytest.mark.parametrize(
    ("text", "posted"),
    [
        ("<!channel> <!here> @channel @here <@U1> <#C1> *bold* <https://x.example|y>", None),
        ("🚚" * 3000, None),
        ("two\n\nparagraphs & more", None),
        ("hidden \u202eturned\u202c \x00\x07nul", "hidden turned nul"),
        ("👩\u200d👩\u200d👧 :truck:", None),
    ],
)
async def test_the_text_goes_out_as_typed_and_pings_nobody(at: Stage, text: str, posted: str | None) -> None:
    async with at.courier():
        await confirmed(at, await told(at), text)
        await until(lambda: in_channel(at))
    [post] = in_channel(at)
    above, body = post["blocks"]
    assert body["text"] == {"type": "plain_text", "text": posted or text, "emoji": True}
    assert above["elements"][0]["text"] == "On behalf of Riley Chen"
    assert "<" not in post["text"]
    assert "@channel" not in post["text"]


async def test_logs_and_metadata_hold_ids_only(at: Stage) -> None:
    async with at.courier():
        stored = await told(at)
        view = await form(at, stored)
        at.slack.fail("chat.postMessage", Fault(error="restricted_action"))
        await at.submit("U3", view, {"script": "Danger Mouse 4711"})
        await until(lambda: len(at.slack.dms("U3")) == 2)
        await confirmed(at, stored, "Danger Mouse 4711")
        await until(lambda: in_channel(at))
    assert {"post confirmed", "script not posted", "script posted"} <= {entry["event"] for entry in at.logged}
    for word in ("Danger", "4711", "Dana", "Acme", "Riley"):
        assert word not in str(at.logged)
        assert word not in str([post["metadata"] for post in in_channel(at)])


async def test_the_line_above_is_in_the_scripts_language(at: Stage) -> None:
    at.house.scripts = Scripts(Voice("es-MX"))
    async with at.courier():
        await confirmed(at, await told(at))
        await until(lambda: in_channel(at))
    assert "En nombre de Riley Chen" in texts(in_channel(at)[0]["blocks"])


async def test_script_and_line_are_in_the_language_that_the_rep_has_chosen(at: Stage) -> None:
    async with at.house.store.writing() as s:
        await preferences.choose(s, "U3", {SETTINGS: preferences_of({SETTINGS: {"language": "es"}}).plain()}, at.clock.now())
    async with at.courier():
        stored = await told(at)
        view = await form(at, stored)
        assert script(view).startswith("Hola Dana")
        assert script(view) in list(texts(at.slack.dms("U3")[0]["blocks"]))
        await at.submit("U3", view)
        await until(lambda: in_channel(at))
    assert list(texts(in_channel(at)[0]["blocks"])) == ["En nombre de Riley Chen", script(view)]


@settings(max_examples=100)
@given(
    text=st.text(max_size=3200),
    name=st.text(max_size=3000),
    people=st.none() | st.integers(0, 10**6),
    outside=st.dictionaries(st.text(max_size=80), st.none() | st.text(max_size=3000), max_size=NAMED + 5),
    link=st.none() | st.text(max_size=100),
)
def test_every_input_makes_a_form_and_a_message_that_slack_takes(
    *, text: str, name: str, people: int | None, outside: dict[str, str | None], link: str | None
) -> None:
    audience = Audience("C1", name, people, more=True, outside=outside, untold=3, shared=True, public=True)
    kept = as_typed(text)[:3000]
    view = post_form(PostForm(10**17, kept, name, audience, name, link, note="x", seen="x" * 16, generation=10**6))
    assert view_mistakes(view) == []
    for made in (message(kept or "x", name), not_posted(name or "x", "<#C1>", name, kept or "x")):
        assert mistakes(made.blocks) == []
        assert "<!" not in made.text
    assert because(name, "<#C1>").strip()
