"""The light-tables of a server: how many there may be, and which one makes room."""

import pytest

from gan.data import own
from gan.messages import Refusal
from gan.rooms import Tables
from gan.rooms.table import MOST_TABLES
from tests.brought import FOUND


def test_an_empty_table_that_nobody_has_touched_for_longest_makes_room():
    now = [0.0]
    tables = Tables(lambda: now[0])
    opened = []
    for _ in range(MOST_TABLES):
        now[0] += 1
        opened.append(tables.open())
    for table in opened[3:]:
        table.add([FOUND])
    opened[0].add([FOUND])
    opened[1].kinds()  # somebody looks at it
    new = tables.open()
    assert tables.of(opened[2].table_id) is None and len(tables.all()) == MOST_TABLES
    assert tables.of(new.table_id) is new and tables.of(opened[1].table_id) is opened[1]


def test_tables_with_pictures_stay_and_no_other_is_opened():
    tables = Tables()
    for _ in range(MOST_TABLES):
        tables.open().add([FOUND])
    with pytest.raises(Refusal, match=f"There are {MOST_TABLES} light-tables already"):
        tables.open()
    assert len(tables.all()) == MOST_TABLES


def test_a_table_holds_so_many_and_no_more_however_they_come(monkeypatch):
    monkeypatch.setattr(own, "MOST_PICTURES", 10)
    table = Tables().open()
    assert table.add([FOUND] * 8) == 8 and not table.is_full
    table.remove([1, 2, 3])
    assert table.add([FOUND] * 3) == 3
    table.put_back()  # two of the three
    assert table.count == 10 and table.is_full and table.taken == 1
    assert [lying.number for lying in table.kinds()[""]] == [1, 2, *range(4, 12)]
    assert table.add([FOUND] * 5) == 0 and table.count == 10
