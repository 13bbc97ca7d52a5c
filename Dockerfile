# The image of a real installation. Web, worker, beat, sweeper and migrate run it with different commands.
# `make image` builds it on bases made from Debian packages, starts it and looks inside (tools/image/).
ARG PYTHON_BASE=python:3.11-slim-bookworm
ARG NODE_BASE=node:22-bookworm-slim

FROM ${NODE_BASE} AS front-end
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev
COPY static/src static/src
COPY templates templates
# Tailwind also reads class names from the apps' forms.
COPY careerconnect careerconnect
COPY portal portal
COPY rulebook rulebook
COPY retention retention
COPY events events
COPY appointments appointments
COPY places places
COPY queries queries
COPY eligibility eligibility
COPY security security
COPY wellbeing wellbeing
COPY messaging messaging
COPY documents documents
COPY accounts accounts
COPY foundation foundation
RUN mkdir -p static/dist/fonts && npm run --silent build

FROM ${PYTHON_BASE} AS packages
# s3.txt is runtime.txt plus boto3, for DOCUMENTS_S3_BUCKET.
COPY requirements/s3.txt /tmp/s3.txt
RUN python -m venv /opt/careerconnect \
    && /opt/careerconnect/bin/pip install --no-cache-dir --require-hashes -r /tmp/s3.txt \
    && /opt/careerconnect/bin/pip uninstall --yes --quiet setuptools pip

FROM ${PYTHON_BASE}
ENV PATH=/opt/careerconnect/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=careerconnect.settings.production
RUN groupadd --gid 10001 careers \
    && useradd --uid 10001 --gid careers --no-create-home --shell /usr/sbin/nologin careers
COPY --from=packages /opt/careerconnect /opt/careerconnect
WORKDIR /srv/careerconnect
COPY manage.py ./
COPY careerconnect careerconnect
COPY portal portal
COPY rulebook rulebook
COPY retention retention
COPY events events
COPY appointments appointments
COPY places places
COPY queries queries
COPY eligibility eligibility
COPY security security
COPY wellbeing wellbeing
COPY messaging messaging
COPY documents documents
COPY accounts accounts
COPY foundation foundation
COPY templates templates
COPY --from=front-end /build/static/dist static/dist
# collectstatic uses no data, but production settings require these values. None of them stays in the image.
RUN SECRET_KEY=only-while-static-files-are-collected-0123456789 \
    DATABASE_URL=postgres://nobody@nowhere/nothing \
    REDIS_URL=redis://nowhere:6379/0 \
    SITE_URL=https://careers.example.ac.uk \
    ALLOWED_HOSTS=careers.example.ac.uk \
    DEFAULT_FROM_EMAIL=nobody@nowhere BRAND_INSTITUTION=nobody SERVICE_EMAIL=nobody@nowhere SERVICE_PHONE=none \
    IT_SERVICES_EMAIL=nobody@nowhere INFORMATION_GOVERNANCE_EMAIL=nobody@nowhere \
    EMAIL_URL=smtp://nowhere:25 \
    DOCUMENTS_ROOT=/srv/documents RETENTION_ROOT=/srv/retention \
    python manage.py collectstatic --no-input --verbosity 0
RUN mkdir /srv/documents /srv/retention && chown careers:careers /srv/documents /srv/retention
VOLUME /srv/documents /srv/retention
USER careers
EXPOSE 8000
# TLS ends at the proxy; the health pages answer plain HTTP for the host that people type.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
    CMD ["python", "-c", "import os, urllib.parse as p, urllib.request as u; u.urlopen(u.Request('http://127.0.0.1:8000/health/ready', headers={'Host': p.urlsplit(os.environ['SITE_URL']).netloc}), timeout=4)"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers", "--no-ws", "--log-level", "warning", "careerconnect.wsgi:application"]
