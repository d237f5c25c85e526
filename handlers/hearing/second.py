"""The second opinion on a message: asked in the background once the local reader's findings are recorded, and recorded when it comes."""

from __future__ import annotations

from dataclasses import replace

from bot.ears import Hearing, Talk
from bot.language.statement import Utterance
from bot.playbook.finding import Finding
from bot.playbook.judge import repeats_marked
from bot.strong.opinion import Opinion
from bot.strong.question import Asking, why_not
from bot.strong.reader import StrongReader
from bot.strong.rulings import Ruling
from handlers.findings import learning
from handlers.hearing.message import Change
from handlers.hearing.recording import origin_of, record, tell
from handlers.hearing.ringing import ring
from handlers.house import House
from store import deals, findings, opinions
from store.records import KnownDeal, StoredFinding


def asking(house: House, known: KnownDeal, talk: Talk, said: Utterance, heard: Hearing) -> Asking | None:
    """The message as material for a question; None where the deal or the installation has no strong reader, or it is not worth one."""
    if house.strong is None or known.deal.reader != "both":
        return None
    before = talk.before(said)
    users = {speaker: house.users.get(speaker) for speaker in {said.speaker, *(other.speaker for other in before)}}
    names = {speaker: user.name for speaker, user in users.items() if user is not None and user.name}
    about = Asking(known.deal.on(said.at.date()) if said.at else known.deal, said, before, heard, names)
    return None if why_not(about) else about


def consider(house: House, known: KnownDeal, change: Change, about: Asking, *, ambiguous: bool = False) -> None:
    """Ask, without letting anything wait for the answer; `ambiguous` as in Finding."""
    if house.strong is not None:
        house.asked.begin(_consult(house, house.strong, known, change, about, ambiguous=ambiguous))


async def _consult(house: House, strong: StrongReader, known: KnownDeal, change: Change, about: Asking, *, ambiguous: bool) -> None:
    try:
        opinion = await strong.opinion(about)
        house.counts.opinions.labels(opinion.outcome).inc()
        done = await _settle(house, known, change, opinion, ambiguous=ambiguous) if opinion.rulings else 0
    except Exception as failed:
        # What the local reader found is recorded: a second opinion may be lost.
        house.log.warning("second opinion lost", deal=known.id, channel=change.said.channel, ts=change.said.ts, exc_info=failed)
        return
    refused = sum(ruling.done == "refused" for ruling in opinion.rulings)
    level = house.log.warning if opinion.outcome == "failed" else house.log.info
    where = {"deal": known.id, "channel": change.said.channel, "ts": change.said.ts}
    level("second opinion", **where, outcome=opinion.outcome, seconds=round(opinion.seconds, 2), changed=done, refused=refused)


async def _settle(house: House, known: KnownDeal, change: Change, opinion: Opinion, *, ambiguous: bool) -> int:
    """Record what was ruled, unless the message has been edited or deleted meanwhile; how many rulings changed something."""
    news: list[StoredFinding] = []
    changed, waiting = 0, False
    async with house.rooms.of(change.said.channel).lock:
        if not house.asked.stands(change):
            return 0
        async with house.store.writing() as s:
            await deals.hold(s, known.id)
            raised = await findings.raised(s, known.id, besides=(change.said.channel, change.said.ts))
            for ruling, finding in _decided(opinion.rulings):
                if ruling.done == "found":
                    told = replace(repeats_marked(finding, raised), ambiguous=ambiguous)
                    stored, asked = await record(house, s, known, change.said, told)
                    news += [stored] if stored else []
                    changed += 1
                else:
                    weighed, _ = await learning.ringing(house, s, known, finding)
                    settled = await opinions.settle(s, known.id, weighed, origin_of(change.said), house.now())
                    asked = settled is not None and weighed.urgency == "now" and await ring(house, s, known, settled)
                    changed += settled is not None
                waiting |= asked
    tell(house, news, waiting=waiting)
    return changed


def _decided(rulings: tuple[Ruling, ...]) -> list[tuple[Ruling, Finding]]:
    return [(ruling, ruling.finding) for ruling in rulings if ruling.finding is not None]
