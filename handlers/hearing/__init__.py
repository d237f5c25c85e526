"""Hears what is said: messages read, judged and recorded, now, later or again."""
