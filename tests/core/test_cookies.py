"""What the browser is told where there are real patients: settings as a served installation has them, read by a process of its own."""

import os
import subprocess
import sys

from cryptography.fernet import Fernet

ASK = """
import django
django.setup()
from django.conf import settings as s
from access.middleware import DEVICE_COOKIE, SESSION_COOKIE
print(SESSION_COOKIE, DEVICE_COOKIE, s.CSRF_COOKIE_NAME, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS, s.DEBUG,
      s.EPJ_SECOND_FACTOR_REQUIRED)
"""


def test_with_tls_cookies_are_bound_to_the_host_and_nothing_is_loosened():
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EPJ_")}
    environment = kept | {
        "DJANGO_SETTINGS_MODULE": "lms_epj.settings", "DJANGO_SECRET_KEY": "k" * 50, "EPJ_PROCESS": "web", "EPJ_HOSTS": "epj.example.no",
        "EPJ_FIELD_KEYS": Fernet.generate_key().decode(), "EPJ_SECOND_FACTOR_REQUIRED": "0", "DATABASE_URL": "postgresql://epj_app@localhost/none",
    }  # fmt: skip
    told = subprocess.run([sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, check=True).stdout.split()
    assert told == ["__Host-epj_session", "__Host-epj_device", "__Host-csrftoken", "True", "True", str(2 * 365 * 24 * 3600), "False", "True"]
