"""Tags photos with the 80 COCO labels, on this machine."""

from ._tagsight import ModelError, PhotoError, Tag, Tagger

__all__ = ["ModelError", "PhotoError", "Tag", "Tagger"]
