#!/usr/bin/env bash
# Builds the page here and in a folder of another name, each from nothing, compares every byte, and looks for the
# path of the builder's home.
set -euo pipefail
cd "$(dirname "$0")/../.."

folder=$(mktemp -d "${TMPDIR:-/tmp}/spnscope-built-again-XXXXXX")
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/one" "$folder/and-another"

# What git knows or would take, as it is here.
sources() {
    local file
    git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
        if [ -f "$file" ]; then printf '%s\0' "$file"; fi
    done
}

for copy in one and-another; do
    sources | xargs -0 cp --parents --target-directory "$folder/$copy"
    ln -s "$PWD/.tools" "$folder/$copy/.tools"
    ln -s "$PWD/tests/e2e/node_modules" "$folder/$copy/tests/e2e/node_modules"
    printf '\n== build in %s\n' "$copy"
    (unset CARGO_TARGET_DIR && "$folder/$copy/tests/tools/build.sh")
done

(cd "$folder/one/dist" && find . -type f -print0 | sort -z | xargs -0 sha256sum)
diff --recursive --brief "$folder/one/dist" "$folder/and-another/dist" ||
    { printf 'reproducible: the two builds differ.\n' >&2 && exit 1; }
if grep --recursive --text --files-with-matches --fixed-strings "$HOME/" "$folder/one/dist"; then
    printf 'reproducible: the files above name %s.\n' "$HOME" >&2 && exit 1
fi
printf 'reproducible: the two builds are the same, byte for byte, and name nobody.\n'
