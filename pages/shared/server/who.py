"""Who a visitor is, from what the connection itself says. Nothing here is looked up anywhere.

The teacher, whose server it is, is known by the key, or by a browser on the server's own computer. An address alone
does not show that: behind a proxy or a forwarded port everybody seems to come from there. So three things must agree:
the connection comes from this computer, no proxy has left its mark, and the browser called the server by this
computer's own address and the server's own port, which a forwarded visitor does not. (A program that invents its
headers, behind a forwarded port that the server was not told of, can still pretend to all three: hence `outside`.)
"""

import hashlib
import ipaddress
import secrets
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

KEY, VISITOR = "studio_key", "studio_visitor"  # cookies
MARKS = ("forwarded", "via", "x-forwarded", "x-real", "x-client", "x-original", "true-client", "client-ip", "cf-")
PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}
TEACHER, UNKNOWN = "teacher", "unknown"


def visitor(scope: Mapping, key: str, outside: bool) -> str:
    """TEACHER, UNKNOWN, or the name under which a visitor's runs are listed and places are shared out.

    `scope` is the connection as ASGI describes it. `outside` says that the server was told the address at which it is
    known outside: then all come by way of something else, and addresses mean nothing.
    """
    headers = told(scope)
    cookies = read_cookies(headers)
    if secrets.compare_digest(cookies.get(KEY, "").encode(), key.encode()):
        return TEACHER
    address = plain_address((scope.get("client") or ("",))[0])
    here = plain_address((scope.get("server") or ("",))[0])
    is_own = is_this_computer(address) or (bool(address) and address == here)
    if outside or _is_marked(headers) or (is_own and not _came_straight(scope, headers, here)):
        return f"browser {_short(cookies[VISITOR])}" if cookies.get(VISITOR) else UNKNOWN
    return TEACHER if is_own else address


def needs_a_name(scope: Mapping, key: str, outside: bool) -> bool:
    """Whether a visitor can only be told from others by a cookie, and has none."""
    return visitor(scope, key, outside) == UNKNOWN


def told(scope: Mapping) -> dict[str, str]:
    """The headers of a connection, by their names in lower case."""
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope.get("headers", ())}


def read_cookies(headers: Mapping[str, str]) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(headers.get("cookie", "")).items()}
    except CookieError:
        return {}


def _came_straight(scope: Mapping, headers: Mapping[str, str], here: str) -> bool:
    """Whether a browser on this computer called the server by this computer's address and the server's port."""
    host = headers.get("host", "")
    called = _split(f"//{host}")
    if not called or not (is_this_computer(called[0]) or called[0] == here):
        return False
    port = called[1] or PORTS.get(scope.get("scheme", "http"))
    if port != (scope.get("server") or ("", None))[1]:
        return False
    return "origin" not in headers or urlsplit(headers["origin"]).netloc == host


def _split(url: str) -> tuple[str, int | None] | None:
    try:
        parts = urlsplit(url)
        return plain_address(parts.hostname or ""), parts.port
    except ValueError:
        return None


def _is_marked(headers: Mapping[str, str]) -> bool:
    return any(name.startswith(MARKS) for name in headers)


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def plain_address(host: str) -> str:
    """A server that hears both kinds of addresses says ::ffff:192.168.0.7."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return str(getattr(address, "ipv4_mapped", None) or address)


def is_this_computer(host: str) -> bool:
    """Whether a host's name means the computer that says it."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(plain_address(host)).is_loopback
    except ValueError:
        return False
