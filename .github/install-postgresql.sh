#!/usr/bin/env bash
# Installs one major version of PostgreSQL from its own packages, and takes away all others, so that it is what is found.
set -euo pipefail
major=${1:?the major version is wanted}

sudo apt-get -qq update
sudo apt-get -qq purge --yes 'postgresql-[0-9]*' 'postgresql-client-[0-9]*'
sudo apt-get -qq install --yes postgresql-common
sudo /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y
sudo apt-get -qq install --yes "postgresql-$major"
"/usr/lib/postgresql/$major/bin/pg_dump" --version
