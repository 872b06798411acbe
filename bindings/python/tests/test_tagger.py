"""The wheel beside the command line: `test_tagger.py MODEL TAGSIGHT PHOTO…`."""

import json
import os
import pickle
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from tagsight import ModelError, PhotoError, Tag, Tagger

MODEL, TAGSIGHT, *PHOTOS = sys.argv[1:]


def told() -> dict:
    """What the command line says of the photos: its lines by photo."""
    with tempfile.TemporaryDirectory() as folder:
        for photo in PHOTOS:
            os.symlink(os.path.abspath(photo), os.path.join(folder, os.path.basename(photo)))
        command = [TAGSIGHT, "tag", folder, "--model", MODEL, "--write", "none", "--format", "json"]
        run = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    lines = map(json.loads, run.stdout.splitlines())
    return {os.path.basename(line["photo"]): line for line in lines}


class TaggerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tagger = Tagger.load(MODEL, threads=2)
        cls.told = told()
        cls.readable = [photo for photo in PHOTOS if os.path.basename(photo) in cls.told]
        assert len(cls.readable) > 5, "photos to compare"

    def test_scores_and_tags_are_the_command_lines(self):
        for photo in self.readable:
            line = self.told[os.path.basename(photo)]
            scores = dict(zip(self.tagger.labels, map(np.float32, self.tagger.scores(photo))))
            expected = {label: np.float32(score) for label, score in line["scores"].items()}
            self.assertEqual(scores, expected, photo)
            tags = [(tag.label, np.float32(tag.score)) for tag in self.tagger.tag(photo)]
            self.assertEqual(tags, [(tag["label"], np.float32(tag["score"])) for tag in line["tags"]])
        # The comparison is able to fail.
        first, second = (self.tagger.scores(photo) for photo in self.readable[:2])
        self.assertNotEqual(first, second)

    def test_paths_bytes_and_batches_are_one(self):
        alone = [self.tagger.tag(photo) for photo in self.readable]
        self.assertEqual(self.tagger.tag_batch(self.readable), alone)
        self.assertEqual(self.tagger.tag_batch([Path(photo) for photo in self.readable]), alone)
        self.assertEqual(self.tagger.tag_batch([Path(photo).read_bytes() for photo in self.readable]), alone)
        scores = self.tagger.scores_batch(self.readable)
        self.assertEqual([self.tagger.tags_of(one) for one in scores], alone)
        self.assertEqual(self.tagger.tag_batch([]), [])

    def test_steps_differ_in_what_they_ask_of_a_score(self):
        labels = len(self.tagger.labels)
        given = lambda score, step: len(self.tagger.tags_of([score] * labels, step))
        self.assertEqual([given(1.0, step) for step in ("sure", "balanced", "more")], [labels] * 3)
        self.assertEqual([given(0.0, step) for step in ("sure", "balanced", "more")], [0] * 3)
        sure, balanced, more = (given(0.4, step) for step in ("sure", "balanced", "more"))
        self.assertLess(sure, balanced)
        self.assertLess(balanced, more)

    def test_pixels_are_upright_rgb_whatever_their_strides(self):
        side = self.tagger.side
        pixels = np.random.default_rng(1).integers(0, 256, (side, side, 3), dtype=np.uint8)
        scores = self.tagger.scores(pixels)
        wide = np.zeros((side, 2 * side, 3), dtype=np.uint8)
        wide[:, ::2] = pixels
        self.assertEqual(self.tagger.scores(wide[:, ::2]), scores)
        self.assertEqual(self.tagger.scores(memoryview(pixels)), scores)
        self.assertNotEqual(self.tagger.scores(pixels[::-1]), scores)
        self.assertNotEqual(self.tagger.scores(pixels[:, :, ::-1]), scores)

    def test_what_is_no_photo_is_refused(self):
        cases = [
            (b"", PhotoError, "empty"),
            (b"text", PhotoError, "not a JPEG"),
            ("no/such/photo.jpg", FileNotFoundError, "no/such/photo.jpg"),
            (np.zeros((3, 4), np.uint8), TypeError, "[3, 4]"),
            (np.zeros((3, 4, 4), np.uint8), TypeError, "[3, 4, 4]"),
            (np.zeros((0, 4, 3), np.uint8), ValueError, "no pixels"),
            (np.zeros((3, 4, 3), np.float32), TypeError, "uint8"),
            (np.zeros((1, 70_000, 3), np.uint8), PhotoError, "too long"),
            (7, TypeError, "a photo is"),
        ]
        for photo, error, part in cases:
            with self.assertRaises(error) as raised:
                self.tagger.scores(photo)
            self.assertIn(part, str(raised.exception))
        with self.assertRaises(ValueError):
            self.tagger.tag(self.readable[0], step="certain")
        with self.assertRaises(ValueError):
            self.tagger.scores_batch([], errors="ignore")
        with self.assertRaises(ValueError):
            self.tagger.tags_of([0.5])

    def test_a_photo_that_cannot_be_read_does_not_end_a_batch(self):
        photo = self.readable[0]
        found = self.tagger.tag_batch([photo, b"text", "no/such.jpg", photo], errors="return")
        self.assertEqual([found[0], found[3]], [self.tagger.tag(photo)] * 2)
        self.assertIsInstance(found[1], PhotoError)
        self.assertIsInstance(found[2], FileNotFoundError)
        with self.assertRaises(PhotoError):
            self.tagger.tag_batch([photo, b"text"])

    def test_what_is_no_model_is_refused(self):
        with self.assertRaises(FileNotFoundError):
            Tagger.load("no/such/model")
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"text")
            file.flush()
            with self.assertRaises(ModelError):
                Tagger.load(file.name)

    def test_threads_share_a_tagger_and_the_interpreter_goes_on(self):
        expected = self.tagger.scores_batch(self.readable)
        with ThreadPoolExecutor(4) as threads:
            self.assertEqual(list(threads.map(self.tagger.scores, self.readable)), expected)
        done = threading.Event()

        def work():
            self.tagger.scores_batch(self.readable * 4)
            done.set()

        worker = threading.Thread(target=work)
        worker.start()
        ticks = 0
        while not done.is_set():
            time.sleep(0.001)
            ticks += 1
        worker.join()
        # With the lock held, at most a switch or two would have come through.
        self.assertGreater(ticks, 10)

    def test_models_and_tags_go_from_process_to_process(self):
        photo = self.readable[0]
        tags = self.tagger.tag(photo)
        self.assertEqual(pickle.loads(pickle.dumps(self.tagger)).tag(photo), tags)
        self.assertEqual(pickle.loads(pickle.dumps(tags)), tags)
        self.assertNotEqual(Tag("dog", 0.5), Tag("dog", 0.25))
        self.assertEqual(repr(Tag("dog", 0.5)), 'Tag(label="dog", score=0.5000)')


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
