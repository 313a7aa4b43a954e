#!/bin/sh
# The database container runs this once, when it makes its volume: the site works as a role that owns its own database
# and nothing else, so that a hole in the site is not a hole in the server.
set -e
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username postgres --dbname postgres <<'SQL'
\set password `cat /run/secrets/db_password`
create role homeport login password :'password';
create database homeport owner homeport;
revoke all on database homeport from public;
SQL
