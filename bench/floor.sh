#!/bin/sh
# What no harness can avoid, and nothing else: usage: floor.sh LOOPS DATABASE DIRECTORY
# Dumps DATABASE, creates another one, restores into it and drops it, LOOPS times. Takes the server from PG* variables.
set -eu
loops=$1
database=$2
directory=$3
target="${database}_restored"
while [ "$loops" -gt 0 ]; do
    pg_dump --format=custom --file="$directory/$database.dump" "$database"
    psql --no-psqlrc --quiet --dbname=postgres --command="CREATE DATABASE $target TEMPLATE template0"
    pg_restore --exit-on-error --dbname="$target" "$directory/$database.dump"
    psql --no-psqlrc --quiet --dbname=postgres --command="DROP DATABASE $target"
    loops=$((loops - 1))
done
