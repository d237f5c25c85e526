"""App Home: the first steps, one's own deals and the team's by urgency, page by page, what came of the week, and one's settings."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from bot.playbook.book import Ranked, Week, Which
from templates.form import View
from templates.home_words import DealLine, deal_blocks, ranked_words, useful_words, week_words
from templates.kit import Block, button, header, lines, section
from templates.quote import clean, neutral

Tab = Literal["mine", "team"]

ACTION = "jumpin-home-"
"""Beginning of every action id of Home."""

MINE, TEAM = f"{ACTION}mine", f"{ACTION}team"
BACK, ON = f"{ACTION}back", f"{ACTION}on"
FILTER, SEARCH, CLEAR = f"{ACTION}filter", f"{ACTION}search", f"{ACTION}clear"
NEW, SETTINGS, EXAMPLE, HIDE = f"{ACTION}new", f"{ACTION}settings", f"{ACTION}example", f"{ACTION}hide"
"""Action ids; the value of BACK and ON is the page to show."""

PAGE = 10
"""Deals on a page: each takes up to three of the hundred blocks that Slack takes."""

LONGEST_NAME = 80
"""Characters of a name searched for."""

_DIGITS_OF_A_PAGE, _DIGITS_OF_AN_ID = 6, 17
"""What comes back from Slack may be anything; a number of a table is larger than one of a page, and fits into the database's."""

FILTERS: Mapping[Which, str] = {"all": "All deals", "open": "With open findings", "test": "In their test", "ramp": "Ramp due"}
_TABS: Mapping[Tab, str] = {"mine": "My deals", "team": "My team's deals"}


