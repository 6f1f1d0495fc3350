"""Tickets open for a while, and no others do."""

from gan.desk.tickets import SECONDS, Tickets


def test_a_ticket_opens_for_ten_minutes():
    now = [0.0]
    tickets = Tickets(lambda: now[0])
    first = tickets.make()
    now[0] = SECONDS / 2
    second = tickets.make()
    assert tickets.holds(first) and tickets.holds(second) and not tickets.holds("") and not tickets.holds(first[:-1])
    now[0] = SECONDS
    assert not tickets.holds(first) and tickets.holds(second)
    assert len(tickets._until) == 1  # old ones are forgotten
