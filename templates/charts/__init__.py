"""Charts of a deal's volume: drawn from one layout as a picture or a page's figure, as Slack's own chart, or in a line of text."""
