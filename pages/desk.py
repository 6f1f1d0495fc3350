"""The teacher's desk, behind its PIN."""

from pages.shared.desk import gate, room
from pages.shared.tab import desk

if desk.is_in():
    room.show()
else:
    gate.ask()
