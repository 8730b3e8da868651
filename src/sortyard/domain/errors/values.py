"""Values that break a rule, and what was asked for and does not exist."""

from collections.abc import Iterable

from sortyard.domain.errors.kind import SortyardError, did_you_mean, listed, listing


class InvalidMessage(SortyardError):
    """A message breaks a rule of the domain."""

    code = "invalid-message"

    def __init__(self, message_id: str, why: str) -> None:
        super().__init__(message_id, why)
        self.message_id = message_id
        self.problem = f"Message {message_id!r} cannot be used: {why}."
        self.remedy = "Correct the message, or leave it out."


class InvalidTaxonomy(SortyardError):
    """A taxonomy breaks a rule; every problem is listed at once."""

    code = "invalid-taxonomy"

    def __init__(self, source: str, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(source, self.problems)
        self.problem = f"{source} is not a valid taxonomy: {listed(self.problems)}."
        self.remedy = "Correct the file; `sortyard taxonomy lint` shows every finding at once."


class InvalidPrediction(SortyardError):
    """A score or an answer breaks a rule of the domain."""

    code = "invalid-prediction"

    def __init__(self, dimension: str, why: str) -> None:
        super().__init__(dimension, why)
        self.problem = f"The answer for dimension {dimension!r} is impossible: {why}."
        self.remedy = "This is a fault of Sortyard; please report it with the release id."


class InvalidSettings(SortyardError):
    """A settings, gates or recipe file is wrong; every problem is listed at once."""

    code = "invalid-settings"

    def __init__(self, source: str, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(source, self.problems)
        self.problem = f"{source} cannot be used: {listed(self.problems)}."
        self.remedy = "Correct these entries; the settings page of the docs lists every name."


class InvalidRules(SortyardError):
    """A rules file is wrong, or a rule fails its own examples; every problem is listed at once."""

    code = "invalid-rules"

    def __init__(self, source: str, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(source, self.problems)
        self.problem = f"{source} cannot be used: {listed(self.problems)}."
        self.remedy = "Correct the rules; `sortyard rules check` tries them on their own examples."


class InvalidFeatures(SortyardError):
    """A features file is wrong, or does not fit the archive; every problem is listed at once."""

    code = "invalid-features"

    def __init__(self, source: str, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(source, self.problems)
        self.problem = f"{source} cannot be used: {listed(self.problems)}."
        self.remedy = "Correct these entries; the page on features in the guide shows how."


class InvalidUsage(SortyardError):
    """A command's arguments contradict each other."""

    code = "invalid-usage"

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem, remedy)
        self.problem = problem
        self.remedy = remedy


class UnknownLabels(SortyardError):
    """Data names labels that the taxonomy does not have."""

    code = "unknown-labels"

    def __init__(self, unknown: Iterable[str], known: Iterable[str], source: str) -> None:
        self.unknown = tuple(sorted(unknown))
        self.known = tuple(sorted(known))
        super().__init__(self.unknown, self.known, source)
        self.problem = f"{source} uses labels the taxonomy does not have: {listing(self.unknown)}."
        self.remedy = (
            f"{did_you_mean(self.unknown, self.known)}"
            "Correct the file, or add the labels to taxonomy.yaml."
        )


class UnknownDimension(SortyardError):
    """A dimension is asked for that the taxonomy does not have."""

    code = "unknown-dimension"

    def __init__(self, dimension: str, known: Iterable[str]) -> None:
        self.known = tuple(known)
        super().__init__(dimension, self.known)
        self.problem = f"There is no dimension {dimension!r}."
        self.remedy = f"{did_you_mean([dimension], self.known)}There is: {listing(self.known)}."
