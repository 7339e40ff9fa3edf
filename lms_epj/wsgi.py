import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms_epj.settings")

application = get_wsgi_application()

# After the application is up, for both look at what it has loaded; before the first request, for neither fault may serve one.
from access.policies.selftest import assert_guarding  # noqa: E402
from access.routes import assert_guarded  # noqa: E402

assert_guarded()
assert_guarding()

# What is loaded at the start stays for good: the collector need not walk through it while someone waits for a page.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
