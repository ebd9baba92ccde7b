#!/usr/bin/env bash
# Keeps what fuzzing has found: of each target the fewest inputs that reach all that any of them reaches,
# in one file of tests/fuzz/found. `make fuzz` begins with them.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH="$PWD/.tools/bin:$PATH" RUSTC_BOOTSTRAP=1

folder=${CARGO_TARGET_DIR:-$PWD/target}/fuzz
read -ra targets <<<"${TARGETS:-message carrier input repeated settings import capture stream}"
mkdir -p tests/fuzz/found
# What a target may take in the repository.
MAX_BYTES=200000

pack() {
    tar --create --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 --directory "$folder/corpus/$1" . |
        gzip --best --no-name >"tests/fuzz/found/$1.tar.gz"
}

for target in "${targets[@]}"; do
    printf '\n== %s\n' "$target"
    mkdir -p "$folder/corpus/$target"
    if [ -f "tests/fuzz/found/$target.tar.gz" ]; then
        tar -xzf "tests/fuzz/found/$target.tar.gz" -C "$folder/corpus/$target"
    fi
    before=$(find "$folder/corpus/$target" -type f | wc -l)
    cargo fuzz cmin "$target" --fuzz-dir tests/fuzz --target-dir "$folder/build" --sanitizer none "$folder/corpus/$target" -- -timeout=10
    pack "$target"
    # The largest go until the rest fits: small ones reach nearly all.
    while [ "$(stat -c %s "tests/fuzz/found/$target.tar.gz")" -gt "$MAX_BYTES" ]; do
        find "$folder/corpus/$target" -type f -printf '%s %p\n' | sort -rn | head -n 20 | cut -d' ' -f2- |
            xargs -r -d '\n' rm
        pack "$target"
    done
    printf '%s: %d of %d inputs kept\n' "$target" "$(find "$folder/corpus/$target" -type f | wc -l)" "$before"
done
