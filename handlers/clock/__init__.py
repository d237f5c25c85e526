"""The clock in Slack: the daily DM, milestones, checklists, calls noted ahead, surveys."""
