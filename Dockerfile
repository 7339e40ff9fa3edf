# One image for web, worker, beat, sealer and migrate; which one it is, the command says.

FROM node:22-bookworm-slim AS packages
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM python:3.12-slim-bookworm AS python
WORKDIR /src
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/epj
COPY requirements.txt ./
RUN /opt/epj/bin/pip install --require-hashes -r requirements.txt

FROM python AS assets
COPY --from=packages /usr/local/bin/node /usr/local/bin/node
COPY --from=packages /src/node_modules node_modules
COPY . .
ENV PATH=/opt/epj/bin:$PATH EPJ_NO_BOOTSTRAP=1
RUN python -m lms_epj.assets && EPJ_STATIC_ROOT=/src/staticfiles python manage.py collectstatic --no-input --verbosity 0 \
    && rm -rf node_modules tests .ci deploy

FROM python:3.12-slim-bookworm
RUN useradd --system --uid 10001 --create-home epj && install -d -o epj -g epj /var/lib/epj /var/lib/epj/seals /var/lib/epj/exports /var/lib/epj/messages
COPY --from=python /opt/epj /opt/epj
COPY --from=assets /src /app
WORKDIR /app
ENV PATH=/opt/epj/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 EPJ_NO_BOOTSTRAP=1 EPJ_VAR_DIR=/var/lib/epj
USER epj
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "lms_epj.wsgi:application", "--host", "0.0.0.0", "--port", "8000", \
     "--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers"]
