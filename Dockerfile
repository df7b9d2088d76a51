# Akashi in a container: non-root, read-only root file system, no network needed at run time (docs/design/container.md).
ARG BASE=python:3.12-slim-bookworm

FROM ${BASE} AS build
WORKDIR /app
COPY requirements.txt ./
RUN python3 -m venv .venv \
    && .venv/bin/pip install --no-cache-dir --quiet --require-hashes -r requirements.txt
COPY . .
# The machine code is for any CPU of the architecture, and it is looked up by the time stamp of its source, of which a
# layer keeps whole seconds only.
ENV NUMBA_CPU_NAME=generic NUMBA_CACHE_DIR=/app/numba
RUN .venv/bin/pip install --no-cache-dir --quiet --no-deps --no-build-isolation --editable . \
    && find . -path ./.venv -prune -o -name '*.py' -exec touch -d @1767225600 {} + \
    && .venv/bin/python -m compileall -q core stores detection prompts models ingestion retrieval answering eval app \
    && .venv/bin/python -m ingestion.warm

FROM ${BASE}
WORKDIR /app
RUN groupadd --gid 10001 akashi \
    && useradd --uid 10001 --gid akashi --no-create-home --home-dir /tmp --shell /usr/sbin/nologin akashi \
    && install --directory --owner akashi --group akashi /data
COPY --from=build /app /app
COPY container/entrypoint /app/entrypoint
ENV PATH=/app/.venv/bin:$PATH \
    HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    NUMBA_CPU_NAME=generic \
    NUMBA_CACHE_DIR=/tmp/numba \
    AKASHI_DATA_DIR=/data
USER 10001:10001
VOLUME /data
EXPOSE 8501
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
    CMD ["/app/.venv/bin/python", "-c", "import urllib.request as web; web.urlopen('http://127.0.0.1:8501/healthz', timeout=4)"]
ENTRYPOINT ["/app/entrypoint"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8501"]
