# Steps with their times, and a summary; the first that fails is the last. To be sourced by what `make $gate`
# calls.

steps=()
started=$SECONDS

summary() {
    printf '\n'
    printf '%s\n' "${steps[@]}"
    printf '%6d s          in all\n' "$((SECONDS - started))"
}

step() {
    local name=$1 start=$SECONDS seconds
    shift
    printf '\n== %s\n' "$name"
    if "$@"; then
        seconds=$((SECONDS - start))
        steps+=("$(printf '%6d s  ok      %s' "$seconds" "$name")")
        printf '== %s: ok (%d s)\n' "$name" "$seconds"
    else
        steps+=("$(printf '%6d s  FAILED  %s' "$((SECONDS - start))" "$name")")
        summary
        printf '\nmake %s: FAILED at "%s"; the steps after it were not run.\n' "$gate" "$name" >&2
        exit 1
    fi
}

all_passed() {
    summary
    printf '\nmake %s: all steps passed.\n' "$gate"
}
