"""What the networks of autoencoders are made of."""

import torch
from torch import Tensor, nn

from gan.parts.blocks import Generator

MEMORY = 0.99  # of the fitted Gaussian, a step


class Encoder(nn.Sequential):
    """Layers from pictures (n, c, h, w) to the means and log variances of their codes, each (n, latent_size)."""

    def forward(self, pictures: Tensor, labels: Tensor | None = None) -> tuple[Tensor, Tensor]:
        *body, head = self
        features = pictures
        for layer in body:
            features = layer(features)
        return head(features, labels)


class Code(nn.Linear):
    """The last layer of an encoder; one that is told the class has it beside the features (n, f)."""

    def __init__(self, inputs: int, latent_size: int, class_count: int = 0) -> None:
        super().__init__(inputs + class_count, 2 * latent_size)
        self.class_count = class_count

    def forward(self, features: Tensor, labels: Tensor | None = None) -> tuple[Tensor, Tensor]:
        both = super().forward(beside(features, labels, self.class_count))
        mean, log_variance = both.chunk(2, 1)
        return mean, log_variance.clamp(-20, 20)


class Decoder(Generator):
    """A generator from codes: a `Fitted` first, which new noise passes, and a `Tanh` at the end."""

    def forward(self, noise: Tensor, labels: Tensor | None = None) -> Tensor:
        kinds = self[0].kinds(noise.shape[0], labels, noise.device)
        return self.drawn(self[0](noise, kinds), kinds).tanh()

    def drawn(self, codes: Tensor, labels: Tensor | None = None) -> Tensor:
        """What codes (n, latent_size) are drawn as, before the tanh."""
        values = beside(codes, labels, self[0].told)
        for layer in self[1:-1]:
            values = layer(values)
        return values


def fitted(config, told: int = 0) -> "Fitted":
    """The first layer of a decoder: noise passes as it is unless the family fits it and the config wants it so."""
    if config.option("draws_from", "prior") == "prior":
        return Fitted(config.latent_size, told, config.classes, is_fitted=False)
    return Fitted(config.latent_size, told, config.classes)


class Fitted(nn.Module):
    """Noise (n, latent_size) as codes. It follows where an encoder puts the pictures of each class, by running means of
    the codes and of their products; noise is then drawn from a Gaussian with that mean and covariance, or is left as it
    is. `told` is how many classes the networks are told, 0 for none.
    """

    def __init__(self, latent_size: int, told: int = 0, offered: tuple[int, ...] = (), is_fitted: bool = True) -> None:
        super().__init__()
        self.told, self.is_fitted = told, is_fitted
        kinds = max(1, told)
        self.offered = offered if told and offered else tuple(range(kinds))
        self.register_buffer("mean", torch.zeros(kinds, latent_size))
        self.register_buffer("square", torch.eye(latent_size).repeat(kinds, 1, 1))
        self.register_buffer("spread", torch.eye(latent_size).repeat(kinds, 1, 1))
        self.register_buffer("seen", torch.zeros(kinds))

    def forward(self, noise: Tensor, kinds: Tensor) -> Tensor:
        if not self.is_fitted:
            return noise
        return of_kinds(self.mean, kinds) + (of_kinds(self.spread, kinds) @ noise[:, :, None]).squeeze(2)

    @torch.no_grad()
    def settle(self) -> None:
        """Be ready to draw: work out a square root of the covariance by now, unless the numbers blew up."""
        covariance = (self.square - self.mean[:, :, None] * self.mean[:, None]).cpu().double()
        if not covariance.isfinite().all():
            return  # whoever trains it says so; eigh would fail with words of its own
        values, vectors = torch.linalg.eigh(covariance)
        self.spread.copy_(vectors * values.clamp(min=0).sqrt()[:, None])

    def kinds(self, count: int, labels: Tensor | None, device: torch.device) -> Tensor:
        """The classes (count,) to draw, or weights of them: when nobody asks for any, those on offer come in turn."""
        if not self.told:
            return torch.zeros(count, dtype=torch.long, device=device)
        if labels is not None:
            return labels
        offered = torch.tensor(self.offered, device=device)
        return offered.repeat(-(-count // len(offered)))[:count]

    @torch.no_grad()
    def follow(self, mean: Tensor, log_variance: Tensor, labels: Tensor | None) -> None:
        """Take in the codes of a batch."""
        kinds = self.kinds(len(mean), labels, mean.device)
        share = torch.nn.functional.one_hot(kinds, len(self.seen)).to(mean.dtype)
        counts = share.sum(0)
        products = mean[:, :, None] * mean[:, None] + torch.diag_embed(log_variance.exp())
        pull = (counts / (self.seen + counts).clamp(min=1)).clamp(min=(counts > 0) * (1 - MEMORY))
        size = counts.clamp(min=1)
        self.mean.lerp_((share.T @ mean) / size[:, None], pull[:, None])
        self.square.lerp_(torch.einsum("nk,nij->kij", share, products) / size[:, None, None], pull[:, None, None])
        self.seen += counts


def beside(values: Tensor, labels: Tensor | None, class_count: int) -> Tensor:
    """Numbers (n, f) and, beside them, a one for the class among zeros, or weights of classes: (n, f + class_count)."""
    if not class_count:
        return values
    told = labels if labels.is_floating_point() else torch.nn.functional.one_hot(labels, class_count)
    return torch.cat([values, told.to(values.dtype)], 1)


def of_kinds(numbers: Tensor, labels: Tensor) -> Tensor:
    """Of numbers (k, ...) for each class those of the classes (n,), or means of them by weights of classes (n, k)."""
    return torch.tensordot(labels, numbers, 1) if labels.is_floating_point() else numbers[labels]
