"""Tags photos with the 80 COCO labels, on this machine."""

from collections.abc import Sequence
from os import PathLike
from typing import Literal, TypeAlias, final, overload

from typing_extensions import Buffer

__all__ = ["ModelError", "PhotoError", "Tag", "Tagger"]

_Photo: TypeAlias = bytes | str | PathLike[str] | Buffer
"""A file's bytes, its path, or its pixels: uint8 [height, width, 3], upright RGB, as numpy has them."""

_Step: TypeAlias = Literal["sure", "balanced", "more"]
"""How certain a tag has to be."""

class ModelError(ValueError):
    """The model's file is damaged, of a newer version, or does not do what is asked of it."""

class PhotoError(ValueError):
    """The photo cannot be read; the message says what to do."""

@final
class Tag:
    """A label that a photo got."""

    __match_args__ = ("label", "score")
    def __new__(cls, label: str, score: float) -> Tag: ...
    @property
    def label(self) -> str: ...
    @property
    def score(self) -> float:
        """Its calibrated score, 0 to 1."""

@final
class Tagger:
    """A model, ready to tag. Threads may share it; the GIL is released while photos are read and seen."""

    @staticmethod
    def load(path: str | PathLike[str], *, threads: int | None = None) -> Tagger:
        """Reads a model's folder or file. Batches run on so many threads; without a number, on as many as
        there are processors."""
    @property
    def labels(self) -> list[str]:
        """One a score."""
    @property
    def side(self) -> int:
        """Columns and rows of the square that a photo is squashed to."""
    @property
    def task(self) -> Literal["multi-label", "single-label", "regression"]:
        """What the scores stand for."""
    @property
    def engine(self) -> str:
        """The instruction set that it runs on."""
    @property
    def threads(self) -> int:
        """Photos of a batch that are seen at a time."""
    def scores(self, photo: _Photo) -> list[float]:
        """One a label: how certain it is, 0 to 1; of a regression, the value in its unit."""
    def tag(self, photo: _Photo, step: _Step = "balanced") -> list[Tag]:
        """The tags that the photo gets, best first."""
    def tags_of(self, scores: Sequence[float], step: _Step = "balanced") -> list[Tag]:
        """The tags that a photo of these scores gets, best first."""
    @overload
    def scores_batch(
        self, photos: Sequence[_Photo], errors: Literal["raise"] = "raise"
    ) -> list[list[float]]: ...
    @overload
    def scores_batch(
        self, photos: Sequence[_Photo], errors: Literal["return"]
    ) -> list[list[float] | PhotoError | OSError]:
        """Several photos at a time, in their order. With errors="return" a photo that cannot be read has
        its error in its place; otherwise the first of them is raised."""
    @overload
    def tag_batch(
        self, photos: Sequence[_Photo], step: _Step = "balanced", errors: Literal["raise"] = "raise"
    ) -> list[list[Tag]]: ...
    @overload
    def tag_batch(
        self, photos: Sequence[_Photo], step: _Step = "balanced", *, errors: Literal["return"]
    ) -> list[list[Tag] | PhotoError | OSError]:
        """As scores_batch."""
