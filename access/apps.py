from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    name = "access"
    verbose_name = _("Tilgang")

    def ready(self) -> None:
        from access.outside import install

        connection_created.connect(install, dispatch_uid="access.outside")
