"""Emails as they are forwarded and pasted: who wrote what, when; only new words count, and each of them once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.sources.files import read_file
from store.sources.mail import Mail, is_mail, mails, new_words

GMAIL = """Hi Riley,

we'd start with 15 a day.

Best,
Dana

--
Dana Ortiz | Acme Outfitters
+1 555 0100 22 | dana@acme.test

On Mon, Nov 2, 2026 at 9:14 AM Riley Chen <riley@carrier.test> wrote:

> Hi Dana,
>
> as agreed we plan 150 a day.
>
> Thanks,
> Riley
>
> On Fri, Oct 30, 2026 at 4:01 PM Dana Ortiz
> <dana@acme.test> wrote:
>
>> What was the number again?
"""

OUTLOOK = """From: Dana Ortiz <dana@acme.test>
Sent: Tuesday, November 3, 2026 8:05 AM
To: Riley Chen <riley@carrier.test>
Cc: Ivan Petrov <ivan@carrier.test>
Subject: RE: Start on Monday

CAUTION: This email originated from outside of the organization.

Riley, 15 a day is what we can do.
The rest later.

Kind regards,

Dana Ortiz
Director of Logistics
Acme Outfitters LLC
T +1 555 0100 22

From: Riley Chen <riley@carrier.test>
Sent: Monday, November 2, 2026 5:12 PM
To: Dana Ortiz <dana@acme.test>
Subject: Start on Monday

Dana, the plan is 150 a day. From: there it goes up.

Sent from my iPhone

This email and any attachments are confidential and intended only for the addressee.
"""

SPANISH = """Empezamos con 15 al día.

Saludos cordiales,
Dana

El lun, 2 nov 2026 a las 9:14, Riley Chen (<riley@carrier.test>) escribió:

