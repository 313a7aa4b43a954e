#!/bin/sh
# The database container runs this once, when it makes its volume, after the script of the site's role; on a volume that is
# older than this file, by hand. Whoever makes archives may do what the site's role may, and make the databases in which
# archives are proven and restored.
set -e
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username postgres --dbname postgres <<'SQL'
\set password `cat /run/secrets/backup_db_password`
create role homeport_backup login createdb password :'password' in role homeport;
SQL