@dataclass(frozen=True, slots=True)
class Where:
    """What somebody looks at: tab, filter, page (from 0), a part of a customer's name, and the deal whose tick boxes stand there (0: none).

    It travels in the view itself.
    """

    tab: Tab = "mine"
    which: Which = "all"
    page: int = 0
    named: str = ""
    unfolded: int = 0

    def plain(self) -> str:
        """As private_metadata."""
        return json.dumps(asdict(self), separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Steps:
    """The first three steps, and which are done."""

    deal: bool
    invited: bool
    told: bool


@dataclass(frozen=True, slots=True)
class HomeView:
    """All that Home shows. `entries` are those of this page out of `found`; `total` and `counts` (by filter) are those of the tab.

    `tabs` are those that this person has; `numbers` what the deals come to, in a few lines ("": not counted yet); `steps` None where the
    first steps are over.
    """

    where: Where
    tabs: Sequence[Tab] = ()
    entries: Sequence[DealLine] = ()
    found: int = 0
    total: int = 0
    counts: Mapping[Which, int] = field(default_factory=dict)
    scenarios: Sequence[Ranked] = ()
    week: Week = Week()  # noqa: RUF009 - it is frozen
    useful: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    settings: str = ""
    steps: Steps | None = None
    numbers: str = ""

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.found // PAGE))


def where_of(metadata: Any) -> Where:
    """What somebody looked at, from what a view carries; the beginning where that makes no sense."""
    try:
        kept = json.loads(metadata) if isinstance(metadata, str) else None
    except (ValueError, RecursionError):
        kept = None
    if not isinstance(kept, dict):
        return Where()
    return Where(
        "team" if kept.get("tab") == "team" else "mine",
        which_of(kept.get("which")),
        page_of(kept.get("page")),
        name_of(kept.get("named")),
        deal_of(kept.get("unfolded")),
    )


def which_of(value: Any) -> Which:
    """A filter by its name; all deals for anything else."""
    return next((which for which in FILTERS if which == value), "all")


def page_of(value: Any) -> int:
    """A page's number; the first for anything that is none."""
    return _number(value, _DIGITS_OF_A_PAGE)


def deal_of(value: Any) -> int:
    """A deal's number; 0 for anything that is none."""
    return _number(value, _DIGITS_OF_AN_ID)


def _number(value: Any, digits: int) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else 0


def name_of(value: Any) -> str:
    """A name to search for, in one line."""
    return clean(value, LONGEST_NAME).rstrip("… ") if isinstance(value, str) else ""


def home(view: HomeView) -> View:
    """The Home tab of somebody of our own team."""
    blocks = (_first_steps(view.steps) if view.steps else []) + _tabs(view)
    blocks += _deals(view) if view.tabs else _no_deals(view)
    blocks.append(lines(f"⚙️ {view.settings}" if view.settings else "⚙️ Usual settings"))
    return _view(blocks, view.where)


def closed() -> View:
    """What guests and people of other companies see."""
    return _view([section("Sorry, Jump-In is here for full members of our own workspace only.")], Where())


def _view(blocks: list[Block], where: Where) -> View:
    return {"type": "home", "callback_id": "jumpin-home", "private_metadata": where.plain(), "blocks": blocks[:100]}


def _tabs(view: HomeView) -> list[Block]:
    if len(view.tabs) < 2:
        return []
    actions: Mapping[Tab, str] = {"mine": MINE, "team": TEAM}
    shown = [button(_TABS[tab], actions[tab], tab, **({"style": "primary"} if tab == view.where.tab else {})) for tab in view.tabs]
    return [_row("tabs", shown)]


def _first_steps(steps: Steps) -> list[Block]:
    told = [
        (steps.deal, "*Make a deal*, or import one: press _New deal_, or let sales operations run `jumpin deals import`."),
        (steps.invited, "*Invite me to its channel*: type `/invite @Jump-In` there. I never post in it."),
        (steps.told, "*See an example* of the message that you get when the talk leaves the deal: press _Send me an example_."),
    ]
    words = "\n".join(f"{'✅' if done else f'{number}.'}  {step}" for number, (done, step) in enumerate(told, start=1))
    buttons = [] if steps.told else [button("Send me an example", EXAMPLE, "example")]
    return [
        header("Welcome to Jump-In"),
        section(
            "I listen in implementation channels. When somebody says something that does not fit the agreed deal, you get a direct "
            "message: what was said, what was agreed, and a script ready to paste. Three steps to begin:"
        ),
        section(words),
        _row("steps", [*buttons, button("Hide these steps", HIDE, "hide")]),
        {"type": "divider"},
    ]


def _no_deals(view: HomeView) -> list[Block]:
    more = "" if view.steps else " Press _New deal_ to write down what was agreed with a customer."
    told = f"You have no deals yet.{more} If a deal of yours exists already, ask its rep to add you to its people."
    return [header("My deals"), section(told), _row("do", _buttons())]


def _buttons() -> list[Block]:
    return [button("New deal", NEW, "new"), button("Settings", SETTINGS, "settings")]


def _deals(view: HomeView) -> list[Block]:
    where = view.where
    blocks: list[Block] = [header(_TABS[where.tab]), lines(_summary(view)), _row(f"do-{where.which}", [_filter(where), *_buttons()])]
    if view.total > PAGE or where.named:
        blocks.append(_search(where))
    if where.tab == "team" and view.scenarios:
        blocks.append(section(ranked_words(view.scenarios)))
    if view.numbers:
        blocks.append(section(view.numbers))
    for entry in view.entries:
        blocks += [{"type": "divider"}, *deal_blocks(entry)]
    if not view.entries:
        blocks.append(section(_none(view)))
    blocks += _pager(view)
    blocks.append(section(week_words(view.week)))
    if view.useful:
        blocks.append(section(useful_words(view.useful)))
    return blocks


def _summary(view: HomeView) -> str:
    counts = view.counts
    told = [f"{view.total} deal{'' if view.total == 1 else 's'}", f"{counts.get('open', 0)} with open findings"]
    told += [f"{counts['test']} in test"] if counts.get("test") else []
    told += [f"{counts['ramp']} with ramp due"] if counts.get("ramp") else []
    return " · ".join(told)


def _none(view: HomeView) -> str:
    if view.where.named:
        return f"No deal here has “{neutral(view.where.named, LONGEST_NAME)}” in its customer's name. _Show all_ brings the others back."
    return "No deal here at the moment. _Show all_ brings the others back."


def _filter(where: Where) -> Block:
    # Slack keeps what was chosen as long as the block keeps its id; so the id goes with the choice
    options = {which: {"text": {"type": "plain_text", "text": label, "emoji": False}, "value": which} for which, label in FILTERS.items()}
    return {
        "type": "static_select",
        "action_id": FILTER,
        "options": list(options.values()),
        "initial_option": options[where.which],
    }


def _search(where: Where) -> Block:
    element: Block = {"type": "plain_text_input", "action_id": SEARCH, "max_length": LONGEST_NAME}
    if where.named:
        element["initial_value"] = where.named
    return {
        "type": "input",
        "block_id": f"search#{where.named}"[:255],
        "dispatch_action": True,
        "optional": True,
        "label": {"type": "plain_text", "text": "Find a customer by a part of its name, then press Enter", "emoji": False},
        "element": element,
    }


def _pager(view: HomeView) -> list[Block]:
    page, last = view.where.page, view.pages - 1
    buttons = [button("← Previous", BACK, str(page - 1))] if page > 0 else []
    buttons += [button("Next →", ON, str(page + 1))] if page < last else []
    buttons += [button("Show all", CLEAR, "all")] if view.where.named or view.where.which != "all" else []
    told = [lines(f"Page {page + 1} of {view.pages}, {view.found} deals")] if last > 0 else []
    return [*told, *([_row("pages", buttons)] if buttons else []), {"type": "divider"}]


def _row(block_id: str, elements: Sequence[Block]) -> Block:
    return {"type": "actions", "block_id": f"home-{block_id}", "elements": list(elements)}
