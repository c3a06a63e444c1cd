#!/bin/sh
# Fetches from npm what drives Chromium here, unless it lies here already.
set -eu
cd "$(dirname "$0")"
[ -d node_modules/playwright-core ] && [ -d node_modules/axe-core ] && exit 0
PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 \
  npm install --no-package-lock --no-save --no-audit --no-fund --silent playwright-core axe-core
