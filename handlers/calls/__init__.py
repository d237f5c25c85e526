"""What is said on calls: transcripts that were dropped and calls that stream in, heard like messages and told in one report."""
