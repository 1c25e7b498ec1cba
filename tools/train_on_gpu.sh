#!/bin/sh
# One piece of a training on one large GPU; call it again and it goes on.
# Needs python3 with numpy, scipy, numba, psutil, torch and safetensors.
#
#   part-perception train vectors names.safetensors     # once, where the text model is
#   tools/train_on_gpu.sh runs/large names.safetensors [MINUTES] [options of `part-perception train run`]
#
# A checkpoint may lie in RUN in pieces (checkpoint.pt.aa, .ab, …), and with $OUT set goes there in such pieces.
set -eu
run=$1 names=$2 minutes=${3:-8}
[ $# -gt 3 ] && shift 3 || shift $#
cd "$(dirname "$0")/.."
cores=$(nproc)
mkdir -p "$run"
if [ ! -f "$run/checkpoint.pt" ] && ls "$run"/checkpoint.pt.a? >/dev/null 2>&1; then
    cat "$run"/checkpoint.pt.a? > "$run/checkpoint.pt"
fi
rm -f "$run"/checkpoint.pt.a?
export OMP_NUM_THREADS=1 PYTHONUNBUFFERED=1
python3 -m part_perception.cli.main bench --training
python3 -m part_perception.cli.main train run "$run" --names "$names" --device cuda --workers "$cores" \
    --batch 256 --rate 2e-3 --steps 20000 --minutes "$minutes" --validate 500 "$@"
if [ -n "${OUT:-}" ]; then
    cp "$run/config.json" "$run/log.jsonl" "$OUT/"
    [ ! -f "$run/curves.png" ] || cp "$run/curves.png" "$OUT/"
    split -b 15m "$run/checkpoint.pt" "$OUT/checkpoint.pt."
fi
