"""Writes metrics.json: scikit-learn's figures for scores with many ties."""

import json
import pathlib

import numpy as np
from sklearn.metrics import (
    auc,
    average_precision_score,
    f1_score,
    precision_recall_curve,
    precision_score,
    recall_score,
)

PHOTOS, CLASSES = 60, 5


def figures(truth: np.ndarray, given: np.ndarray) -> dict:
    macro = {"average": "macro", "zero_division": 0}
    micro = {"average": "micro", "zero_division": 0}
    return {
        "cp": precision_score(truth, given, **macro),
        "cr": recall_score(truth, given, **macro),
        "op": precision_score(truth, given, **micro),
        "or": recall_score(truth, given, **micro),
        "of1": f1_score(truth, given, **micro),
        "macro_f1": f1_score(truth, given, **macro),
    }


def area(truth: np.ndarray, scores: np.ndarray) -> float:
    precision, recall, _ = precision_recall_curve(truth, scores)
    return auc(recall, precision)


def main() -> None:
    random = np.random.default_rng(5)
    truth = random.random((PHOTOS, CLASSES)) < np.array([0.5, 0.2, 0.1, 0.05, 0.3])
    truth[0] = True
    # Rounded to tenths, so that most scores are tied; the last class's are all equal.
    scores = np.round(0.3 * truth + 0.7 * random.random((PHOTOS, CLASSES)), 1)
    scores[:, 4] = 0.5
    scores = scores.astype(np.float32)
    thresholds = [0.5, 0.6, 0.3, 0.95, 0.4]
    columns = range(CLASSES)
    result = {
        "scores": scores.astype(float).tolist(),
        "labels": [np.flatnonzero(row).tolist() for row in truth],
        "thresholds": thresholds,
        "ap": [average_precision_score(truth[:, c], scores[:, c]) for c in columns],
        "pr_auc": [area(truth[:, c], scores[:, c]) for c in columns],
        "at_thresholds": figures(truth, scores >= np.array(thresholds, dtype=np.float32)),
        "at_half": figures(truth, scores >= np.float32(0.5)),
    }
    path = pathlib.Path(__file__).with_name("metrics.json")
    path.write_text(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
