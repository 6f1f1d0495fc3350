#!/bin/sh
# Make deploy/.env, with secrets that nobody else has: sh deploy/secrets.sh gan.school.example
set -eu
host=${1:?"say by which name the app is called: sh deploy/secrets.sh gan.school.example"}
file=$(dirname "$0")/.env

hex() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }

umask 077 # for nobody else to read
set -C    # and never over one that is there: its database knows its password
cat > "$file" <<END
STUDIO_HOST=$host
GAN_STUDIO_PIN=$(od -An -N4 -tu4 /dev/urandom | awk '{ printf "%08d", $1 % 100000000 }')
GAN_STUDIO_KEY=$(hex 24)
COOKIE_SECRET=$(hex 32)
POSTGRES_PASSWORD=$(hex 24)
STORE_KEY=$(hex 10)
STORE_SECRET=$(hex 24)
RAY_AUTH_TOKEN=$(hex 32)
END
echo "$file is made. Keep a copy where backups are kept; whoever reads it is the teacher."
