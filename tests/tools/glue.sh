#!/usr/bin/env bash
# Makes what wasm-bindgen wrote small. Trunk has its own way, which fails on it.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH="$PWD/tests/e2e/node_modules/.bin:$PATH"
for file in "${TRUNK_STAGING_DIR:?}"/spnscope-web-*.js; do
    esbuild "$file" --minify --format=esm --legal-comments=none --log-level=warning \
        --allow-overwrite --outfile="$file"
done
node tests/tools/shorten.mjs "$TRUNK_STAGING_DIR"
