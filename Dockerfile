# The bot alone, without the tools to build it. It runs as an unprivileged user, also on a read-only file system, and keeps its SQLite
# file, if any, under /data. Build it with: docker build -t jumpin .
FROM python:3.12-slim AS build
# PINS=constraints-otel.txt: with OpenTelemetry, to send traces
ARG PINS=constraints-runtime.txt
WORKDIR /src
RUN python -m venv --without-pip /opt/jumpin
COPY constraints-build.txt constraints-runtime.txt constraints-otel.txt ./
RUN pip install --no-cache-dir --quiet --root-user-action ignore --require-hashes -r constraints-build.txt \
 && pip --python /opt/jumpin/bin/python install --no-cache-dir --quiet --require-hashes -r "$PINS"
COPY pyproject.toml README.md LICENSE manifest.yml ./
COPY bot bot
COPY handlers handlers
COPY store store
COPY templates templates
RUN pip wheel --quiet --no-deps --no-build-isolation --wheel-dir /dist . \
 && pip --python /opt/jumpin/bin/python install --no-cache-dir --quiet --no-deps /dist/*.whl

FROM python:3.12-slim
# The base comes with pip, and without bytecode of its own modules: each start and each health check would compile them anew, for good.
RUN useradd --no-create-home --home-dir /data --uid 10001 --user-group --shell /usr/sbin/nologin jumpin \
 && mkdir /data && chown jumpin: /data && chmod 700 /data \
 && pip uninstall --quiet --yes --root-user-action ignore pip \
 && modules=$(python -c "import sysconfig; print(sysconfig.get_path('stdlib'))") \
 && rm -rf "$modules/ensurepip" \
 && python -m compileall -q -x '/(idlelib|lib2to3|pydoc_data|site-packages|test|tests|tkinter|turtledemo)/' "$modules"
COPY --from=build /opt/jumpin /opt/jumpin
# PYTHONDONTWRITEBYTECODE: nothing but /data and /tmp is written. PORT: the health check asks there, in both modes.
ENV PATH=/opt/jumpin/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 JUMPIN_LOG_FORMAT=json PORT=3000 \
    DATABASE_URL=sqlite+aiosqlite:////data/jumpin.sqlite3
USER 10001
WORKDIR /data
# not by urllib, which would ask the proxy that the environment may name
HEALTHCHECK --interval=60s --timeout=15s --start-period=30s CMD ["python", "-c", \
    "import os, sys, http.client as h; c = h.HTTPConnection('127.0.0.1', int(os.environ['PORT']), timeout=5); c.request('GET', '/readyz'); sys.exit(c.getresponse().status != 200)"]
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
ENTRYPOINT ["jumpin"]
CMD ["run"]
