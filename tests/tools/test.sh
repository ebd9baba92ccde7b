#!/usr/bin/env bash
# Everything that is checked, cheap before dear; stops at the first step that fails.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH="$PWD/.tools/bin:$PATH"

gate=test
source tests/tools/steps.sh

rustdoc() { RUSTDOCFLAGS='-D warnings' cargo doc --locked --no-deps --lib; }

wasm_tests() {
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner \
        cargo test --locked --target wasm32-unknown-unknown --no-default-features --test wasm
}

format() {
    local package
    for package in . tests/fuzz tests/bench; do
        cargo fmt --all --check --manifest-path "$package/Cargo.toml" || return
    done
}

step 'tools' tests/tools/setup.sh all
step 'format (rustfmt)' format
step 'lints (clippy)' cargo clippy --locked --workspace --all-targets --all-features -- -D warnings
step 'documentation (rustdoc)' rustdoc
step 'native tests' cargo test --locked
step 'pyspnego and impacket' tests/tools/peers.sh
step 'component tests' cargo test --locked --package spnscope-page
step 'wasm32 tests (Node)' wasm_tests
step 'release build' tests/tools/build.sh
step 'size of the first load' node tests/tools/size.mjs
step 'browser tests (Chromium, Firefox)' tests/tools/browser-tests.sh

all_passed
