"""The strong reader, opt-in: asks a language model at the installation's own endpoint about what the local reader is unsure of.

What it answers is material, never an instruction: quotes must stand in the message, figures go through our grammar, and arithmetic,
terms and phase are the playbook's.
"""
