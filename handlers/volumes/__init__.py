"""What was really shipped: taken in from files, feeds and databases, and held against what was agreed and said."""
