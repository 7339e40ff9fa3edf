from django.apps import AppConfig


class LmsEpjConfig(AppConfig):
    name = "lms_epj"
    verbose_name = "LMS EPJ"

    def ready(self) -> None:
        from journal import around
        from lms_epj.core.on_call import plug
        from ops.selectors import ward
        from ops.selectors.now import duty_addresses

        plug(duty_addresses)
        around.BESIDE.append(ward.beside_board)
