"""Trouble: the one way in which a command says that it cannot go on."""

from __future__ import annotations


class Trouble(Exception):
    """Unusable input or surroundings. Its text is one plain sentence with the next step; `main()` prints it and ends with status 2."""
