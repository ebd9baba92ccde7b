#!/usr/bin/env bash
# Builds the library natively and as a WebAssembly module, and measures both and the command line beside the
# peers, then the reading of captures. WAYS=1 tells for each way to break a message who remarks on it, and which spellings are not understood.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH="$PWD/.tools/bin:$PATH"

target=${CARGO_TARGET_DIR:-$PWD/target}
built=$target/bench
module=$built/module

cargo build --locked --release
build() { cargo build --locked --release --manifest-path tests/bench/Cargo.toml --target-dir "$built" "$@"; }
build --bin native
build --lib --target wasm32-unknown-unknown
wasm-bindgen --target web --no-typescript --out-dir "$module" "$built/wasm32-unknown-unknown/release/work.wasm"
printf '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>bench</title>\n' >"$module/page.html"

.tools/python/bin/python tests/bench/compare.py \
    --program "$target/release/spnscope" --native "$built/release/native" --module "$module" ${WAYS:+--ways}
.tools/python/bin/python tests/bench/audit.py --program "$target/release/spnscope" --module "$module"
