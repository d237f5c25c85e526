"""The trained reader of acts: weights learned from labelled talk, looked up without any numerical library."""
