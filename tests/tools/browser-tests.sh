#!/usr/bin/env bash
# The browser tests, against the page in dist. Arguments go to `node --test`.
set -euo pipefail
cd "$(dirname "$0")/../.."

if [ ! -f dist/index.html ]; then
    echo 'browser tests: dist holds no page: `make dist` builds it.' >&2
    exit 1
fi
options=(--test --test-reporter=spec)
# One file at a time, as browsers are hungry; the first releases of Node 20 lack the option.
if node --test-concurrency=1 --eval 0 2>/dev/null; then options+=(--test-concurrency=1); fi
exec node "${options[@]}" "$@" tests/e2e/*.test.mjs
