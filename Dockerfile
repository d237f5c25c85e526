# The bot alone, without the tools to build it; it runs as an unprivileged user and keeps its SQLite file, if any, under /data.
FROM python:3.12-slim AS build
WORKDIR /src
RUN python -m venv /opt/jumpin
COPY constraints.txt constraints-runtime.txt ./
RUN pip install --no-cache-dir --quiet --require-hashes -r constraints.txt \
 && /opt/jumpin/bin/pip install --no-cache-dir --quiet --require-hashes -r constraints-runtime.txt
COPY pyproject.toml README.md LICENSE manifest.yml ./
COPY bot bot
COPY handlers handlers
COPY store store
COPY templates templates
RUN pip wheel --quiet --no-deps --no-build-isolation --wheel-dir /dist . \
 && /opt/jumpin/bin/pip install --no-cache-dir --quiet --no-deps /dist/*.whl

FROM python:3.12-slim
RUN useradd --system --create-home --uid 10001 jumpin && mkdir /data && chown jumpin /data
COPY --from=build /opt/jumpin /opt/jumpin
ENV PATH=/opt/jumpin/bin:$PATH PYTHONUNBUFFERED=1 JUMPIN_LOG_FORMAT=json \
    DATABASE_URL=sqlite+aiosqlite:////data/jumpin.sqlite3
USER jumpin
HEALTHCHECK --interval=60s --timeout=15s --start-period=30s CMD if [ -n "$SLACK_APP_TOKEN" ]; then jumpin db current; \
    else python -c "import os, urllib.request as r; r.urlopen('http://127.0.0.1:%s/readyz' % os.environ.get('PORT', '3000'), timeout=5)"; fi
VOLUME /data
EXPOSE 3000
ENTRYPOINT ["jumpin"]
CMD ["run"]
