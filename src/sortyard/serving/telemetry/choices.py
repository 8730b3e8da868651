"""What was answered, in numbers: labels, confidence, who acts and why."""

from sortyard.domain.predictions import Answer
from sortyard.serving.telemetry.instruments import Panel

CONFIDENCES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)


class ChoiceMetrics:
    """Counts the choices of answers, apart by dimension."""

    def __init__(self, panel: Panel) -> None:
        self._answers = panel.counts("answers", "Answers, by what was left out.", "degradation")
        self._choices = panel.counts(
            "choices",
            "Choices: who acts, why, who chose, and how deeply it was read.",
            *("dimension", "route", "reason", "source", "stage"),
        )
        self._labels = panel.counts("labels", "Labels that were given.", "dimension", "label")
        self._rules = panel.counts("rules", "Choices with a rule in them.", "dimension", "rule")
        self._languages = panel.counts(
            "languages",
            "Messages in a language that the release was not taught, and whether translated.",
            *("language", "translated"),
        )
        self._confidence = panel.histogram(
            "confidence", "How sure choices are.", CONFIDENCES, "dimension"
        )

    def add(self, answer: Answer) -> None:
        """Count one answer."""
        self._answers.add(answer.degraded)
        if answer.foreign is not None:
            self._languages.add(answer.foreign.language, str(answer.foreign.translated).lower())
        for name, choice in answer.choices.items():
            self._choices.add(name, choice.route, choice.reason, choice.source, choice.stage)
            for label in choice.labels:
                self._labels.add(name, label)
            if choice.confidence is not None:
                self._confidence.add(choice.confidence, name)
            if choice.rule is not None:
                self._rules.add(name, choice.rule)
