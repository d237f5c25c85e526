"""App Home, and what a person sets there."""
