#!/usr/bin/env bash
# Puts the page's style sheets into one small one: fewer requests, and together they compress better.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH="$PWD/tests/e2e/node_modules/.bin:$PATH"
mkdir -p target
cd web/styles
cat tokens.css base.css layout.css byte-view.css field-tree.css panels.css first-visit.css relay.css learn.css |
    esbuild --loader=css --minify --legal-comments=none --log-level=warning > ../../target/page.css
