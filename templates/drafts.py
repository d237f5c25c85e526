"""Emails and messages that the clock prepares: subject and text with this deal's figures, and a link that opens the mail program."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from templates.draft_facts import DRAFTS, Draft, DraftOccasion
from templates.scripts import OURS, Scripts

WITHOUT_SUBJECT: tuple[Draft, ...] = ("thank-and-expand", "leadership")
"""Drafts that are said in a channel or message; the first paragraph of all others is their subject."""

LONGEST_LINK = 1900
"""Characters of a mailto link that mail programs still take."""

TITLES: dict[Draft, str] = {
    "test-framework": "Test framework, to confirm",
    "pre-kickoff": "Pre-kickoff alignment",
    "post-call": "Follow-up to the call",
    "ramp-confirmation": "Ramp confirmation",
    "thank-and-expand": "Thank, and ask for more",
    "review-30": "Invitation to the 30-day review",
    "quarterly-audit": "Quarterly volume audit",
    "onboarding-survey": "Onboarding survey",
    "nps": "NPS question",
    "performance-summary": "Performance summary",
    "leadership": "The history for leadership",
}

_BETWEEN_POINTS = re.compile(r"(?m)(^• .*)\n\n(?=• )")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A draft: its subject (None where it has none) and its text."""

    subject: str | None
    text: str

    @property
    def whole(self) -> str:
        """Subject and text, to copy."""
        return f"{self.subject}\n\n{self.text}" if self.subject else self.text


def prepared(name: Draft, occasion: DraftOccasion, scripts: Scripts = OURS) -> Prepared:
    """The draft in the installation's voice, the company's own one first."""
    text = _BETWEEN_POINTS.sub(r"\1\n", scripts.text(f"{DRAFTS}{name}.j2", occasion))
    if name in WITHOUT_SUBJECT:
        return Prepared(None, text)
    subject, _, rest = text.partition("\n\n")
    return Prepared(subject, rest or subject)


def mailto(draft: Prepared, to: str = "") -> str:
    """A link that opens the draft in the mail program; a text too long for one is left out: it is there to copy."""
    subject = quote(draft.subject or "", safe="")
    address = quote(to, safe="@,")
    body = quote(draft.text.replace("\n", "\r\n"), safe="")
    link = f"mailto:{address}?subject={subject}&body={body}"
    return link if len(link) <= LONGEST_LINK else f"mailto:{address}?subject={subject}"
