#!/usr/bin/env bash
# Builds the page into dist.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH="$PWD/tests/e2e/node_modules/.bin:$PWD/.tools/bin:$PATH"

# The standard library is compiled with the page: for size, and without the texts of panics, which
# nobody would see. That takes 9 % off the first load. Cargo and rustc keep it behind this switch.
export RUSTC_BOOTSTRAP=1 CARGO_UNSTABLE_BUILD_STD=std CARGO_UNSTABLE_BUILD_STD_FEATURES=optimize_for_size
library=$(rustc --print sysroot)/lib/rustlib/src/rust/library

# Trunk builds offline.
cargo fetch --locked --quiet
cargo fetch --locked --quiet --target wasm32-unknown-unknown --manifest-path "$library/Cargo.toml"

# Panic messages hold paths of source files. With these replaced, two people's builds are the same
# bytes and name nobody's home.
# SHA-256, of which the relay lab takes little, comes in its compact form. LLVM is kept from reducing the strength of loops
# and from computing things early on one way to have them once: what is alike stays alike, and packs better.
flags=(--cfg 'sha2_backend_soft="compact"' -Cllvm-args=-disable-lsr -Cllvm-args=-enable-pre=false
    -Zunstable-options -Cpanic=immediate-abort
    "--remap-path-prefix=$PWD=spnscope" "--remap-path-prefix=$library=library")
for crates in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*; do
    flags+=("--remap-path-prefix=$crates=crates")
done
CARGO_ENCODED_RUSTFLAGS=$(IFS=$'\x1f' && printf '%s' "${flags[*]}")
export CARGO_ENCODED_RUSTFLAGS

# Trunk 0.21 takes NO_COLOR=1 for a mistake.
env -u NO_COLOR TRUNK_SKIP_VERSION_CHECK=true trunk build --release
