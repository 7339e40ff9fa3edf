from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagingConfig(AppConfig):
    name = "messaging"
    verbose_name = _("Meldinger")

    def ready(self) -> None:
        from journal import around
        from messaging.selectors import of_record
        from messaging.selectors.gap import notice
        from messaging.selectors.owed import with_sent
        from messaging.selectors.panel import messages_of
        from messaging.selectors.paper import CHAPTERS

        around.NOTICES.append(notice)
        around.SENT.append(with_sent)
        around.PANELS.append(messages_of)
        around.WAITING.append(of_record.waiting)
        around.FOUND.append(of_record.found)
        around.PRINTED.extend(CHAPTERS)
