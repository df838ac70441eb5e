# The image for web, worker and beat alike: Python, the pinned libraries, the sources and the built assets. Runs as nobody
# in particular (uid 10001), writes only below /var/lib/shouwen and /tmp.

FROM node:24-slim AS libraries
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci

FROM python:3.11-slim AS wheels
RUN python -m venv /opt/venv
COPY requirements.txt ./
RUN /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement requirements.txt

FROM wheels AS build
RUN apt-get update && apt-get install --yes --no-install-recommends gettext && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY . .
COPY --from=libraries /app/node_modules node_modules
# Building connects to nothing: these two keep the embedded services from being started.
RUN export DATABASE_URL=postgresql:///unused REDIS_URL=redis://unused SECRET_KEY=unused \
    && /opt/venv/bin/python manage.py assets \
    && /opt/venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
    && msgfmt --output-file=locale/zh_Hans/LC_MESSAGES/django.mo locale/zh_Hans/LC_MESSAGES/django.po \
    && /opt/venv/bin/python -m compileall -q . \
    && rm -rf node_modules build/assets

FROM python:3.11-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin shouwen \
    && install --directory --owner=shouwen --mode=0700 /var/lib/shouwen
COPY --from=wheels /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOST=0.0.0.0 \
    PORT=8000 \
    SHOUWEN_DATA=/var/lib/shouwen \
    SHOUWEN_PULSE=/tmp/shouwen-pulse
USER shouwen
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=6s --start-period=30s CMD ["python", "-m", "config.pulse", "web"]
CMD ["python", "-m", "gunicorn", "-c", "python:config.web", "config.wsgi"]
