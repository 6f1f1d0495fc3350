"""The desk: one a server."""

from collections.abc import Mapping

from gan.desk.clock import Clock
from gan.desk.pin import Pin, read_or_make
from gan.desk.rules import Rules
from gan.desk.tickets import Tickets

FROZEN, BLACK = "frozen", "black"


class Desk:
    """`told` is what the console says of its PIN, once."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        pin, self.told = read_or_make(environment)
        self.pin = Pin(pin)
        self.rules = Rules()
        self.clock = Clock()
        self.tickets = Tickets()
        self.walls: dict[str, str] = {}  # tabs on a projector whose picture stands: FROZEN or BLACK
