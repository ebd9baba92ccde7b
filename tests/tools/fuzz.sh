#!/usr/bin/env bash
# Runs each fuzz target for $SECONDS_EACH seconds and prints a table; fails where one found something.
# What is found goes on growing in target/fuzz from run to run; tests/fuzz/corpus stays as it is.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH="$PWD/.tools/bin:$PATH"

known=(message carrier input repeated settings import capture stream)
read -ra targets <<<"${TARGETS:-${known[*]}}"
seconds=${SECONDS_EACH:-600}
folder=${CARGO_TARGET_DIR:-$PWD/target}/fuzz

declare -A largest=([message]=4096 [carrier]=16384 [input]=65536 [repeated]=96 [settings]=4096 [import]=8192 [capture]=16384 [stream]=16384)
declare -A dictionaries=([message]=ntlm [carrier]='ntlm carriers' [input]='ntlm carriers text' [repeated]=text [settings]=settings [import]=import [capture]='ntlm carriers' [stream]='ntlm carriers')

for target in "${targets[@]}"; do
    [ -n "${largest[$target]-}" ] ||
        { printf 'fuzz: there is no target %s; there are: %s\n' "$target" "${known[*]}" >&2 && exit 2; }
done

# The options that feed back what an input reached are rustc's own, and only look unstable. The library
# has no `unsafe`, so that a sanitizer would find nothing and take three times as long.
export RUSTC_BOOTSTRAP=1
fuzz() { cargo fuzz "$1" --fuzz-dir tests/fuzz --target-dir "$folder/build" --sanitizer none "${@:2}"; }

rows=()
status=0
for target in "${targets[@]}"; do
    printf '\n== %s: building\n' "$target"
    fuzz build "$target"
    printf '\n== %s: %d seconds\n' "$target" "$seconds"
    mkdir -p "$folder/corpus/$target"
    if [ -f "tests/fuzz/found/$target.tar.gz" ]; then
        tar -xzf "tests/fuzz/found/$target.tar.gz" -C "$folder/corpus/$target"
    fi
    for name in ${dictionaries[$target]}; do cat "tests/fuzz/dictionaries/$name.dict"; done >"$folder/$target.dict"
    log=$folder/$target.log
    # New inputs go into the first folder. What is not shown here is in the log.
    set +e
    fuzz run "$target" "$folder/corpus/$target" "tests/fuzz/corpus/$target" -- \
        -dict="$folder/$target.dict" -max_len="${largest[$target]}" -max_total_time="$seconds" \
        -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 2>&1 |
        tee "$log" | grep --line-buffered -E '^#[0-9]+.*(INITED|pulse|DONE)|panicked at|^==[0-9]+==|^error'
    ended=${PIPESTATUS[0]}
    set -e
    rows+=("$(awk -v target="$target" -v ended="$ended" '
        /^#[0-9]/ { for (at = 1; at < NF; at++) if ($at == "cov:" || $at == "ft:" || $at == "corp:") seen[$at] = $(at + 1) }
        /^stat::number_of_executed_units:/ { runs = $2 }
        /^stat::average_exec_per_sec:/ { speed = $2 }
        END { printf "%-9s %12d %8d %7d %7d %10s  %s", target, runs, speed, seen["cov:"], seen["ft:"], seen["corp:"], ended ? "one" : "none" }
    ' "$log")")
    if [ "$ended" != 0 ]; then
        status=1
        rows+=("$(grep -h -m 1 -E 'panicked at|ERROR: libFuzzer' "$log" | cut -c -110 | sed 's/^/          /')")
        artifact=$(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)
        rows+=("          ${artifact#"$PWD"/}")
        rows+=("          smaller: RUSTC_BOOTSTRAP=1 cargo fuzz tmin --fuzz-dir tests/fuzz -s none $target FILE")
    fi
done

printf '\n%-9s %12s %8s %7s %7s %10s  %s\n' target executions 'a second' cov ft corpus crashes
printf '%s\n' "${rows[@]}"
exit "$status"
