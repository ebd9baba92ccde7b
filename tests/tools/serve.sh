#!/usr/bin/env bash
# Builds the page and serves it on 127.0.0.1, port $PORT.
set -euo pipefail
cd "$(dirname "$0")/../.."

tests/tools/setup.sh build
# Before the build, which takes a minute or two the first time.
node tests/tools/serve.mjs --check "$PORT"
tests/tools/build.sh
exec node tests/tools/serve.mjs "$PORT"
