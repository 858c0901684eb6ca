# One image for every service but PostgreSQL: the locked set, and the project.
FROM python:3.11-slim-bookworm

RUN apt-get update \
    && apt-get install --yes --no-install-recommends git libgomp1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 rapport

WORKDIR /opt/rapport
COPY requirements.lock ./
RUN pip install --no-cache-dir "$(grep '^uv==' requirements.lock)" \
    && uv pip sync --system --no-cache --compile-bytecode requirements.lock

COPY . .
RUN uv pip install --system --no-cache --no-deps --no-build-isolation --editable . \
    && mkdir -p var airflow \
    && chown -R rapport:rapport var airflow

USER rapport
ENV PYTHONUNBUFFERED=1 PYTHONPATH=/opt/rapport
