"""Settings: what the operator says through the environment or a `.env` file, checked once at start."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from platformdirs import user_data_path
from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from store.locks import are_keys

Mode = Literal["socket", "http"]
LogFormat = Literal["console", "json"]
ReaderChoice = Literal["local", "both"]
ToneChoice = Literal["plain", "warm", "direct"]
LengthChoice = Literal["long", "short"]
Switch = Literal["off", "on"]
LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]

_ENGINES = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}
_SECRET = re.compile(r"whsec_[A-Za-z0-9+/]{32,}={0,2}")
_SHORTEST = 16
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?")


def default_database_url() -> str:
    """The SQLite file in the platform's data folder for this user."""
    return f"sqlite+aiosqlite:///{(user_data_path('jump-in') / 'jumpin.sqlite3').as_posix()}"


class Settings(BaseSettings):
    """All settings by name; secrets and the database address stay out of `repr`."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore", populate_by_name=True, frozen=True
    )

    slack_bot_token: str | None = Field(None, validation_alias="SLACK_BOT_TOKEN", repr=False)
    slack_app_token: str | None = Field(None, validation_alias="SLACK_APP_TOKEN", repr=False)
    slack_signing_secret: str | None = Field(None, validation_alias="SLACK_SIGNING_SECRET", repr=False)
    slack_api_url: str = Field("https://slack.com/api/", validation_alias="SLACK_API_URL")
    host: str = Field("0.0.0.0", validation_alias="HOST")  # noqa: S104 - a server behind the operator's proxy or in a container
    port: int = Field(3000, ge=1, le=65535, validation_alias="PORT")
    database_url: str = Field(default_factory=default_database_url, validation_alias="DATABASE_URL", repr=False)
    key: str | None = Field(None, validation_alias="JUMPIN_KEY", repr=False)
    keep_quotes_days: int = Field(0, ge=0, le=36_500, validation_alias="JUMPIN_KEEP_QUOTES_DAYS")
    keep_findings_days: int = Field(0, ge=0, le=36_500, validation_alias="JUMPIN_KEEP_FINDINGS_DAYS")
    keep_after_removal_days: int = Field(30, ge=0, le=36_500, validation_alias="JUMPIN_KEEP_AFTER_REMOVAL_DAYS")
    timezone: str = Field("America/New_York", validation_alias="JUMPIN_TIMEZONE")
    clock: Switch = Field("on", validation_alias="JUMPIN_CLOCK")
    daily_hour: int = Field(9, ge=0, le=23, validation_alias="JUMPIN_DAILY_HOUR")
    quarter_end_days: int = Field(5, ge=0, le=30, validation_alias="JUMPIN_QUARTER_END_DAYS")
    nudges_off: str = Field("", validation_alias="JUMPIN_NUDGES_OFF")
    gap_days: int = Field(2, ge=1, le=20, validation_alias="JUMPIN_GAP_DAYS")
    gap_percent: int = Field(30, ge=11, le=100, validation_alias="JUMPIN_GAP_PERCENT")
    nudge_gaps: str = Field("", validation_alias="JUMPIN_NUDGE_GAPS")
    volumes_secret: str | None = Field(None, validation_alias="JUMPIN_VOLUMES_SECRET", repr=False)
    transcripts_secret: str | None = Field(None, validation_alias="JUMPIN_TRANSCRIPTS_SECRET", repr=False)
    deals_secret: str | None = Field(None, validation_alias="JUMPIN_DEALS_SECRET", repr=False)
    zoom_secret: str | None = Field(None, validation_alias="JUMPIN_ZOOM_SECRET", repr=False)
    fireflies_secret: str | None = Field(None, validation_alias="JUMPIN_FIREFLIES_SECRET", repr=False)
    volumes_url: str | None = Field(None, validation_alias="VOLUMES_URL", repr=False)
    volumes_sql: Path | None = Field(None, validation_alias="VOLUMES_SQL")
    volumes_minutes: int = Field(60, ge=5, le=1440, validation_alias="VOLUMES_MINUTES")
    volumes_seconds: float = Field(60, ge=1, le=600, validation_alias="VOLUMES_SECONDS")
    log_level: LogLevel = Field("INFO", validation_alias="JUMPIN_LOG_LEVEL")
    log_format: LogFormat = Field("console", validation_alias="JUMPIN_LOG_FORMAT")
    otel_endpoint: str | None = Field(None, validation_alias="JUMPIN_OTEL_ENDPOINT", repr=False)
    playbook: Path | None = Field(None, validation_alias="JUMPIN_PLAYBOOK")
    language: str = Field("en", validation_alias="JUMPIN_LANGUAGE")
    tone: ToneChoice = Field("plain", validation_alias="JUMPIN_TONE")
    script_length: LengthChoice = Field("long", validation_alias="JUMPIN_SCRIPT_LENGTH")
    learning: Switch = Field("on", validation_alias="JUMPIN_LEARNING")
    post_for_me: Switch = Field("off", validation_alias="JUMPIN_POST_FOR_ME")
    reader: ReaderChoice = Field("local", validation_alias="JUMPIN_READER")
    reader_url: str | None = Field(None, validation_alias="JUMPIN_READER_URL", repr=False)
    reader_model: str | None = Field(None, validation_alias="JUMPIN_READER_MODEL")
    reader_key: str | None = Field(None, validation_alias="JUMPIN_READER_KEY", repr=False)
    reader_seconds: float = Field(3.0, gt=0, le=30, validation_alias="JUMPIN_READER_SECONDS")
    reader_calls: int = Field(2_000, ge=0, validation_alias="JUMPIN_READER_CALLS")
    reader_characters: int = Field(20_000_000, ge=0, validation_alias="JUMPIN_READER_CHARACTERS")

    crm_source: Literal["hubspot", "salesforce", "file"] | None = Field(None, validation_alias="CRM_SOURCE")
    crm_key: str | None = Field(None, validation_alias="CRM_KEY", repr=False)
    crm_client_id: str | None = Field(None, validation_alias="CRM_CLIENT_ID", repr=False)
    crm_url: str | None = Field(None, validation_alias="CRM_URL")
    crm_file: Path | None = Field(None, validation_alias="CRM_FILE")
    crm_map: Path = Field(default_factory=lambda: user_data_path("jump-in") / "crm.yml", validation_alias="CRM_MAP")
    crm_minutes: float = Field(1.0, ge=0.5, le=1440, validation_alias="CRM_MINUTES")

    @property
    def mode(self) -> Mode | None:
        """Socket Mode when there is an app token, else HTTP when there is a signing secret, else None."""
        if self.slack_app_token:
            return "socket"
        return "http" if self.slack_signing_secret else None

    @property
    def slack_itself(self) -> bool:
        """Whether we talk to Slack, and not to a look-alike for trying and testing."""
        return urlsplit(self.slack_api_url).hostname == "slack.com"

    @field_validator(
        *("slack_bot_token", "slack_app_token", "slack_signing_secret", "reader_url", "reader_model", "reader_key"),
        *("crm_source", "crm_key", "crm_client_id", "crm_url", "otel_endpoint"),
        mode="before",
    )
    @classmethod
    def _no_blanks(cls, value: object) -> object:
        return value.strip() or None if isinstance(value, str) else value

    @property
    def hook_secrets(self) -> dict[str, tuple[str, ...]]:
        """The secrets of the signed hooks that are open, by the hook's name; several of one count at the same time, to change them over."""
        return _parted({"volumes": self.volumes_secret, "transcripts": self.transcripts_secret, "deals": self.deals_secret})

    @property
    def service_secrets(self) -> dict[str, tuple[str, ...]]:
        """The same for services that sign transcripts in their own way."""
        return _parted({"zoom": self.zoom_secret, "fireflies": self.fireflies_secret})

    @property
    def serves(self) -> bool:
        """Whether to listen over HTTP: in HTTP mode always, in Socket Mode when a port or the secret of a hook is set."""
        return self.mode == "http" or "port" in self.model_fields_set or bool(self.hook_secrets | self.service_secrets)

    @property
    def secrets(self) -> frozenset[str]:
        """Every secret that is set, and the database's password: what no log may hold."""
        values = [getattr(self, name) for name, field in type(self).model_fields.items() if not field.repr and name != "database_url"]
        parts = {part.strip() for value in values if isinstance(value, str) for part in value.split(",")}
        return frozenset({*parts, _password(self.database_url)} - {""})

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that words are encrypted with: the first closes, all open; none: words stay plain."""
        return tuple(one.strip() for one in (self.key or "").split(",") if one.strip())

    @field_validator("key")
    @classmethod
    def _key(cls, value: str | None) -> str | None:
        keys = [one.strip() for one in (value or "").split(",") if one.strip()]
        if not are_keys(keys):
            raise ValueError("must be a key as jumpin db key makes them; several have a comma between them")
        return value

    @field_validator("volumes_secret", "transcripts_secret", "deals_secret")
    @classmethod
    def _hook_secret(cls, value: str | None) -> str | None:
        for one in (value or "").split(","):
            if one.strip() and not _SECRET.fullmatch(one.strip()):
                raise ValueError("must be whsec_ and at least 32 characters of base64, as jumpin hooks secret makes them")
        return value

    @field_validator("zoom_secret", "fireflies_secret")
    @classmethod
    def _service_secret(cls, value: str | None) -> str | None:
        if any(len(one.strip()) < _SHORTEST for one in (value or "").split(",") if one.strip()):
            raise ValueError(f"must be the secret as the service shows it, of at least {_SHORTEST} characters")
        return value

    @field_validator("slack_bot_token")
    @classmethod
    def _bot_token(cls, value: str | None) -> str | None:
        return _starts(value, "xoxb-", "the Bot User OAuth Token from your Slack app's page OAuth & Permissions")

    @field_validator("slack_app_token")
    @classmethod
    def _app_token(cls, value: str | None) -> str | None:
        return _starts(value, "xapp-", "an App-Level Token with connections:write from your Slack app's page Basic Information")

    @field_validator("slack_api_url")
    @classmethod
    def _api_url(cls, value: str) -> str:
        if not value.startswith(("https://", "http://")) or urlsplit(value).username is not None:
            raise ValueError("must be a web address such as https://slack.com/api/, without a password")
        return value.rstrip("/") + "/"

    @field_validator("reader_url")
    @classmethod
    def _reader_url(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in ("https", "http") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("must be the base address of an OpenAI-compatible API such as http://localhost:8000/v1")
        if parts.username or parts.password:
            raise ValueError("must not hold a password: put the key into JUMPIN_READER_KEY")
        return value.rstrip("/")

    @field_validator("otel_endpoint")
    @classmethod
    def _collector(cls, value: str | None) -> str | None:
        parts = urlsplit(value or "http://none")
        if parts.scheme not in ("https", "http") or not parts.hostname or parts.query or parts.fragment or parts.username:
            raise ValueError(
                "must be an OTLP/HTTP collector's address such as http://localhost:4318; keys go into OTEL_EXPORTER_OTLP_HEADERS"
            )
        return value

    @field_validator("crm_url")
    @classmethod
    def _crm_url(cls, value: str | None) -> str | None:
        parts = urlsplit(value or "https://none")
        here = parts.hostname in ("localhost", "127.0.0.1", "::1")
        if not parts.hostname or parts.scheme not in (("https", "http") if here else ("https",)) or parts.username or parts.query:
            raise ValueError("must be the CRM's web address, such as https://carrier.my.salesforce.com")
        return value.rstrip("/") if value else None

    @field_validator("reader_key", "crm_key", "crm_client_id")
    @classmethod
    def _reader_key(cls, value: str | None) -> str | None:
        if value is not None and not (value.isascii() and value.isprintable() and " " not in value):
            raise ValueError("must be one word of plain characters")
        return value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        engine, mark, rest = value.partition("://")
        if not mark or engine not in _ENGINES:
            raise ValueError("must look like postgresql+asyncpg://user:password@host/database or sqlite+aiosqlite:///file.sqlite3")
        return f"{_ENGINES[engine]}://{rest}"

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as unknown:
            raise ValueError("must be a time zone name such as America/New_York") from unknown
        return value

    @field_validator("playbook")
    @classmethod
    def _home(cls, value: Path | None) -> Path | None:
        return value.expanduser() if value else None

    @field_validator("language")
    @classmethod
    def _language_code(cls, value: str) -> str:
        if not _LANGUAGE.fullmatch(value):
            raise ValueError("must be a language's code such as en or es")
        return value

    @field_validator("tone", "script_length", "learning", "post_for_me", "clock", mode="before")
    @classmethod
    def _small_letters(cls, value: object) -> object:
        return value.strip().lower() if isinstance(value, str) else value

    @field_validator("log_level", mode="before")
    @classmethod
    def _level(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value


def _password(address: str) -> str:
    """The password in a database's address as it stands there, which may hold what no web address may; "" where there is none."""
    authority = re.split("[/?#]", address.partition("://")[2], maxsplit=1)[0]
    return authority.rpartition("@")[0].partition(":")[2]


def _parted(given: dict[str, str | None]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(one.strip() for one in value.split(",") if one.strip()) for name, value in given.items() if value}


def _starts(value: str | None, prefix: str, what: str) -> str | None:
    if value is not None and not value.startswith(prefix):
        raise ValueError(f"must start with {prefix}: it is {what}")
    return value
