"""The catalogue of translations: what the code says, found without gettext's tools, and held against `locale/*/LC_MESSAGES/django.po`."""
