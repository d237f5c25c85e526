"""Tells the right person, once: errands, the courier, and what a DM shows."""
