"""Explanations of what was heard in files, with the labelled message most like each."""

from __future__ import annotations

from bot.deal import Deal
from bot.language.model.examples import Nearest, shipped_examples
from bot.language.statement import Reading, Utterance
from bot.listening import Heard
from bot.playbook.explanation import Explanation, of_text, of_utterance


def of_heard(heard: Heard, deal: Deal, conversation: str) -> Explanation:
    """Of a turn of a conversation; `conversation` is its id, from which no example is taken."""
    hearing = heard.hearing
    if hearing.silent:
        return Explanation(heard.turn.text, hearing.reading, silent=hearing.silent)
    said = Utterance(heard.turn.text, heard.side, heard.speaker, heard.at, heard.turn.key, heard.turn.thread)
    return of_utterance(deal, said, hearing.reading, hearing.outcomes, example_like(said.text, conversation))


def of_sentence(text: str, reading: Reading) -> Explanation:
    """Of a sentence by itself, without a deal."""
    return of_text(text, reading, example_like(text, None))


def example_like(text: str, conversation: str | None) -> Nearest | None:
    """The labelled message most like this one, from another conversation."""
    examples = shipped_examples() if text.strip() else None
    return examples.nearest(text, conversation) if examples else None
