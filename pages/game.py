"""Class against machine: everybody says which pictures are real, and so does the detective."""

from pages.shared.room import solo, view

if room := view.current():
    view.show(room)
elif game := solo.current():
    solo.show(game)
else:
    view.offer()
