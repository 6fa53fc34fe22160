"""The errors a user can act on.

AnnotError
├── ConfigError     a setting, or the labeling configuration
├── SourceError     an article or record file that cannot be read
├── StoreError      a file that cannot be written
├── StudioError     Label Studio: not reachable, refusing, or answering something else
│   └── StudioBusyError   one that may pass: no answer, one too late, or a failure of the server
├── ModelError      a model folder or base encoder that cannot be used
└── TrainingError   labels that cannot be learned from

Each message says what is wrong, where, and what to do, in one line. Only the command line prints them.
"""


class AnnotError(Exception):
    """Base of every error that is the surroundings' fault and not a bug."""


class ConfigError(AnnotError):
    """A setting or the labeling configuration cannot be used."""


class SourceError(AnnotError):
    """A source of articles or records cannot be read."""


class StoreError(AnnotError):
    """A file cannot be written."""


class StudioError(AnnotError):
    """Label Studio cannot be reached, or refuses."""


class StudioBusyError(StudioError):
    """Label Studio gave no answer, or failed; what was asked may have been done or not, and asking again may help."""


class ModelError(AnnotError):
    """A trained model or a base encoder cannot be used."""


class TrainingError(AnnotError):
    """The labels given cannot be learned from."""
