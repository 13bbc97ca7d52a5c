import os

from django.core.asgi import get_asgi_application

from foundation.db.pooler import require_usable_pooler
from foundation.web.static_files import require_collected
from foundation.web.utf8_request import Utf8AsyncRequest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careerconnect.settings.production")

application = get_asgi_application()
application.request_class = Utf8AsyncRequest
require_collected()
require_usable_pooler()
