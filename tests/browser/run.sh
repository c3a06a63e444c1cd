#!/bin/sh
# Looks at every preview of the report in Chromium; `make browser` calls this.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
python=${PYTHON:-$root/.venv/bin/python}

chromium=$(command -v chromium || command -v chromium-browser || true)
if [ -z "$chromium" ]; then
  apt-get update -qq && apt-get install -y -qq chromium
  chromium=$(command -v chromium)
fi
sh "$here/packages.sh"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$root"
"$python" -c 'import sys; from pathlib import Path; from reports.preview import preview; preview(Path(sys.argv[1]))' "$folder/nights"
node "$here/check.mjs" "$folder/nights" "$chromium"
