"""Hears and speaks: one file per behaviour, each with register(app, house). Only this package and bot.app know Slack."""
