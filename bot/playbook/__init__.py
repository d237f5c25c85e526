"""What it means for the deal: judge() compares statements with terms. Pure: time is an argument."""
