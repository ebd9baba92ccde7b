#!/usr/bin/env bash
# Completes the page that Trunk has built: the program, run natively, puts in what is drawn first and the
# chapters of Learn; then the page is written as one file too.
set -euo pipefail
cd "$(dirname "$0")/../.."

# The flags of the page's build would have everything that runs here compiled anew.
env -u CARGO_ENCODED_RUSTFLAGS cargo run --quiet --locked --package spnscope-page
exec node tests/tools/single.mjs
