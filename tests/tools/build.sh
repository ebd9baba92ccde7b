#!/usr/bin/env bash
# Builds the page into dist.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH="$PWD/tests/e2e/node_modules/.bin:$PWD/.tools/bin:$PATH"

# Trunk builds offline.
cargo fetch --locked --quiet

# Panic messages hold paths of source files. With these replaced, two people's builds are the same
# bytes and name nobody's home.
flags=("--remap-path-prefix=$PWD=spnscope")
for crates in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*; do
    flags+=("--remap-path-prefix=$crates=crates")
done
# With its component rust-src, Rust writes the paths of that copy of the standard library; without it,
# paths that begin with /rustc and the commit.
commit=$(rustc -vV | sed -n 's/^commit-hash: //p')
flags+=("--remap-path-prefix=$(rustc --print sysroot)/lib/rustlib/src/rust=/rustc/$commit")
CARGO_ENCODED_RUSTFLAGS=$(IFS=$'\x1f' && printf '%s' "${flags[*]}")
export CARGO_ENCODED_RUSTFLAGS

# Trunk 0.21 takes NO_COLOR=1 for a mistake.
env -u NO_COLOR TRUNK_SKIP_VERSION_CHECK=true trunk build --release
