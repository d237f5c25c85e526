"""The deal book in Slack: deals made, shown, amended and linked to their channels."""
