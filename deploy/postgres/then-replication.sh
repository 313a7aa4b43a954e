#!/bin/sh
# The database container runs this once, when it makes its volume, after the other scripts; on a volume that is older than
# this file, and on one that was recovered with the passwords of another server, by hand. Whoever makes archives may also
# read the log of the database.
set -e
export PGHOST="${PGHOST:-/var/run/postgresql}"
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username postgres --dbname postgres <<'SQL'
\set password `cat /run/secrets/db_password`
alter role homeport password :'password';
\set password `cat /run/secrets/backup_db_password`
alter role homeport_backup replication password :'password';
SQL
line='host replication homeport_backup all scram-sha-256'
grep -qxF "$line" "$PGDATA/pg_hba.conf" || printf '\n%s\n' "$line" >> "$PGDATA/pg_hba.conf"
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username postgres --dbname postgres --command 'select pg_reload_conf()' > /dev/null
