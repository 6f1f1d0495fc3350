"""The teacher's desk: its PIN, what visitors may do, the clock of a lesson plan, and the end of a class.

Kept in memory, gone with the server; any thread may ask.
"""

from gan.desk.desk import Desk
from gan.desk.ending import Ending, begin_anew, stop_everything, what_would_go
from gan.desk.pin import Pin, Wrong
from gan.desk.rules import Rules

__all__ = ["Desk", "Ending", "Pin", "Rules", "Wrong", "begin_anew", "stop_everything", "what_would_go"]
