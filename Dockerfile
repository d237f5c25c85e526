# The bot alone, without the tools to build it. It runs as an unprivileged user, also on a read-only file system, and keeps its SQLite
# file, if any, under /data. Build it with: docker build -t jumpin .
FROM python:3.12-slim AS build
# PINS=constraints-otel.txt: with OpenTelemetry, to send traces
ARG PINS=constraints-runtime.txt
WORKDIR /src
RUN python -m venv /opt/jumpin
COPY constraints.txt constraints-runtime.txt constraints-otel.txt ./
RUN pip install --no-cache-dir --quiet --require-hashes -r constraints.txt \
 && /opt/jumpin/bin/pip install --no-cache-dir --quiet --require-hashes -r "$PINS"
COPY pyproject.toml README.md LICENSE manifest.yml ./
COPY bot bot
COPY handlers handlers
COPY store store
COPY templates templates
RUN pip wheel --quiet --no-deps --no-build-isolation --wheel-dir /dist . \
 && /opt/jumpin/bin/pip install --no-cache-dir --quiet --no-deps /dist/*.whl \
 && /opt/jumpin/bin/pip uninstall --quiet --yes pip

FROM python:3.12-slim
RUN useradd --system --no-create-home --home-dir /data --uid 10001 --shell /usr/sbin/nologin jumpin \
 && mkdir /data && chown jumpin /data && chmod 700 /data
COPY --from=build /opt/jumpin /opt/jumpin
# PYTHONDONTWRITEBYTECODE: nothing but /data and /tmp is written. PORT: the health check asks there, in both modes.
ENV PATH=/opt/jumpin/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 JUMPIN_LOG_FORMAT=json PORT=3000 \
    DATABASE_URL=sqlite+aiosqlite:////data/jumpin.sqlite3
USER 10001
WORKDIR /data
HEALTHCHECK --interval=60s --timeout=15s --start-period=30s CMD ["python", "-c", \
    "import os, urllib.request as r; r.urlopen('http://127.0.0.1:%s/readyz' % os.environ['PORT'], timeout=5)"]
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
ENTRYPOINT ["jumpin"]
CMD ["run"]
