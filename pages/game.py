"""Class against machine: everybody says which pictures are real, and so does the detective."""

from pages.shared.room import view

room = view.current()
if room:
    view.show(room)
else:
    view.offer()
