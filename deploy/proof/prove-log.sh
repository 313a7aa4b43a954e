#!/bin/sh
# Starts a PostgreSQL of its own on the base backup and the log that `homeport backup watch` lays down in a folder, asks it
# what it holds, writes down the answer and throws the server away: `prove-log.sh FOLDER`, or `prove-log.sh FOLDER once`.
# Nobody can reach that server: it listens in a folder that is made for it, and the container is on no network of others.
set -u
case=$1/case
server=
sockets=$(mktemp -d)
trap 'end_server; rm -rf "$sockets"; exit 0' TERM INT

end_server() {
  if [ -n "$server" ]; then
    kill -QUIT "$server" 2>/dev/null
    wait "$server"
    server=
  fi
}

# Whoever has asked takes everything away when it takes too long.
is_wanted() { [ -e "$case/taken" ]; }

# The first line says what has become of it; the file `$case/said` may have more.
try() {
  if ! { mkdir -m 700 "$case/cluster" && tar -xzf "$case/base.tar.gz" -C "$case/cluster"; } 2> "$case/said"; then
    echo 'failed: the base backup cannot be unpacked'
    return
  fi
  : > "$case/cluster/recovery.signal"
  # Whatever the server was that this comes from lets in whom it knows; this one knows nobody but us.
  echo 'local all all trust' > "$case/hba"
  postgres -D "$case/cluster" -c hba_file="$case/hba" -c listen_addresses= -c unix_socket_directories="$sockets" \
    -c hot_standby=off -c recovery_target_action=promote -c archive_mode=off -c ssl=off -c fsync=off -c shared_buffers=32MB \
    -c log_destination=stderr -c logging_collector=off \
    -c restore_command="test -e '$case/wal/%f.gz' && gzip -dc '$case/wal/%f.gz' > '%p'" > "$case/log" 2>&1 &
  server=$!
  until pg_isready --quiet --host="$sockets"; do
    is_wanted || return
    if ! kill -0 "$server" 2>/dev/null; then
      grep -E 'FATAL|PANIC' "$case/log" | tail -n 1 > "$case/said"
      echo 'failed: PostgreSQL does not start on it'
      return
    fi
    sleep 0.5
  done
  if psql --no-psqlrc --host="$sockets" --username=postgres --dbname="$(cat "$case/database")" --set=ON_ERROR_STOP=1 \
    --quiet --no-align --tuples-only --file="$case/question.sql" > "$case/said" 2> "$case/refused"; then
    echo proven
  else
    mv "$case/refused" "$case/said"
    echo 'failed: PostgreSQL does not answer on it'
  fi
}

prove() {
  : > "$case/taken"
  : > "$case/said"
  try > "$case/answer.new"
  # Before the answer: whoever reads it takes away what the server works in.
  end_server
  rm -rf "$case/cluster"
  is_wanted && cat "$case/said" >> "$case/answer.new" && mv "$case/answer.new" "$case/answer"
}

while :; do
  if [ -e "$case/question.sql" ] && ! [ -e "$case/taken" ]; then prove; fi
  if [ "${2:-}" = once ]; then
    rm -rf "$sockets"
    exit 0
  fi
  sleep 5 &
  wait $!
done
