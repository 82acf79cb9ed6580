#!/bin/sh
# The fixed cycle by shell, from nothing: initdb, server start, 24 rows, pg_dump, wipe, pg_restore, a look, stop.
# usage: start.sh DIRECTORY SCHEMA.sql WORKLOAD.sql, as an account that may run a server, with PATH leading to PostgreSQL
set -eu
directory=$1
schema=$2
workload=$3
export PGHOST="$directory" PGPORT=5432 PGUSER=postgres PGDATABASE=postgres TZ=UTC LC_ALL=C
initdb -D "$directory/data" -U postgres --auth=trust --encoding=UTF8 --no-sync --locale=C.UTF-8 >/dev/null
pg_ctl -D "$directory/data" -s -w -l "$directory/server.log" -o "-c listen_addresses='' -c unix_socket_directories='$directory'" \
    -o '-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=32MB -c autovacuum=off' start
quiet() { psql --no-psqlrc --quiet --no-align --tuples-only --set=ON_ERROR_STOP=1 "$@"; }
quiet --command='CREATE DATABASE cycle TEMPLATE template0'
export PGDATABASE=cycle
look() { quiet --command='SELECT count(*), (SELECT row_hash FROM audit_chain_head) FROM audit_events' \
    --command='SELECT first_break_id, row_count FROM audit_events_verify_chain()'; }
quiet --file="$schema"
quiet --file="$workload"
before=$(look)
pg_dump --format=custom --no-owner --no-acl --file="$directory/dump" cycle
quiet --command='SET client_min_messages = error' --command='DROP SCHEMA public CASCADE' --command='CREATE SCHEMA public'
pg_restore --no-owner --no-acl --exit-on-error --dbname=cycle "$directory/dump"
[ "$(look)" = "$before" ]
pg_ctl -D "$directory/data" -s -m immediate stop
