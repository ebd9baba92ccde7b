#!/usr/bin/env bash
# Compares what the command line, tshark and pyspnego say of each message in $FILES, or in all captures.
set -euo pipefail
cd "$(dirname "$0")/../.."

cargo build --locked --release
# Names of files are words: splitting is meant.
# shellcheck disable=SC2086
exec .tools/python/bin/python tests/tools/differential.py \
    --program "${CARGO_TARGET_DIR:-target}/release/spnscope" ${FILES-}
