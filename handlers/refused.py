"""Why Slack refused a call: its error code, whatever kind of answer came."""

from __future__ import annotations

from slack_sdk.errors import SlackApiError


def code_of(refused: SlackApiError) -> str:
    """Slack's error code; "" where the answer holds none, as that of a proxy or of a server in trouble."""
    data = getattr(refused.response, "data", refused.response)
    return str(data.get("error") or "") if isinstance(data, dict) else ""
