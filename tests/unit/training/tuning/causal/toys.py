"""A small dataset that any language model can learn, and what watches it learn."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from sortyard.data.dataset import Dataset
from sortyard.domain.examples import Example
from sortyard.domain.messages import Message
from sortyard.domain.ports import Advance, Silence
from sortyard.domain.taxonomy import Dimension, Label
from sortyard.training.causal_rows import causal_material
from sortyard.training.tuning.causal.options import CausalTuning
from sortyard.training.tuning.causal.tuner import (
    CausalOrder,
    TunedLanguageModel,
    tune_language_model,
)

SAID = {"access": "log", "billing": "invoice", "delivery": "parcel"}  # what gives a team away
AROUND = (
    *("again", "and", "before", "day", "every", "from", "gone", "last"),
    *("more", "never", "once", "over", "quite", "since", "this"),
)
TEAMS = Dimension(
    name="team",
    labels=tuple(Label(name=team, definition=f"About {team}.") for team in SAID),
)
ENOUGH = CausalTuning(
    rank=8, alpha=16, dropout=0.0, epochs=30.0, rate=1e-2, batch=8, most_label_tokens=0
)
SHORT = CausalTuning(rank=4, alpha=8, dropout=0.1, epochs=1.5, rate=1e-2, batch=8, at_once=3)


def tickets(count: int) -> Dataset:
    """Tickets of three teams, in turn; no two are alike."""
    random = Random(4)
    examples = []
    for number in range(count):
        team = sorted(SAID)[number % 3]
        words = [*random.sample(AROUND, 4), SAID[team]]
        message = Message(id=f"t-{number}", text=" ".join(words))
        examples.append(Example(message, {"team": (team,)}))
    return Dataset(examples=tuple(examples), dimensions=("team",))


def tuned(  # noqa: PLR0913 -- what a tuning rests on, by name
    base: Path,
    out: Path,
    options: CausalTuning,
    *,
    rows: int = 90,
    seed: int = 1,
    progress: Silence | None = None,
) -> TunedLanguageModel:
    material = causal_material(tickets(rows), TEAMS, seed=seed)
    order = CausalOrder(material=material, base=base, options=options, seed=seed)
    return tune_language_model(order, out, progress=progress or Silence(), threads=1)


class Breaking(Silence):
    """Breaks off after some steps, as a kill would."""

    class Broken(Exception):
        """Not an error that anybody catches."""

    def __init__(self, after: int) -> None:
        self.left = after

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Advance]:  # noqa: ARG002 -- the port names them
        yield self._advance

    def _advance(self, steps: int) -> None:
        self.left -= steps
        if not self.left:
            raise self.Broken
