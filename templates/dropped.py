"""What is said about a file that somebody dropped and that could not be used: one sentence, with what to do."""

from __future__ import annotations

from templates.kit import Message, section
from templates.quote import clean, neutral

WANTED = "a call's transcript (.vtt, .srt, .txt, .docx), an email (.eml), or a table of shipped volumes (.csv, .xlsx)"

_WHY = {
    "too-large": "{name} is {size} large; I read files of up to 100 MB. Cut it into parts and drop those.",
    "slow": "{name} did not come through in time: drop it once more, or a smaller part of it.",
    "elsewhere": "{name} lies with another service, where I have no access: save it from there as a file, and drop that.",
    "gone": "{name} was deleted before I could read it: drop it once more.",
    "refused": "Slack does not let me open {name}: if files are blocked in that channel, drop it here in our direct messages.",
}


def no_chat() -> Message:
    """Somebody wrote to the bot."""
    return _said(
        "I answer to commands and files, not to chat. Type `/deal-status` for a deal of yours (every command knows `help`), "
        f"or drop {WANTED} here. A transcript or an email may also be pasted."
    )


def no_use(name: str) -> Message:
    """Nobody knows what to do with a file."""
    return _said(f"I can't use {_name(name)}. Drop {WANTED}.")


def not_fetched(name: str, why: str, size: int | None) -> Message:
    """A file could not be had."""
    return _said(_WHY[why].format(name=_name(name), size=f"{size / 1_000_000:,.0f} MB" if size else "too"))


def not_read(name: str) -> Message:
    """A file was recognised, but something of ours broke over it."""
    return _said(
        f"Something went wrong while I read {_name(name)}; nothing of it was kept. Please tell whoever runs Jump-In; the log has it."
    )


def _name(name: str) -> str:
    return f"“{neutral(clean(name, 80))}”" if name != "the file" else name


def _said(text: str) -> Message:
    text = text[:1].upper() + text[1:]
    return Message(text, [section(text)])
