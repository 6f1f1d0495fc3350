"""Single sign-on: a proxy that has asked who comes says so in a header, and nobody else is let in. Off, unless both
variables are set.

| variable | what it is |
|---|---|
| `GAN_STUDIO_USER_HEADER` | the header in which the proxy names who comes, such as `X-Forwarded-User` |
| `GAN_STUDIO_PROXIES` | the addresses or networks of proxies whose word counts: `10.0.3.7, 10.8.0.0/16` |

A name is only told from others: what is remembered of it is a fingerprint that is made with the server's key. A teacher
is who has the key, as ever. Devices in a room and those who watch the server need no name here: whether they have to
sign in is the proxy's to say.
"""

import hashlib
import hmac
import ipaddress
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from gan.messages import Message, msg
from gan.setup import kinds
from gan.setup.kinds import refuse
from pages.shared.server import who
from pages.shared.server.address import base

HEADER, PROXIES = "GAN_STUDIO_USER_HEADER", "GAN_STUDIO_PROXIES"
FREE = ("room", "healthz", "metrics", "_stcore/health")
REFUSED = msg("sign_on.refused", "Nobody has signed in here. Open this page by the address that your school gave you.")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class SignOn:
    """Whose word counts, and where it stands."""

    header: str  # in lower case
    proxies: tuple[Network, ...]

    def lets_in(self, scope: Mapping) -> bool:
        """Whether a connection is somebody's, or needs to be nobody's."""
        path = scope["path"].removeprefix(f"{base()}/")
        return any(path == free or path.startswith(f"{free}/") for free in FREE) or bool(self._name(scope))

    def visitor(self, scope: Mapping, key: str) -> str:
        """Under which name the runs of who comes are listed, and places are shared out."""
        mark = hmac.new(key.encode(), self._name(scope).encode("latin-1"), hashlib.sha256).hexdigest()
        return f"person {mark[:12]}"

    def _name(self, scope: Mapping) -> str:
        """As the proxy said it; "" where nobody's word counts."""
        with suppress(ValueError):
            address = ipaddress.ip_address(who.plain_address((scope.get("client") or ("",))[0]))
            said = [value for name, value in scope["headers"] if name.lower() == self.header.encode()]
            if len(said) == 1 and any(address in network for network in self.proxies):
                return said[0].decode("latin-1").strip()
        return ""


def read(environment: Mapping[str, str] = os.environ) -> SignOn | None:
    """What the environment asks for; None where it asks for nothing. Where it asks in a way that means nothing, nobody
    is let in, and `complaints` says why.
    """
    if not environment.get(HEADER) and not environment.get(PROXIES):
        return None
    try:
        return SignOn(_header(environment), _proxies(environment))
    except ValueError:
        return SignOn("", ())


def complaints(environment: Mapping[str, str] = os.environ) -> list[Message]:
    """What is wrong with what the environment asks for."""
    return [] if read(environment) is None else kinds.complaints(environment, _header, _proxies)


def _header(environment: Mapping[str, str]) -> str:
    value = environment.get(HEADER, "").strip()
    if not re.fullmatch(r"[A-Za-z0-9-]+", value):
        raise refuse(HEADER, value, msg("sign_on.header", "the name of a header, such as X-Forwarded-User"))
    return value.lower()


def _proxies(environment: Mapping[str, str]) -> tuple[Network, ...]:
    value = environment.get(PROXIES, "")
    try:
        return tuple(ipaddress.ip_network(each.strip()) for each in value.split(","))
    except ValueError as error:
        allowed = msg("sign_on.proxies", "addresses or networks with commas between them: 10.0.3.7, 10.8.0.0/16")
        raise refuse(PROXIES, value, allowed) from error
