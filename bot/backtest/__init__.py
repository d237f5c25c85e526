"""The back-test: months of talk heard as the live bot would have heard them, and what it would have told whom, when."""
