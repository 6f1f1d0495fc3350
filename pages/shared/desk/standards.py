"""Standards that a plan serves: what each asks for, in plain words, behind its number.

AI4K12's chart of big ideas 3 and 5, and the CSTA's standards of 2017 for ages 11 to 14.
"""

import streamlit as st

from gan.messages import Message, msg, verbatim
from pages.shared.words import say

MEANING: dict[str, Message] = {
    "AI4K12 3-A-i": msg("standard.people_and_machines", "how machines learn otherwise than people do"),
    "AI4K12 3-A-ii": msg("standard.patterns", "how patterns are found in data"),
    "AI4K12 3-A-iii": msg("standard.training", "training a model and testing it"),
    "AI4K12 5-A-i": msg("standard.helps_and_harms", "one technology helps some people and harms others"),
    "CSTA 2-DA-08": msg("standard.collect_data", "collecting data and making it useful"),
    "CSTA 2-DA-09": msg("standard.refine_models", "improving a model by what it has produced"),
    "CSTA 2-IC-20": msg("standard.trade_offs", "weighing what technology gives and what it takes"),
    "CSTA 2-IC-21": msg("standard.bias", "bias, and who is left out"),
}


def show(tags: str) -> None:
    """What a plan serves; a tag that is not known here stands for itself."""
    known = [tag.strip() for tag in tags.split(",") if tag.strip()]
    if not known:
        return
    which = say("standard.which", "Standards that this plan serves")
    with st.popover(which, type="tertiary", icon=":material/fact_check:"):
        st.caption(
            say("standard.who", "AI4K12 and CSTA say in the USA what pupils should learn about AI and computing.")
        )
        told = (msg("standard.one", "{what} ({number})", what=MEANING[tag], number=tag) if tag in MEANING
            else verbatim(tag) for tag in known)  # fmt: skip
        st.markdown("\n".join(f"- {say(each)}" for each in told))
