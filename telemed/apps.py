from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TelemedConfig(AppConfig):
    name = "telemed"
    verbose_name = _("Telemedisin")

    def ready(self) -> None:
        from journal import around
        from telemed.selectors.panel import sessions_of
        from telemed.selectors.paper import CHAPTERS
        from telemed.selectors.questions import questions_of

        around.PANELS.extend((sessions_of, questions_of))
        around.PRINTED.extend(CHAPTERS)
