from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.exceptions import ImproperlyConfigured


def require_collected() -> None:
    """Refuses to start a web server without the files of the pages: every page would be an empty error."""
    if isinstance(staticfiles_storage, ManifestFilesMixin) and not staticfiles_storage.hashed_files:
        raise ImproperlyConfigured(
            "CareerConnect cannot start: the files of its pages are missing in STATIC_ROOT. "
            "Run `python manage.py collectstatic`."
        )