> El plan son 150 al día.
"""


def _said(text: str) -> list[tuple[str, str]]:
    return [(mail.who or mail.address or "", mail.text) for mail in mails(text)]


def test_a_thread_as_gmail_quotes_it() -> None:
    first, second, third = mails(GMAIL)
    assert (first.who, first.address, first.at) == ("Dana Ortiz", "dana@acme.test", datetime(2026, 10, 30, 16, 1))
    assert first.text == "What was the number again?"
    assert (second.who, second.at) == ("Riley Chen", datetime(2026, 11, 2, 9, 14))
    assert second.text == "Hi Dana,\n\nas agreed we plan 150 a day."
    assert third == Mail("Hi Riley,\n\nwe'd start with 15 a day.")
    assert new_words(GMAIL) == third.text


def test_a_thread_as_outlook_quotes_it() -> None:
    assert _said(OUTLOOK) == [
        ("Riley Chen", "Dana, the plan is 150 a day. From: there it goes up."),
        ("Dana Ortiz", "Riley, 15 a day is what we can do.\nThe rest later."),
    ]
    assert mails(OUTLOOK)[1].at == datetime(2026, 11, 3, 8, 5)
    assert mails(OUTLOOK)[1].subject == "RE: Start on Monday"


def test_other_languages() -> None:
    assert [mail.text for mail in mails(SPANISH)] == ["El plan son 150 al día.", "Empezamos con 15 al día."]


def test_an_eml_file_with_its_encodings() -> None:
    message = EmailMessage()
    message["From"] = "Dana Ortiz <dana@acme.test>"
    message["To"] = "riley@carrier.test"
    message["Subject"] = "Größe der Sendungen"
    message["Date"] = "Tue, 03 Nov 2026 08:05:00 -0500"
    message["Message-ID"] = "<1@acme.test>"
    message.set_content("Grüße: < 15 and > 3 = 100 % … " + "long words " * 20 + "\n\n> 150 a day?\n\nNo, 15.\n")
    message.add_alternative("<p>Other</p>", subtype="html")
    message.add_attachment(b"\x00" * 5_000, maintype="application", subtype="pdf", filename="x.pdf")
    found = read_file(message.as_bytes(), "mail.eml")
    (conversation,) = found.conversations
    (turn,) = conversation.turns
    assert conversation.medium == "email"
    assert turn.text == ("Grüße: < 15 and > 3 = 100 % … " + "long words " * 20).strip() + "\n\n\nNo, 15.".replace("\n\n\n", "\n\n")
    assert (turn.name, turn.at) == ("Dana Ortiz", datetime(2026, 11, 3, 8, 5, tzinfo=timezone(timedelta(hours=-5))))


def test_a_mail_in_html_alone() -> None:
    message = EmailMessage()
    message["From"], message["Subject"], message["Date"] = "dana@acme.test", "x", "Tue, 03 Nov 2026 08:05:00 +0000"
    message["Message-ID"] = "<2@acme.test>"
    message.set_content(
        "<style>p {a: 7}</style><p>We start with <b>15</b> a day &amp; see.</p><blockquote><div>150 a day?</div></blockquote><p>Ok</p>",
        subtype="html",
    )
    (turn,) = read_file(message.as_bytes(), "mail.eml").conversations[0].turns
    assert (turn.text, turn.speaker, turn.at) == (
        "We start with 15 a day & see.\n\nOk",
        "dana@acme.test",
        datetime(2026, 11, 3, 8, 5, tzinfo=UTC),
    )


def test_a_word_counts_once_over_several_mails() -> None:
    earlier = {mail.mark for mail in mails(GMAIL)[:2]}
    assert [mail.text for mail in mails(GMAIL, earlier)] == ["Hi Riley,\n\nwe'd start with 15 a day."]
    assert mails(GMAIL, {mail.mark for mail in mails(GMAIL)}) == ()
    assert [mail.mark for mail in mails(GMAIL.replace("\n", "\r\n"))] == [mail.mark for mail in mails(GMAIL)]


def test_answers_between_quoted_lines() -> None:
    text = "On Mon, Nov 2, 2026 Riley Chen <r@carrier.test> wrote:\n> How many a day?\n> And from when?\n"
    answered = f"From: Dana <d@acme.test>\nSubject: x\n\n> How many a day?\n15 for now.\n> And from when?\nMonday.\n\n{text}"
    assert mails(answered)[-1].text == "15 for now.\nMonday."


@pytest.mark.parametrize(
    ("text", "mail"),
    [
        (GMAIL, True),
        (OUTLOOK, True),
        (SPANISH, True),
        ("---------- Forwarded message ---------\nFrom: Dana <d@acme.test>\nDate: Mon, Nov 2, 2026\nSubject: x\n\n15 a day", True),
        ("Dana: we start with 15\nIvan: from: Monday\nDana: On Monday he wrote: 15", False),
        ("Dana Ortiz  0:15\nOn November 2 I wrote: fifteen a day", False),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nFrom: 15\nDate: 2026", False),
        ("", False),
    ],
)
def test_what_is_a_mail(text: str, mail: bool) -> None:
    assert is_mail(text) is mail


def test_words_that_look_like_a_closing_are_kept_where_talk_goes_on() -> None:
    text = (
        "From: Dana <d@acme.test>\nSubject: x\n\nThanks,\nwe will start with 15 a day and then look at the results together.\n\nBest,\nDana"
    )
    assert mails(text)[0].text == "Thanks,\nwe will start with 15 a day and then look at the results together."


def test_nothing_of_its_own_is_said_in_one_sentence() -> None:
    found = read_file(b"From: Dana <d@acme.test>\nSubject: x\n\n--\nDana Ortiz\n", "mail.txt")
    assert found.mistakes == ("mail.txt: is an email without words of its own",)


LINES = st.sampled_from(
    [
        "From: Dana <d@x.test>",
        "Sent: Monday",
        "Subject: x",
        "> 15",
        ">> 15",
        "On Mon, Nov 2, 2026 A <a@x.test> wrote:",
        "--",
        "Best,",
        "Dana",
        "",
        "15 a day",
    ]
)


@settings(max_examples=60)
@given(st.lists(LINES | st.text(max_size=12), max_size=25))
def test_any_text_gives_each_mail_once(lines: list[str]) -> None:
    found = mails("\n".join(lines))
    assert len({mail.mark for mail in found}) == len(found)
    assert all(mail.text for mail in found)
