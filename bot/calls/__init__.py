"""Whole calls: what was said, promised, asked and left out, as plain values. Pure: no Slack, no SQL, no words of its own."""
