"""What is said of the link to a race or a sweep."""

from gan.runs import Kind

THIS = {Kind.RACE: "Watch this race", Kind.SWEEP: "Watch this sweep"}
SHARED = dict.fromkeys(THIS.values(), "Others see it live. From another computer they cannot stop or change it.")
