"""
Presidio's analyzer with its patterns alone, in a process of its own: what it finds, as JSON.

It reads JSON lines with a `text`, and prints the spans of each and the seconds that all took. Of
spans that lie over each other the surest stays, the longest of equals.
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path
from time import process_time

import spacy
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import SpacyNlpEngine

KINDS = {
    "EMAIL_ADDRESS": "email",
    "PHONE_NUMBER": "phone",
    "CREDIT_CARD": "card",
    "IBAN_CODE": "iban",
    "IP_ADDRESS": "ip",
    "URL": "url",
    "US_SSN": "national_id",
}


class NoModel(SpacyNlpEngine):
    """Divides a text into words, and knows nothing of them."""

    def load(self) -> None:
        self.nlp = {"en": spacy.blank("en")}


def main() -> None:
    lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    model = NoModel()
    model.load()
    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"])
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=model)
    _found(analyzer, texts[0])  # it loads some of its parts only then
    began = process_time()
    found = [_found(analyzer, text) for text in texts]
    seconds = process_time() - began
    print(json.dumps({"spans": found, "seconds": seconds, "version": version("presidio-analyzer")}))


def _found(analyzer: AnalyzerEngine, text: str) -> list[list[object]]:
    results = analyzer.analyze(text, language="en", entities=list(KINDS))
    kept: list[list[object]] = []
    taken: set[int] = set()
    for one in sorted(results, key=lambda one: (-one.score, one.start - one.end)):
        places = set(range(one.start, one.end))
        if not places & taken:
            taken |= places
            kept.append([one.start, one.end, KINDS[one.entity_type]])
    return kept


if __name__ == "__main__":
    main()
