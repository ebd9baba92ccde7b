#!/usr/bin/env bash
# Makes what wasm-bindgen wrote small: the glue, the names in it, and the module. Trunk has its own
# way for the glue, which fails on it.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH="$PWD/tests/e2e/node_modules/.bin:$PATH"
small=(--minify --format=esm --legal-comments=none --log-level=warning)
for file in "${TRUNK_STAGING_DIR:?}"/spnscope-web-*.js; do
    esbuild "$file" "${small[@]}" --allow-overwrite --outfile="$file"
done
esbuild web/boot.js "${small[@]}" --bundle --outfile="$TRUNK_STAGING_DIR/boot.js"
node tests/tools/module.mjs "$TRUNK_STAGING_DIR"
node tests/tools/single.mjs "$TRUNK_STAGING_DIR"
