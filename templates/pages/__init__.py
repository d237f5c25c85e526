"""Pages: reports as HTML that looks the same on screen and on paper."""
