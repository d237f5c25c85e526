"""The tables' history, one file a step; store.migrate walks it."""
