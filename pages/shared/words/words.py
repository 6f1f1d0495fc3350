"""What is still to be said in messages."""

LOST_RUN = "The run in this link is not on this computer any more. Start a new one."
ONLY_HERE = "Only this computer can open these links: others cannot reach it over the network."
THIS_RUN, THESE_SETTINGS = "Watch this run", "These settings"
SHARED = {
    THIS_RUN: "Others see it live. They cannot stop or change it.",
    THESE_SETTINGS: "Others find the same settings, ready to start.",
}
