"""The example on a local cluster that loses a machine: `test_ray.py MODEL PHOTO…`.

Two hundred photos, two machines with a core for tagging each, of which one is killed in the middle:
every photo is in the result once, with the scores that it has here.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet
from pyarrow import ArrowInvalid
from ray.cluster_utils import Cluster
from tagsight import Tagger

MODEL, *PHOTOS = sys.argv[1:]
EXAMPLE = Path(__file__).parents[1] / "examples" / "tag_with_ray.py"
COUNT = 200


class RayTest(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.photos, self.out = self.folder / "photos", self.folder / "tags"
        self.photos.mkdir()
        for number in range(COUNT):
            photo = Path(PHOTOS[number % len(PHOTOS)])
            shutil.copy(photo, self.photos / f"{number:03}{photo.suffix}")
        # The driver's machine does not tag, and is not the one that goes.
        self.cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0})
        self.workers = [self.cluster.add_node(num_cpus=2) for _ in range(2)]

    def tearDown(self):
        self.cluster.shutdown()
        shutil.rmtree(self.folder)

    def files(self) -> list[Path]:
        return list(self.out.glob("*.parquet")) if self.out.is_dir() else []

    def written(self) -> int:
        """Rows of the files that are whole."""
        rows = 0
        for file in self.files():
            try:
                rows += parquet.read_metadata(file).num_rows
            except ArrowInvalid:
                pass
        return rows

    def test_every_photo_is_there_once_though_a_worker_was_killed(self):
        command = [sys.executable, EXAMPLE, self.photos, os.path.abspath(MODEL), self.out]
        command += ["--address", self.cluster.address, "--batch", "4"]
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        while run.poll() is None and not self.written():
            time.sleep(0.02)
        written = self.written()
        self.assertLess(written, COUNT, "it is in the middle")
        self.cluster.remove_node(self.workers[1], allow_graceful=False)
        _, said = run.communicate()
        self.assertEqual(run.returncode, 0, said)
        rows = [row for file in self.files() for row in parquet.read_table(file).to_pylist()]
        names = sorted(os.path.basename(row["path"]) for row in rows)
        self.assertEqual(names, sorted(os.listdir(self.photos)))
        tagger = Tagger.load(MODEL)
        for row in rows:
            expected = tagger.scores_batch([row["path"]], errors="return")[0]
            if isinstance(expected, Exception):
                self.assertEqual((row["tags"], row["scores"], row["error"] != ""), ([], [], True))
                continue
            self.assertEqual(np.float32(row["scores"]).tolist(), expected, row["path"])
            self.assertEqual(row["tags"], [tag.label for tag in tagger.tags_of(expected)])
        print(f"a worker was killed after {written} of {COUNT} photos; all are there once")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
