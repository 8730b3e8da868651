"""
What a team writes in an afternoon: FastAPI, sentence-transformers and a logistic regression.

`python -m benchmarks.plain_server TRAIN LABEL PORT` fits it on a CSV file and serves it, in the
environment of the peers. It answers the same requests as Sortyard: one message, or several.
"""

import csv
import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel
from sentence_transformers import SentenceTransformer
from sklearn.linear_model import LogisticRegression

from benchmarks.peer import SEED, STRENGTH, encoder_folder


class Message(BaseModel):
    id: str
    text: str


class Messages(BaseModel):
    messages: list[Message]


def make_app(train: Path, label: str) -> FastAPI:
    encoder = SentenceTransformer(str(encoder_folder()), device="cpu")
    with train.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    head = LogisticRegression(C=STRENGTH, max_iter=1_000, random_state=SEED)
    head.fit(_vectors(encoder, [row["text"] for row in rows]), [row[label] for row in rows])
    app = FastAPI()

    def answers(messages: list[Message]) -> list[dict[str, object]]:
        chances = head.predict_proba(_vectors(encoder, [one.text for one in messages]))
        best = chances.argmax(axis=1)
        return [
            {
                "id": message.id,
                "release": "plain",
                "label": head.classes_[place],
                "confidence": float(chance[place]),
            }
            for message, place, chance in zip(messages, best, chances, strict=True)
        ]

    @app.post("/v1/classify")
    def classify(given: Message | Messages) -> dict[str, object]:
        if isinstance(given, Message):
            return answers([given])[0]
        return {"results": answers(given.messages)}

    @app.get("/readyz")
    def ready() -> dict[str, bool]:
        return {"ready": True}

    return app


def _vectors(encoder: SentenceTransformer, texts: list[str]):  # noqa: ANN202 -- an array
    return encoder.encode(texts, normalize_embeddings=True, show_progress_bar=False)


if __name__ == "__main__":
    uvicorn.run(
        make_app(Path(sys.argv[1]), sys.argv[2]),
        host="127.0.0.1",
        port=int(sys.argv[3]),
        log_level="warning",
    )
