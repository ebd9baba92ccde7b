#!/usr/bin/env bash
# Lets sign-ins made up here be accepted by pyspnego and impacket, and theirs be verified here.
set -euo pipefail
cd "$(dirname "$0")/../.."

cargo build --locked --quiet --bin spnscope --example peer
built=${CARGO_TARGET_DIR:-target}/debug
exec .tools/python/bin/python tests/tools/peers.py --peer "$built/examples/peer" --spnscope "$built/spnscope"
