"""What was said: read() turns a message into quantities and statements. Knows no Slack, no database, no deal."""
