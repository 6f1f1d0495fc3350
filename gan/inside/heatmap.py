"""What made a picture look real or fake, pixel by pixel, in two ways."""

from gan.inside import GRADIENT
from gan.inside.judging import as_input, as_picture, blank, judge, score_of
from gan.inside.moment import Moment
from gan.inside.seen import Heat, Subject
from gan.look.attribution import integrated_gradients, occlusion

PATCHES = 7  # squares beside each other that cover a side


def heat(moment: Moment, subject: Subject, method: str) -> Heat:
    """The map of `method`, one of METHODS, for a picture."""
    score, picture, nothing = score_of(moment, subject), as_input(moment, subject.picture)[0], blank(moment)
    if method == GRADIENT:
        found = integrated_gradients(score, picture, nothing).sum(0)
    else:
        patch = max(2, moment.shape[1] // PATCHES)
        found = occlusion(score, picture, nothing, patch, max(1, patch // 2))
    empty = Subject(as_picture(moment, nothing), subject.is_real, subject.label)
    return Heat(found.float().cpu().numpy(), judge(moment, subject), judge(moment, empty))
