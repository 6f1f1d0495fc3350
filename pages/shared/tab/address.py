"""Where this server can be reached: from the local network, or from this computer alone."""

import ipaddress
import socket
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

import streamlit as st

# Where the operating system would send something; nothing is sent. The first is in a network that is kept for
# examples; the second, a group in the local network, has a way where there is no way to the internet.
SOMEWHERE = ("203.0.113.1", "224.0.0.251")


def link(query: Mapping[str, str]) -> str:
    """The address of this page with other settings, such that others can open it if there is any way."""
    here = urlsplit(st.context.url or f"http://localhost:{st.get_option('server.port')}/train")
    host = here.hostname or "localhost"
    if is_this_computer(host):
        host = local_network() or host
    place = f"[{host}]" if ":" in host else host
    port = f":{here.port}" if here.port else ""
    return f"{here.scheme}://{place}{port}{here.path}?{urlencode(query, safe=',=')}"


def is_for_others(link: str) -> bool:
    """Whether another computer could open this link."""
    answers_others = not is_this_computer(st.get_option("server.address") or "")
    return answers_others and not is_this_computer(urlsplit(link).hostname or "")


def is_this_computer(host: str) -> bool:
    """Whether a host's name means the computer that says it."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)  # a server that hears both kinds says ::ffff:127.0.0.1
    return (mapped or address).is_loopback


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
