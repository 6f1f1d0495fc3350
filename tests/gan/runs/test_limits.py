"""What a server allows, from its environment."""

from gan.runs.state.limits import Limits


def test_reads_what_is_set_and_leaves_the_rest():
    limits, complaints = Limits.read({"GAN_STUDIO_RUNS_AT_ONCE": "3", "GAN_STUDIO_GRACE_SECONDS": "0.5", "PATH": "x"})
    assert limits == Limits(runs_at_once=3, grace_seconds=0.5) and complaints == []


def test_what_means_nothing_is_told_and_keeps_its_default():
    limits, complaints = Limits.read({"GAN_STUDIO_WAITING": "many", "GAN_STUDIO_PAST_MB": "-1"})
    assert limits == Limits()
    assert [str(each) for each in complaints] == [
        "GAN_STUDIO_WAITING cannot be 'many': it must be a whole number from 0 to 10,000.",
        "GAN_STUDIO_PAST_MB cannot be '-1': it must be a number from 0 to 100000.",
    ]
