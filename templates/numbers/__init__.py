"""What the numbers of a portfolio say: in Slack, as a page, as a table and as data."""
