#!/bin/sh
# Make up the secrets of compose.yaml, in the folder secrets beside this file, unless they are there.
# Containers mount single files: the folder is for you alone, and each file in it is readable by the users within.
set -eu
folder=$(dirname "$0")/secrets
mkdir -p "$folder"
chmod 0700 "$folder"
random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
keep() { # NAME TEXT
  [ -e "$folder/$1" ] && return
  printf %s "$2" >"$folder/$1.new"
  chmod 0444 "$folder/$1.new"
  mv "$folder/$1.new" "$folder/$1"
}
keep secret "$(random)"
keep database-password "$(random)"
keep grafana-password "$(random)"
keep database-url "postgres://pingxuan:$(cat "$folder/database-password")@database:5432/pingxuan"
