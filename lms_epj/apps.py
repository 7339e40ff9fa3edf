from django.apps import AppConfig


class LmsEpjConfig(AppConfig):
    name = "lms_epj"
    verbose_name = "LMS EPJ"
