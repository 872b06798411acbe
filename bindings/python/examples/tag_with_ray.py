"""Tags a folder of photos on a Ray cluster: one row a photo, as Parquet."""

import argparse
import os

# Ray reports how it is used unless told not to, before it is loaded.
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")

import ray

from tagsight import Tagger


class Tagging:
    """A model on one of the cluster's cores, which sees batch after batch."""

    def __init__(self, model: str, step: str):
        self.tagger = Tagger.load(model, threads=1)
        self.step = step

    def __call__(self, batch: dict) -> dict:
        rows = [self.row(found) for found in self.tagger.scores_batch(list(batch["bytes"]), errors="return")]
        return {"path": batch["path"], **{key: [row[key] for row in rows] for key in rows[0]}}

    def row(self, found: list[float] | Exception) -> dict:
        # A photo that cannot be read is a row too: nobody has to look for what is missing.
        if isinstance(found, Exception):
            return {"tags": [], "scores": [], "error": str(found)}
        tags = [tag.label for tag in self.tagger.tags_of(found, self.step)]
        return {"tags": tags, "scores": found, "error": ""}


def tag(photos: str, model: str, out: str, step: str, workers: int, batch: int) -> None:
    rows = ray.data.read_binary_files(photos, include_paths=True)
    rows = rows.map_batches(
        Tagging,
        fn_constructor_args=(model, step),
        batch_size=batch,
        num_cpus=1,
        # As many as there is room for: a cluster that loses a machine goes on with fewer.
        compute=ray.data.ActorPoolStrategy(min_size=1, max_size=workers),
    )
    rows.write_parquet(out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", help="folder, or a URL that Ray reads, such as s3://…")
    parser.add_argument("model", help="a model's folder, on every machine of the cluster")
    parser.add_argument("out", help="folder or URL for Parquet files")
    parser.add_argument("--address", help="the cluster's; without it one is started on this machine")
    parser.add_argument("--workers", type=int, default=2, help="at most so many cores tag")
    parser.add_argument("--batch", type=int, default=16, help="photos at a time")
    parser.add_argument("--step", default="balanced", choices=["sure", "balanced", "more"])
    given = parser.parse_args()
    ray.init(address=given.address)
    tag(given.photos, given.model, given.out, given.step, given.workers, given.batch)


if __name__ == "__main__":
    main()
