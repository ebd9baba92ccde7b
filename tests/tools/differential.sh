#!/usr/bin/env bash
# Compares what the command line, tshark and pyspnego say of each message in $FILES, or in all captures; and the
# sign-ins of captures with tshark.
set -euo pipefail
cd "$(dirname "$0")/../.."

cargo build --locked --release
program=${CARGO_TARGET_DIR:-target}/release/spnscope
captures=()
for file in ${FILES-}; do
    case $file in *.pcap | *.pcapng | *.cap) captures+=("$file") ;; esac
done
if [ -z "${FILES-}" ] || [ "${#captures[@]}" -gt 0 ]; then
    .tools/python/bin/python tests/tools/sign_ins.py --program "$program" "${captures[@]}"
fi

# Names of files are words: splitting is meant.
# shellcheck disable=SC2086
exec .tools/python/bin/python tests/tools/differential.py --program "$program" ${FILES-}
