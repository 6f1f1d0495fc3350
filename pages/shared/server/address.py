"""Where this server can be reached: from this computer, from the local network, and from outside as it was told."""

import socket
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

import streamlit as st

from pages.shared.server import gaps
from pages.shared.server.who import is_this_computer

USUAL = {"http": 80, "https": 443}  # ports
# Where the operating system would send something; nothing is sent. The first is in a network that is kept for
# examples; the second, a group in the local network, has a way where there is no way to the internet.
SOMEWHERE = ("203.0.113.1", "224.0.0.251")


def link(query: Mapping[str, str]) -> str:
    """The address of this tab's page with other settings, such that others can open it if there is any way."""
    here = urlsplit(st.context.url or f"{own()}/train")
    folder, _, page = here.path.rpartition("/")
    base = f"{here.scheme}://{here.netloc}{folder}"
    if is_this_computer(here.hostname or "localhost"):  # otherwise this tab came by an address that others know too
        base = public() or in_local_network(here.scheme, here.port, folder) or base
    return with_query(f"{base}/{page}", query)


def with_query(page: str, query: Mapping[str, str]) -> str:
    """A page's address with a query such as links of this app have."""
    return f"{page}?{urlencode(query, safe=',=')}"


def is_for_others(link: str) -> bool:
    """Whether another computer could open this link."""
    return not is_this_computer(urlsplit(link).hostname or "")


def own() -> str:
    """The server for a browser on this computer, without a slash at its end."""
    return _address(_scheme(), "localhost", st.get_option("server.port"), base())


def public() -> str | None:
    """The server as it was told that it is known outside: `browser.serverAddress`, `browser.serverPort` and
    `server.baseUrlPath`; None if it was not told.
    """
    host, _, path = gaps.outside().partition("/")
    if not host:
        return None
    name = urlsplit(f"//{host}")
    port = name.port or st.get_option("browser.serverPort")
    return _address(_scheme(port), name.hostname, port, f"/{path}" if path else base())


def in_local_network(scheme: str, port: int | None, folder: str) -> str | None:
    """The server for other computers in the local network; None where they are not answered, or there is none."""
    if is_this_computer(st.get_option("server.address") or ""):
        return None
    host = local_network()
    return _address(scheme, host, port, folder) if host else None


def for_others() -> str | None:
    """The server for other computers, without a slash at its end; None if it is there for this one alone."""
    return public() or in_local_network(_scheme(), st.get_option("server.port"), base())


def _scheme(port: int | None = None) -> str:
    return "https" if st.get_option("server.sslCertFile") or port == 443 else "http"


def base() -> str:
    """The folder of the server's in which the app lies, such as "/gan"; "" for none."""
    folder = st.get_option("server.baseUrlPath").strip("/")
    return f"/{folder}" if folder else ""


def _address(scheme: str, host: str, port: int | None, folder: str) -> str:
    place = f"[{host}]" if ":" in host else host
    return f"{scheme}://{place}{'' if port in (None, USUAL[scheme]) else f':{port}'}{folder}"


def local_network() -> str | None:
    """This computer's address in the local network; None without one. Sends nothing."""
    for target in SOMEWHERE:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect((target, 9))
            except OSError:
                continue
            address = probe.getsockname()[0]
        if not is_this_computer(address):
            return address
    return None
