"""
Every error that this package raises on purpose.

* SortyardError
  + InvalidMessage        a message breaks a rule of the domain
  + InvalidTaxonomy       a taxonomy breaks a rule; all its problems at once
  + InvalidPrediction     a score or an answer breaks a rule of the domain
  + InvalidSettings       a settings, gates or recipe file is wrong; all problems at once
  + UnreadableArchive     a file cannot be read as messages at all
  + EmptyArchive          a file was read and holds no usable row
  + UnknownColumn         a column is asked for that the archive does not have
  + UndecidedColumns      no column looks enough like a text or a label
  + UnknownLabels         data names labels that the taxonomy does not have
  + UnknownDimension      a dimension is asked for that the taxonomy does not have
  + TooFewVotes           too few people have voted on the same messages
  + NotEnoughData         there is too little data to fit or measure anything
  + MissingBundle         a folder holds no release
  + DamagedBundle         a release on disk does not match its checksums
  + NewerFormat           a file was written by a later version
  + MissingEncoder        the encoder's weights are nowhere to be found
  + DamagedEncoder        the encoder's weights do not match their published checksum
  + UnsupportedEncoder    the encoder is built in a way that we cannot export
  + UnusableLanguageModel a folder holds no language model that can be tuned, or that can answer
  + UnknownRelease        a release is asked for that the workspace does not have
  + MissingWorkspace      a folder is not a workspace
  + CannotWrite           the disk refused: full, read-only, or no permission
  + Busy                  another process holds the workspace
  + GatesFailed           a release that failed its gates is asked to answer
  + MissingExtra          an optional part of the installation is absent
  + InvalidUsage          a command's arguments contradict each other
  + InvalidRules          a rules file is wrong, or a rule fails its own examples
  + InvalidFeatures       a features file is wrong, or does not fit the archive
  + StoreAway             the database cannot be reached, or refuses
  + CannotKeep            an answer can be kept nowhere, so it is not given
  + Overloaded            more came in than can be answered in time
  + NotReady              no release is loaded yet
  + TooLarge              a request or a text is longer than allowed
  + Unauthorised          no valid key was given
  + Forbidden             the key does not allow it
  + RateLimited           the key has asked too often
  + ServerAway            no server answers where one was expected
  + TamperedAudit         the audit log does not follow from itself
"""

from sortyard.domain.errors.archives import (
    EmptyArchive,
    NotEnoughData,
    TooFewVotes,
    UndecidedColumns,
    UnknownColumn,
    UnreadableArchive,
)
from sortyard.domain.errors.kind import (
    SortyardError,
    did_you_mean,
    listed,
    listing,
    number,
)
from sortyard.domain.errors.releases import (
    CHAMPION,
    Busy,
    CannotWrite,
    DamagedBundle,
    DamagedEncoder,
    GatesFailed,
    MissingBundle,
    MissingEncoder,
    MissingExtra,
    MissingWorkspace,
    NewerFormat,
    UnknownRelease,
    UnsupportedEncoder,
    UnusableLanguageModel,
)
from sortyard.domain.errors.serving import (
    CannotKeep,
    Forbidden,
    NotReady,
    Overloaded,
    RateLimited,
    ServerAway,
    StoreAway,
    TamperedAudit,
    TooLarge,
    Unauthorised,
)
from sortyard.domain.errors.values import (
    InvalidFeatures,
    InvalidMessage,
    InvalidPrediction,
    InvalidRules,
    InvalidSettings,
    InvalidTaxonomy,
    InvalidUsage,
    UnknownDimension,
    UnknownLabels,
)

__all__ = [
    "CHAMPION",
    "Busy",
    "CannotKeep",
    "CannotWrite",
    "DamagedBundle",
    "DamagedEncoder",
    "EmptyArchive",
    "Forbidden",
    "GatesFailed",
    "InvalidFeatures",
    "InvalidMessage",
    "InvalidPrediction",
    "InvalidRules",
    "InvalidSettings",
    "InvalidTaxonomy",
    "InvalidUsage",
    "MissingBundle",
    "MissingEncoder",
    "MissingExtra",
    "MissingWorkspace",
    "NewerFormat",
    "NotEnoughData",
    "NotReady",
    "Overloaded",
    "RateLimited",
    "ServerAway",
    "SortyardError",
    "StoreAway",
    "TamperedAudit",
    "TooFewVotes",
    "TooLarge",
    "Unauthorised",
    "UndecidedColumns",
    "UnknownColumn",
    "UnknownDimension",
    "UnknownLabels",
    "UnknownRelease",
    "UnreadableArchive",
    "UnsupportedEncoder",
    "UnusableLanguageModel",
    "did_you_mean",
    "listed",
    "listing",
    "number",
]
