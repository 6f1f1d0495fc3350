"""Rooms: a class plays against the discriminator, on devices of its own. Kept in memory, gone with the lesson. So is a
light-table, on which a class sorts pictures of its own.

No names, no accounts, no addresses: a device is a random token that it made itself. Pictures are uint8 (h, w) or
(h, w, 3).
"""

from gan.rooms.devices import Refused
from gan.rooms.forging import Forged, Forging, begin_forging
from gan.rooms.room import FAKE, REAL, Phase, Question, Result, Room, Round, Standing
from gan.rooms.rooms import Rooms
from gan.rooms.rounds import can_play, draw_round
from gan.rooms.table import Table, Tables
from gan.rooms.teach import said_real, teach

__all__ = [
    "FAKE",
    "REAL",
    "Forged",
    "Forging",
    "Phase",
    "Question",
    "Refused",
    "Result",
    "Room",
    "Rooms",
    "Round",
    "Standing",
    "Table",
    "Tables",
    "begin_forging",
    "can_play",
    "draw_round",
    "said_real",
    "teach",
]
