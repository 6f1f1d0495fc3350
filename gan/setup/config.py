"""RunConfig: every setting a training run depends on, and the one format it is shared in."""

import difflib
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Self

from gan import data, families
from gan.data import most_classes, tasks
from gan.data.shares import shares
from gan.messages import Message, Refusal, message_of
from gan.parts import losses, nets, stabilisers
from gan.setup.clashes import clashes, no_such_option
from gan.setup.kinds import (
    Amounts,
    Choice,
    Classes,
    Drawing,
    Number,
    Options,
    PictureSet,
    Strengths,
    Switch,
    Whole,
    named,
    part,
)  # fmt: skip

STEERABLE = {  # what may change between two steps of a run
    "learning_rate", "d_learning_rate", "learners", "d_steps", "g_steps", "label_smoothing", "stabilisers", "epochs",
    "batch_parts",
}  # fmt: skip

LEAST_IN_A_PART = 2  # pictures: what compares the pictures of a batch has nothing to compare with one

NETWORKS = {"family", "architecture", "options", "latent_size", "picture_size"}  # what the networks are built of


def setting(default: Any, kind: Any) -> Any:
    """A dataclass field with the kind that checks its values."""
    return field(default=default, metadata={"kind": kind})


@dataclass(frozen=True, kw_only=True)
class RunConfig:
    """One experiment. Equal configs on the same machine give the same pictures.

    Values may be given as text ("5e-4"); they are checked and converted here and nowhere else.
    A bad one raises ValueError with a sentence that names the field, the value and what is allowed.
    """

    data: str = setting("digits", PictureSet(data.names))
    classes: tuple[int, ...] = setting((), Classes(most_classes))  # which classes to show; empty = all
    pictures: int = setting(0, Whole(0, 100_000))  # how many to learn from; 0 = all there are
    drawing: str = setting("", Drawing())  # what the dots of "dots_drawn" lie along
    picture_size: str = setting("own", Choice(lambda: ("own", "28", "32", "64")))  # pixels, both ways
    family: str = setting("gan", Choice(families.names))  # what kind of thing learns to draw
    task: str = setting("outline", Choice(lambda: tasks.NAMES))  # what a translator is taught
    architecture: str = setting("dcgan", Choice(nets.names))
    options: Mapping[str, Any] = setting(Amounts(), Options())  # of the architecture; missing = its default
    loss: str = setting("non_saturating", Choice(losses.names))
    stabilisers: Mapping[str, float] = (
        setting(  # with their strengths; missing = off, or as loss or architecture bring it
            Amounts(), Strengths(stabilisers.names, lambda name: stabilisers.facts(name)["STRENGTH"])
        )
    )
    latent_size: int = setting(32, Whole(1, 1024))  # numbers in one noise vector
    noise: str = setting("normal", Choice(lambda: ("normal", "uniform")))  # where these numbers come from
    learning_rate: float = setting(2e-3, Number(1e-7, 1.0))  # of G, and of D unless the next one is set
    d_learning_rate: float | None = setting(None, Number(1e-7, 1.0, optional=True))  # None = same as G's
    learning_rate_decay: float = setting(0.0, Number(0.0, 1.0))  # share of both rates that is gone at the end
    batch_size: int = setting(8, Whole(2, 1024))  # pictures a step
    batch_parts: int = setting(1, Whole(1, 64))  # that a batch is worked through in, one at a time; one step for all
    epochs: int = setting(60, Whole(1, 100_000))  # passes over the pictures
    optimizer: str = setting("adam", Choice(lambda: ("adam", "rmsprop", "sgd")))
    beta1: float = setting(0.0, Number(0.0, 0.999))  # Adam's memory of the slope; SGD's momentum
    beta2: float = setting(0.99, Number(0.0, 0.99999))  # Adam's and RMSprop's memory of the squared slope
    learners: str = setting(
        "both", Choice(lambda: ("both", "generator", "discriminator"))
    )  # the other one stands still
    d_steps: int = setting(1, Whole(1, 5))  # D steps before G has its turn
    g_steps: int = setting(1, Whole(1, 5))  # G steps in a turn
    label_smoothing: float = setting(0.0, Number(0.0, 0.5))  # real pictures are labelled 1 minus this
    ema: float = setting(0.99, Number(0.0, 0.9999))  # decay of the averaged generator; 0 = no average
    fresh_fakes: bool = setting(False, Switch())  # G learns from a new batch of fakes, not from D's
    pixel_range: str = setting("-1..1", Choice(lambda: ("-1..1", "0..1")))  # how D is shown real pictures
    drop_last: bool = setting(True, Switch())  # leave out an epoch's last, short batch
    seed: int = setting(1, Whole(0, 2**31 - 1))
    device: str = setting("auto", Choice(lambda: ("auto", "cpu", "cuda", "mps")))

    def __post_init__(self) -> None:
        for item in fields(self):
            checked = item.metadata["kind"].read(item.name, getattr(self, item.name))
            object.__setattr__(self, item.name, checked)
        if any(number >= self.class_count for number in self.classes):
            raise Refusal(
                "config.no_such_class", "{classes} cannot be {numbers!r}: {data} has the classes 0 to {last}.",
                classes=named("classes"), numbers=self.classes, data=self.data, last=self.class_count - 1,
            )  # fmt: skip
        object.__setattr__(self, "options", self._checked_options())
        object.__setattr__(self, "stabilisers", self._needed_strengths())
        for message in clashes(self):
            raise Refusal(message)
        if self.batch_parts > most_parts(self.batch_size):
            raise too_many_parts(self)
        if (count := self.lesson_size) is not None and count < self.batch_size:
            raise too_few(self, count)

    def _checked_options(self) -> Amounts:
        """The options that differ from the architecture's defaults."""
        specs = self.known_options
        found = {}
        for name, value in self.options.items():
            if name not in specs:
                raise no_such_option(self, name)
            checked = Options.kind(specs[name]).read(part("options", name), value)
            if checked != specs[name][0]:
                found[name] = checked
        return Amounts(found)

    def _needed_strengths(self) -> Amounts:
        """The strengths that differ from what the loss and the architecture bring along."""
        own = self._own_strengths
        return Amounts({name: value for name, value in self.stabilisers.items() if value != own.get(name, 0)})

    def option(self, name: str, otherwise: Any = None) -> Any:
        """The value of one of the options of the architecture or of the family, or `otherwise`, if that is given, where
        they have no such option.
        """
        known = self.known_options if otherwise is None else {name: (otherwise,)} | self.known_options
        return self.options.get(name, known[name][0])

    @property
    def known_options(self) -> dict[str, tuple]:
        """The settings that only this architecture has, and those that only this family has."""
        return known_options(self.family, self.architecture)

    @property
    def noise_size(self) -> int:
        """Numbers that a picture is made of: as many as "latent_size" says, or in some families as it has pixels."""
        if families.facts(self.family).get("NOISE", "latent") != "latent":
            return math.prod(data.shape_of(self.data, self.picture_size))
        return self.latent_size

    @property
    def strengths(self) -> dict[str, float]:
        """Every stabiliser at work, with its strength: the loss's and the architecture's own, and the added ones."""
        if not families.judges(self.family):
            return {}
        together = self._own_strengths | self.stabilisers
        return {name: value for name, value in together.items() if value}

    @property
    def _own_strengths(self) -> dict[str, float]:
        """What the loss and the architecture bring along."""
        return nets.own_stabilisers(self.architecture) | losses.own_stabilisers(self.loss)

    @property
    def class_count(self) -> int:
        """Classes that the picture set has, chosen or not."""
        return len(data.get(self.data).class_names)

    @property
    def picture_count(self) -> int | None:
        """Pictures to learn from; None where nobody knows before the set is opened."""
        pictures = data.get(self.data)
        count = pictures.count_of(self.classes)
        return None if count is None else shares(count, self.pictures, pictures.is_a_part)[0]

    @property
    def takes_pairs_apart(self) -> bool:
        """Whether one half of the pictures is to go in and the other to come out, so that nothing is told of pairs."""
        return nets.facts(self.architecture).get("HALVES_PAIRS", False) and tasks.has_pairs(self.task)

    @property
    def lesson_size(self) -> int | None:
        """Pictures that an epoch goes through: all, but where pairs are taken apart."""
        count = self.picture_count
        return count // 2 if count and self.takes_pairs_apart else count

    @property
    def part_size(self) -> int:
        """Pictures that are worked through at once: those of a batch, or of its largest part."""
        return -(-self.batch_size // self.batch_parts)

    @property
    def learned_classes(self) -> tuple[int, ...]:
        """The numbers of the classes that are learned from."""
        return self.classes or tuple(range(self.class_count))

    @property
    def discriminator_learning_rate(self) -> float:
        """D's own, or else G's."""
        return self.learning_rate if self.d_learning_rate is None else self.d_learning_rate

    def but(self, /, **changes: Any) -> Self:
        """The same config with some settings changed, checked again."""
        check_names(changes)
        changes = _with_family(changes)
        return replace(self, **(self.set_along(changes) | changes))

    def set_along(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """The settings that `but` sets along with these changes, where they choose another family or architecture."""
        found = {}
        if (family := changes.get("family", self.family)) != self.family:
            found = self._left_behind(family) | families.own_settings(family)
        if (found | {**changes}).get("architecture", self.architecture) != self.architecture:
            found = {"options": {}} | found  # the old architecture's options mean nothing to the new one
        return found

    def _left_behind(self, family: str) -> dict[str, Any]:
        """What the present family brought along or the new one ignores, as it is by default."""
        names = {*families.own_settings(self.family), *families.ignored(family)}
        return {name: RunConfig.__dataclass_fields__[name].default for name in names}

    def varied(self, values: Mapping[str, Any]) -> Self:
        """As `but`, of settings and of options by their own names, such as "beta"."""
        own = {name: value for name, value in values.items() if name in self.known_options}
        others = {name: value for name, value in values.items() if name not in own}
        return self.but(**others, **({"options": {**self.options, **own}} if own else {}))

    def value_of(self, name: str) -> Any:
        """A setting's value in `to_dict`'s form, or an option's by its own name."""
        return self.option(name) if name in self.known_options else self.to_dict()[name]

    def steered(self, /, **changes: Any) -> Self:
        """The config of a run that goes on with some settings changed.

        Raises ValueError for a setting that makes the networks or the pictures what they are.
        """
        after = self.but(**changes)
        for name in after.changes_from(self):
            if name not in STEERABLE and not (name == "options" and after.has_built_options_of(self)):
                raise Refusal(
                    "config.fixed", "{name} cannot change while a run goes on: only a new run can have another one.",
                    name=named(name),
                )  # fmt: skip
        for name in self._other_parts(after):
            raise Refusal(
                "config.built_in", "{name:name} cannot change while a run goes on: it is a part of the discriminator.",
                name=stabilisers.title(name),
            )  # fmt: skip
        return after

    def after(self, changes: Iterable[Mapping[str, Any]]) -> Self:
        """The config that a run has which began with this one, after it was steered by each of `changes` in turn."""
        config = self
        for settings in changes:
            config = config.steered(**settings)
        return config

    def _other_parts(self, other: Self) -> list[str]:
        """The stabilisers inside the discriminator that one of the two configs has and the other has not."""
        differ = [name for name in stabilisers.names() if self.strengths.get(name) != other.strengths.get(name)]
        return [name for name in differ if stabilisers.facts(name).get("BUILT_IN", False)]

    def has_networks_of(self, other: Self) -> bool:
        """Whether a run of this config can go on with the networks of the other."""
        changed = NETWORKS & self.changes_from(other).keys()
        if self.has_built_options_of(other):
            changed -= {"options"}
        return not (changed or self._other_parts(other))

    def has_built_options_of(self, other: Self) -> bool:
        """Whether the two differ in no option, but for those that may change while a run goes on."""
        live = families.live(self.family)
        mine, theirs = (
            {name: value for name, value in config.options.items() if name not in live} for config in (self, other)
        )
        return mine == theirs

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values: what goes into a link, a file and a checkpoint."""
        plain = {"classes": list(self.classes), "options": dict(self.options), "stabilisers": dict(self.stabilisers)}
        return asdict(self) | plain

    def changes_from(self, base: Self) -> dict[str, Any]:
        """The settings in which this config differs from `base`, in `to_dict`'s form."""
        theirs = base.to_dict()
        return {name: value for name, value in self.to_dict().items() if value != theirs[name]}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Read `to_dict`'s form; a missing setting takes its default, an unknown one is refused."""
        check_names(values)
        values = _with_family(values)
        return cls(**families.own_settings(values.get("family", "gan")) | values)


def known_options(family: str, architecture: str) -> dict[str, tuple]:
    """The settings that only an architecture has, and those that only its family has."""
    return nets.options(architecture) | families.options(family)


def _with_family(values: Mapping[str, Any]) -> dict[str, Any]:
    """Settings with the family of the architecture that they name, unless they name one."""
    if (architecture := values.get("architecture")) in nets.names():
        return {"family": nets.family_of(architecture)} | dict(values)
    return dict(values)


def too_few(config: RunConfig, count: int) -> Refusal:
    """Why a config cannot learn from `count` pictures, which are fewer than it wants for one step."""
    least = kind_of("batch_size").low
    if count < least:
        return Refusal(
            "config.too_few_pictures", "{pictures} cannot be {number}: a step learns from at least {least}.",
            pictures=named("pictures"), number=count, least=least,
        )  # fmt: skip
    return Refusal(
        "config.too_large_batch",
        "{batch_size} cannot be {size}: it must be at most {count:,}, the number of pictures to learn from.",
        batch_size=named("batch_size"), size=config.batch_size, count=count,
    )  # fmt: skip


def most_parts(batch_size: int) -> int:
    """In how many parts such a batch can be learned from at most."""
    return max(1, min(kind_of("batch_parts").high, batch_size // LEAST_IN_A_PART))


def too_many_parts(config: RunConfig) -> Refusal:
    """Why a config's batches cannot be learned from in so many parts."""
    return Refusal(
        "config.too_many_parts",
        "{batch_parts} cannot be {parts}: it must be at most {most}, so that each part of a batch of {size:,} holds "
        "{least} pictures or more. Choose fewer parts, or a larger {batch_size}.",
        batch_parts=named("batch_parts"), parts=config.batch_parts, most=most_parts(config.batch_size),
        size=config.batch_size, least=LEAST_IN_A_PART, batch_size=named("batch_size"),
    )  # fmt: skip


def check_names(values: Mapping[str, Any]) -> None:
    """Refuse settings that do not exist, with the nearest one that does."""
    known = [item.name for item in fields(RunConfig)]
    for name in values:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            if close:
                raise Refusal(
                    "config.unknown_near", "There is no setting called {name!r}. Did you mean {close}?",
                    name=name, close=close[0],
                )  # fmt: skip
            raise Refusal(
                "config.unknown", "There is no setting called {name!r}. The settings are: {known:list}.",
                name=name, known=tuple(known),
            )  # fmt: skip


def comes_along(config: RunConfig, changes: Mapping[str, Any], recipe: RunConfig | None = None) -> dict[str, Any]:
    """The settings that come along when `changes` choose another loss: its paper's, but for those in `changes`.

    What the loss before had brought, and nobody has changed since, goes back to the `recipe`'s. A config that is
    written out is never touched: this is for who asks for a loss by name.
    """
    loss = changes.get("loss", config.loss)
    if loss == config.loss:
        return {}
    before = losses.own_settings(config.loss) if recipe else {}
    left = {name: getattr(recipe, name) for name, value in before.items() if getattr(config, name) == value}
    found = left | losses.own_settings(loss)
    return {name: value for name, value in found.items() if name not in changes and getattr(config, name) != value}


def adapt(config: RunConfig, **changes: Any) -> tuple[RunConfig, tuple[Message, ...]]:
    """The config with some settings changed, without the extras that do not go with them, and why each had to go.

    Raises ValueError where the changes do not go with what is no extra, such as the architecture.
    """
    after, dropped = config.but(**changes, stabilisers={}, label_smoothing=0.0), []

    def keep(**extra: Any) -> None:
        nonlocal after
        try:
            after = after.but(**extra)
        except ValueError as error:
            dropped.append(message_of(error))

    for name, value in config.stabilisers.items():
        keep(stabilisers={**after.stabilisers, name: value})
    keep(label_smoothing=config.label_smoothing)
    return after, tuple(dropped)


def kind_of(name: str) -> Any:
    """The kind (Whole, Number, ...) that checks the setting `name`."""
    return RunConfig.__dataclass_fields__[name].metadata["kind"]
