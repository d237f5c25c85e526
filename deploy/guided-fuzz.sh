#!/bin/sh
# The second half of `make fuzz`: each target under atheris for its share of the minutes. The tool has a place of its own, build/fuzz.
set -eu
cd "$(dirname "$0")/.."
minutes=${1:-5}
if ! build/fuzz/bin/python -c 'import atheris' >/dev/null 2>&1; then
    .venv/bin/python -m venv build/fuzz
    if ! build/fuzz/bin/pip install -q --disable-pip-version-check --only-binary :all: atheris 2>build/fuzz.log; then
        echo "Skipped: atheris has no build for this Python here (build/fuzz.log tells why)."
        exit 0
    fi
fi
packages=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')
targets=$(PYTHONPATH=. .venv/bin/python -c 'from tests.fuzz.targets import TARGETS; print(*TARGETS)')
seconds=$(PYTHONPATH=. .venv/bin/python -c "import sys; print(max(10, int(float('$minutes') * 60 / len(sys.argv[1:]))))" $targets)
for target in $targets; do
    echo "$target under atheris for $seconds s"
    PYTHONPATH=".:$packages" build/fuzz/bin/python -m tests.fuzz.guided "$target" "$seconds" >build/fuzz.log 2>&1 || {
        tail -40 build/fuzz.log
        echo "FAILED: the input is in build/"
        exit 1
    }
done
