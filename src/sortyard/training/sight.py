"""What is seen of the texts of an archive that is looked over and not trained on."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sortyard.domain.errors import MissingEncoder
from sortyard.domain.ports import Progress
from sortyard.models.encoders import sentence_block
from sortyard.models.ngrams import NgramOrders
from sortyard.models.wording import Wording
from sortyard.training.looks import read
from sortyard.training.recipe import Recipe
from sortyard.training.workshop import Workshop, open_workshop

MOST_READ = 20_000  # texts that the encoder reads: a minute of two cores
SAMPLE = 2_000  # of more texts, those that it reads for its student to learn from
GRAMS = 40_000  # of words and letters that are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """
    Texts as vectors and as n-grams (rows, grams).

    `vectors` are (texts, width), and `sentences` what to compare by cosine; both are None where
    there is no encoder at hand. `strength` is that of a head on the vectors, and `is_deep` tells
    whether the encoder itself read them. `judges` says so in words.
    """

    vectors: NDArray[np.float32] | None
    sentences: NDArray[np.float32] | None
    wording: sparse.csr_matrix
    strength: float
    is_deep: bool
    judges: str

    def take(self, rows: NDArray[np.intp]) -> "Sight":
        return Sight(
            vectors=None if self.vectors is None else self.vectors[rows],
            sentences=None if self.sentences is None else self.sentences[rows],
            wording=self.wording[rows],
            strength=self.strength,
            is_deep=self.is_deep,
            judges=self.judges,
        )

    def __len__(self) -> int:
        return int(self.wording.shape[0])


def look_over(  # noqa: PLR0913 -- what an encoder is found and made by
    texts: Sequence[str],
    recipe: Recipe,
    *,
    cache: Path,
    allow_download: bool,
    rng: np.random.Generator,
    progress: Progress,
) -> Sight:
    """
    Look at prepared texts with the encoder of a recipe, with its static student where there are
    many, or by their wording alone where no encoder is at hand.
    """  # noqa: D205 -- one sentence
    with progress.stage("Counting words"):
        orders = NgramOrders(words=recipe.grams_of_words)
        wording = Wording.fit(texts, orders=orders, at_most=GRAMS).transform(texts)
    try:
        with TemporaryDirectory(prefix="sortyard-") as folder:
            workshop = open_workshop(
                recipe,
                Path(folder),
                cache=cache,
                allow_download=allow_download,
                progress=progress,
            )
            if len(texts) <= MOST_READ:
                return _deep(texts, workshop, wording, recipe, progress)
            return _shallow(texts, workshop, wording, recipe, rng=rng, progress=progress)
    except MissingEncoder:
        return Sight(
            vectors=None,
            sentences=None,
            wording=wording,
            strength=0.0,
            is_deep=False,
            judges="wording alone, since there is no encoder at hand",
        )


def _deep(
    texts: Sequence[str],
    workshop: Workshop,
    wording: sparse.csr_matrix,
    recipe: Recipe,
    progress: Progress,
) -> Sight:
    vectors = read(workshop, texts, progress)
    return Sight(
        vectors=vectors,
        sentences=np.ascontiguousarray(sentence_block(vectors, workshop.encoder)),
        wording=wording,
        strength=recipe.meaning_strength,
        is_deep=True,
        judges="the encoder, wording and neighbours",
    )


def _shallow(  # noqa: PLR0913 -- as above, and chance
    texts: Sequence[str],
    workshop: Workshop,
    wording: sparse.csr_matrix,
    recipe: Recipe,
    *,
    rng: np.random.Generator,
    progress: Progress,
) -> Sight:
    sample = [texts[row] for row in np.sort(rng.permutation(len(texts))[:SAMPLE])]
    student = workshop.student(sample, read(workshop, sample, progress), progress=progress)
    vectors = student.encode(texts)
    return Sight(
        vectors=vectors,
        sentences=vectors,
        wording=wording,
        strength=recipe.student_strength,
        is_deep=False,
        judges=f"the static student and wording, since {len(texts):,} texts are many",
    )
