"""Jump-In: hears volume talk in implementation channels and tells the rep what to say."""
