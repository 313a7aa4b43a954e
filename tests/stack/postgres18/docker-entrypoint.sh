#!/bin/bash
# What the official entry point promises, as far as a compose file here uses it: a first start makes the cluster and runs
# /docker-entrypoint-initdb.d against a server that only the socket reaches, then the real one starts.
set -Eeuo pipefail

read_file_variants() {
  local name file
  for name in "$@"; do
    file=${name}_FILE
    if [ -n "${!file:-}" ]; then export "$name"="$(< "${!file}")"; fi
  done
}

make_cluster() {
  read_file_variants POSTGRES_USER POSTGRES_PASSWORD POSTGRES_DB
  : "${POSTGRES_USER:=postgres}" "${POSTGRES_DB:=$POSTGRES_USER}" "${POSTGRES_PASSWORD:?is not set}"
  mkdir -p "$PGDATA" && chmod 700 "$PGDATA"
  # shellcheck disable=SC2086
  initdb --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") ${POSTGRES_INITDB_ARGS:-}
  printf '\nhost all all all scram-sha-256\n' >> "$PGDATA/pg_hba.conf"
  printf "\nlisten_addresses = '*'\nunix_socket_directories = '/var/run/postgresql'\n" >> "$PGDATA/postgresql.conf"
  export PGHOST=/var/run/postgresql PGPASSWORD=$POSTGRES_PASSWORD
  pg_ctl -D "$PGDATA" -o "-c listen_addresses=''" -w start
  if [ "$POSTGRES_DB" != postgres ]; then createdb --username "$POSTGRES_USER" "$POSTGRES_DB"; fi
  for script in /docker-entrypoint-initdb.d/*.sh; do
    if [ -x "$script" ]; then "$script"; elif [ -e "$script" ]; then . "$script"; fi
  done
  pg_ctl -D "$PGDATA" -m fast -w stop
  unset PGHOST PGPASSWORD
}

if [ "$(id -u)" = 0 ]; then
  chown postgres:postgres /var/lib/postgresql
  exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then make_cluster; fi
exec "$@"
