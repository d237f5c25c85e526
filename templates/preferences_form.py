"""The form for one's own settings, and the settings in one line."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from bot.playbook.preferences import WEEK, Preferences
from templates.form import View, checks_field, choice_field, modal
from templates.kit import section
from templates.quote import neutral

CALLBACK = "jumpin-settings"

USUAL, NONE = "usual", "none"
"""Values of the choices "as everybody has it" and "no quiet hours"."""

WAIT, WAKE = "wait", "wake"
"""What findings do in quiet hours."""

COME, QUIET = "come", "quiet"
"""What direct messages do on days off."""

THRESHOLDS: Mapping[str, str] = {
    "sure": "Everything that is sure",
    "surest": "Only the surest (95% and more)",
    "digest": "None: the daily message only",
}
IN_QUIET: Mapping[str, str] = {WAIT: "Everything waits until they end", WAKE: "Urgent ones may wake me"}
DAYS_OFF: Mapping[str, str] = {COME: "Direct messages come as on any day", QUIET: "Quiet all day, until the next working day"}
WEEKDAYS: Sequence[str] = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
TONES: Mapping[str, str] = {USUAL: "As everybody has it", "plain": "Plain", "warm": "Warm", "direct": "Direct"}
LENGTHS: Mapping[str, str] = {USUAL: "As everybody has it", "long": "Long", "short": "Short"}
_NAMES: Mapping[str, str] = {"en": "English", "es": "Spanish", "fr": "French", "pt": "Portuguese", "de": "German"}
MOST_LANGUAGES = 90


def clocks(*more: str) -> dict[str, str]:
    """Every half hour of the day, and what else is kept."""
    times = {f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 30)} | set(more)
    return {time: time for time in sorted(times)}


def languages(codes: Collection[str]) -> dict[str, str]:
    """The languages to choose from, by their folders' names."""
    return {USUAL: "As everybody has it"} | {code: _language(code) for code in sorted(codes)[:MOST_LANGUAGES]}


def preferences_form(now: Preferences, codes: Collection[str]) -> View:
    """The modal, as things are chosen now."""
    begins = f"{now.quiet.begins:%H:%M}" if now.quiet else NONE
    ends = f"{now.quiet.ends:%H:%M}" if now.quiet else "07:00"
    kept = (begins, ends) if now.quiet else ()
    digest = f"{now.digest_at:%H:%M}"
    days = {str(number): name for number, name in enumerate(WEEKDAYS)}
    blocks = [
        section(f"These hold for you alone. Times are on your own clock, as Slack has it ({neutral(now.zone.replace('_', ' '), 60)})."),
        choice_field("threshold", "What comes as a direct message at once", THRESHOLDS, now.threshold),
        choice_field("quiet.begins", "Quiet hours from", {NONE: "No quiet hours", **clocks(*kept)}, begins),
        choice_field("quiet.ends", "Quiet hours until", clocks(*kept), ends),
        choice_field("quiet.urgent", "In quiet hours", IN_QUIET, WAKE if now.urgent_wakes else WAIT),
        checks_field("days", "Working days", days, [str(day) for day in now.business_days], hint="Snoozes end on them, too."),
        choice_field("days.off", "On other days", DAYS_OFF, QUIET if now.days_off_quiet else COME),
        choice_field("digest", "Daily message at", clocks(digest), digest),
        choice_field("language", "Language of scripts", languages(codes), now.language if now.language in codes else USUAL),
        choice_field("tone", "Tone of scripts", TONES, now.tone or USUAL),
        choice_field("length", "Length of scripts", LENGTHS, now.length or USUAL),
    ]
    return modal(CALLBACK, "Settings", blocks, submit="Save", kept={})


def settings_words(now: Preferences) -> str:
    """As "Quiet hours 22:00-07:00 · all sure findings · scripts in Spanish"."""
    told = []
    if now.quiet:
        wake = ", urgent ones come through" if now.urgent_wakes else ""
        told.append(f"Quiet hours {now.quiet.begins:%H:%M}-{now.quiet.ends:%H:%M}{wake}")
    else:
        told.append("No quiet hours")
    if now.business_days != WEEK:
        told.append("working days " + ", ".join(WEEKDAYS[day][:3] for day in sorted(now.business_days)))
    if now.days_off_quiet:
        told.append("days off are quiet")
    told.append({"sure": "all sure findings", "surest": "only the surest findings", "digest": "no direct messages at once"}[now.threshold])
    told.append(f"daily message at {now.digest_at:%H:%M}")
    sound = [f"in {_language(now.language)}"] if now.language else []
    sound += [word for word in (now.tone, now.length) if word]
    return " · ".join([*told, *([f"scripts {', '.join(sound)}"] if sound else [])])


def _language(code: str) -> str:
    return _NAMES.get(code, neutral(code, 20))
