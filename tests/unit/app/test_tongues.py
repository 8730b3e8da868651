"""Settings of languages are checked before anything is trained by them."""

import pytest

from sortyard.app.settings import Settings
from sortyard.app.tongues import tongues_of
from sortyard.domain.errors import InvalidSettings

pytest.importorskip("py3langid", reason="which languages there are, the extra `language` knows")


def test_a_language_that_nobody_can_tell_is_refused() -> None:
    """Otherwise every message of the archive would count as foreign, or none would."""
    with pytest.raises(InvalidSettings) as refused:
        tongues_of(Settings(languages=("en", "xx")))

    assert "'xx'" in refused.value.problem
    assert " de " in refused.value.problem


@pytest.mark.parametrize("known", [("any",), ("de", "nb"), ()])
def test_others_pass(known: tuple[str, ...]) -> None:
    assert len(tongues_of(Settings(languages=known)).named) == len(known)
