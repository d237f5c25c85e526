"""The demo: a local Slack workspace, a sample deal and a sample conversation played into it."""
