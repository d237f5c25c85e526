"""The numbers in Slack: to everybody those of the deals that they are on."""
