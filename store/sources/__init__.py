"""Files into plain facts: deal files, conversation files, Slack exports and call transcripts. No database here."""
