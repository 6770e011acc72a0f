# syntax=docker/dockerfile:1
# One image for the web server, the workers and the clock: docker-compose.yml gives each its command.

FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /opt/venv
COPY requirements/base.txt /tmp/base.txt
RUN /opt/venv/bin/pip install --require-hashes --only-binary :all: -r /tmp/base.txt

FROM python:3.11-slim
# The commit, shown with every model and prediction: docker build --build-arg CODE_VERSION=$(git rev-parse --short=12 HEAD)
ARG CODE_VERSION=unknown
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data STATIC_ROOT=/srv/static CODE_VERSION=$CODE_VERSION
RUN useradd --create-home --uid 10001 touchline \
    && install --directory --owner touchline --group touchline /data /srv/static /srv/metrics
COPY --from=build /opt/venv /opt/venv
WORKDIR /app
COPY . .
# Settings refuse to load without secrets: these live for this one command and are not in the image's environment.
RUN SECRET_KEY=build ARTIFACT_SIGNING_KEYS=build ALLOWED_HOSTS=build EMAIL_URL=dummymail:// DATA_DIR=/tmp/build \
    python manage.py collectstatic --no-input --verbosity 0 && rm -rf /tmp/build
USER touchline
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "--config", "config/gunicorn.py", "config.wsgi"]
