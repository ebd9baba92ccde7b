#!/usr/bin/env bash
# Everything that is checked, cheap before dear; stops at the first step that fails.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH="$PWD/.tools/bin:$PATH"

steps=()
started=$SECONDS

summary() {
    printf '\n'
    printf '%s\n' "${steps[@]}"
    printf '%6d s          in all\n' "$((SECONDS - started))"
}

step() {
    local name=$1 start=$SECONDS seconds
    shift
    printf '\n== %s\n' "$name"
    if "$@"; then
        seconds=$((SECONDS - start))
        steps+=("$(printf '%6d s  ok      %s' "$seconds" "$name")")
        printf '== %s: ok (%d s)\n' "$name" "$seconds"
    else
        steps+=("$(printf '%6d s  FAILED  %s' "$((SECONDS - start))" "$name")")
        summary
        printf '\nmake test: FAILED at "%s"; the steps after it were not run.\n' "$name" >&2
        exit 1
    fi
}

rustdoc() { RUSTDOCFLAGS='-D warnings' cargo doc --locked --no-deps --lib; }

wasm_tests() {
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner \
        cargo test --locked --target wasm32-unknown-unknown --no-default-features --test wasm
}

format() {
    local package
    for package in . tests/fuzz tests/bench; do
        cargo fmt --check --manifest-path "$package/Cargo.toml" || return
    done
}

step 'tools' tests/tools/setup.sh all
step 'format (rustfmt)' format
step 'lints (clippy)' cargo clippy --locked --all-targets --all-features -- -D warnings
step 'documentation (rustdoc)' rustdoc
step 'native tests' cargo test --locked
step 'pyspnego and impacket' tests/tools/peers.sh
step 'component tests' cargo test --locked --features ssr-tests --bin spnscope-web
step 'wasm32 tests (Node)' wasm_tests
step 'release build' tests/tools/build.sh
step 'size of the first load' node tests/tools/size.mjs
step 'browser tests (Chromium, Firefox)' tests/tools/browser-tests.sh

summary
printf '\nmake test: all steps passed.\n'
