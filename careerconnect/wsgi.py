import os

from django.core.wsgi import get_wsgi_application

from foundation.db.pooler import require_usable_pooler
from foundation.web.static_files import require_collected
from foundation.web.utf8_request import Utf8Request

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careerconnect.settings.production")

application = get_wsgi_application()
application.request_class = Utf8Request
require_collected()
require_usable_pooler()
