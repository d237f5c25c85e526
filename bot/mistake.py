"""A mistake in the settings: known to whoever has to tell it, without loading the settings themselves."""

from __future__ import annotations


class SettingsMistake(ValueError):
    """A setting is missing or wrong; its text is one plain sentence for each, with the next step and never the value."""
