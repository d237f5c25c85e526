"""Holds every word that the bot says, and turns words into Block Kit."""
