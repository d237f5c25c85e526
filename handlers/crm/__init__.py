"""The CRM: its deals come to their reps to be confirmed, differences are shown to them, and what happened goes back."""
