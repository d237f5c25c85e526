"""The commands of jumpin, one file each; bot/cli.py puts them together."""
