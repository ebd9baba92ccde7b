#!/usr/bin/env bash
# Measures the library with criterion, then the command line beside tshark and pyspnego.
set -euo pipefail
cd "$(dirname "$0")/../.."

target=${CARGO_TARGET_DIR:-$PWD/target}
CRITERION_HOME=$target/criterion cargo bench --locked --manifest-path tests/bench/Cargo.toml --target-dir "$target/bench"
cargo build --locked --release
.tools/python/bin/python tests/bench/peers.py "$target/release/spnscope"
