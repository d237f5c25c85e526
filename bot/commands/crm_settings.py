"""The CRM's settings: which one, with which key, and the mapping that says what of it is what."""

from __future__ import annotations

from pathlib import Path

from bot.mistake import SettingsMistake
from bot.settings import Settings
from handlers.crm.connected import Crm
from store.sources.crm.file import CrmFile
from store.sources.crm.mapping import CrmMap, MapMistake, read_map
from store.sources.crm.plain import Source
from store.sources.plain import NotReadable, decode


def crm(settings: Settings) -> Crm | None:
    """The CRM that the settings name, with its mapping; None where they name none. Raises SettingsMistake."""
    if settings.crm_source is None:
        return None
    mapping = mapping_at(settings.crm_map)
    if mapping is None:
        raise SettingsMistake(f"CRM_SOURCE is set and there is no mapping yet: run jumpin crm connect {settings.crm_source}.")
    if mapping.source != settings.crm_source:
        raise SettingsMistake(f"CRM_MAP is for {mapping.source} and CRM_SOURCE is {settings.crm_source}; run jumpin crm connect.")
    return Crm(source(settings), mapping, settings.crm_minutes)


def source(settings: Settings) -> Source:
    """The connection. Raises SettingsMistake when something for it is missing."""
    if settings.crm_source == "file":
        if settings.crm_file is None:
            raise SettingsMistake("CRM_FILE is missing: CRM_SOURCE=file needs the CSV file that your CRM writes.")
        return CrmFile(settings.crm_file)
    if settings.crm_key is None:
        raise SettingsMistake("CRM_KEY is missing: the service key of HubSpot, or the client secret of Salesforce's connected app.")
    if settings.crm_source == "hubspot":
        from store.sources.crm import hubspot  # noqa: PLC0415 - with it comes an HTTP client that a bot without such a CRM does not need

        return hubspot.HubSpot(settings.crm_key, settings.crm_url or hubspot.URL)
    if settings.crm_url is None or settings.crm_client_id is None:
        raise SettingsMistake("CRM_URL or CRM_CLIENT_ID is missing: Salesforce needs your My Domain address and the app's consumer key.")
    from store.sources.crm.salesforce import Salesforce  # noqa: PLC0415 - the same

    return Salesforce(settings.crm_url, settings.crm_client_id, settings.crm_key)


def mapping_at(path: Path) -> CrmMap | None:
    """The mapping in a file; None where there is no such file. Raises SettingsMistake with all that is wrong."""
    try:
        return read_map(decode(path.read_bytes()), path.name)
    except FileNotFoundError:
        return None
    except OSError as refused:
        raise SettingsMistake(f"CRM_MAP: {path.name} cannot be read: {refused.strerror or refused}.") from None
    except MapMistake as wrong:
        raise SettingsMistake("\n".join(wrong.lines)) from None
    except NotReadable as reason:
        raise SettingsMistake(f"CRM_MAP: {path.name} {reason}.") from None
