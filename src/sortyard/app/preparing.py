"""From the settings of a workspace to the chain that prepares its texts."""

from sortyard.app.personal import model_link
from sortyard.app.settings import Settings
from sortyard.text.choices import Choices
from sortyard.text.preparation import Preparation


def preparation_of(settings: Settings) -> Preparation:
    """Build the chain that a workspace chose; a release that is trained there stores it."""
    return Preparation.default(
        Choices(
            form=settings.normal_form,
            links=settings.links,
            code=settings.code,
            emoji=settings.emoji,
            personal=model_link(settings),
        )
    )
