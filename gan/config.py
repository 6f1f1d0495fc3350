"""RunConfig: every setting a training run depends on, and the one format it is shared in."""

import difflib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Self

from gan import data, nets
from gan.settings import Choice, Classes, Number, Switch, Whole


def setting(default: Any, kind: Any) -> Any:
    """A dataclass field with the kind that checks its values."""
    return field(default=default, metadata={"kind": kind})


@dataclass(frozen=True, kw_only=True)
class RunConfig:
    """One experiment. Equal configs on the same machine give the same pictures.

    Values may be given as text ("5e-4"); they are checked and converted here and nowhere else.
    A bad one raises ValueError with a sentence that names the field, the value and what is allowed.
    """

    data: str = setting("digits", Choice(data.names))
    classes: tuple[int, ...] = setting((), Classes())  # which classes to show; empty = all
    architecture: str = setting("dcgan", Choice(nets.names))
    latent_size: int = setting(32, Whole(1, 1024))  # numbers in one noise vector
    learning_rate: float = setting(2e-3, Number(1e-7, 1.0))  # of G, and of D unless the next one is set
    d_learning_rate: float | None = setting(None, Number(1e-7, 1.0, optional=True))  # None = same as G's
    batch_size: int = setting(8, Whole(2, 1024))  # pictures a step
    epochs: int = setting(60, Whole(1, 100_000))  # passes over the pictures
    optimizer: str = setting("adam", Choice(lambda: ("adam", "rmsprop", "sgd")))
    beta1: float = setting(0.0, Number(0.0, 0.999))  # Adam's memory of the slope; SGD's momentum
    beta2: float = setting(0.99, Number(0.0, 0.99999))  # Adam's and RMSprop's memory of the squared slope
    d_steps: int = setting(1, Whole(1, 10))  # D steps for each G step
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
        known = len(data.get(self.data).class_names)
        if any(number >= known for number in self.classes):
            raise ValueError(f"classes cannot be {self.classes!r}: {self.data} has the classes 0 to {known - 1}.")

    @property
    def generator_learning_rate(self) -> float:
        return self.learning_rate

    @property
    def discriminator_learning_rate(self) -> float:
        return self.learning_rate if self.d_learning_rate is None else self.d_learning_rate

    def but(self, /, **changes: Any) -> Self:
        """The same config with some settings changed, checked again."""
        check_names(changes)
        return replace(self, **changes)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values: what goes into a link, a file and a checkpoint."""
        return asdict(self) | {"classes": list(self.classes)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Read `to_dict`'s form; a missing setting takes its default, an unknown one is refused."""
        check_names(values)
        return cls(**values)


def check_names(values: Mapping[str, Any]) -> None:
    """Refuse settings that do not exist, with the nearest one that does."""
    known = [item.name for item in fields(RunConfig)]
    for name in values:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f"Did you mean {close[0]}?" if close else "The settings are: " + ", ".join(known) + "."
            raise ValueError(f"There is no setting called {name!r}. {hint}")


def kind_of(name: str) -> Any:
    """The kind (Whole, Number, ...) that checks the setting `name`."""
    return RunConfig.__dataclass_fields__[name].metadata["kind"]
