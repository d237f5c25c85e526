"""Files dropped in Slack: fetched once, safely, and offered to whoever knows what to do with them."""
