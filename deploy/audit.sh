#!/bin/sh
# Looks for known vulnerabilities in the pinned packages: `make audit`. Exit status 1 where there are any.
# The tool lives in a place of its own, build/audit, and is fetched when it is first needed.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
if ! build/audit/bin/pip-audit --version >/dev/null 2>&1; then
    mkdir -p build
    "$python" -m venv build/audit
    if ! build/audit/bin/pip install -q --disable-pip-version-check 'pip-audit>=2.7,<3' 2>build/audit.log; then
        echo "Skipped: pip-audit cannot be installed here (build/audit.log tells why)."
        exit 0
    fi
fi
status=0
build/audit/bin/pip-audit --requirement constraints-runtime.txt --require-hashes --disable-pip --progress-spinner off \
    --timeout 20 >build/audit.txt 2>build/audit.log || status=$?
if [ "$status" -ne 0 ] && grep -qiE 'ServiceError|ConnectionError|ConnectTimeout|Max retries|NameResolution|Failed to establish|HTTPError|ProxyError' build/audit.log; then
    echo "Skipped: the vulnerability service cannot be reached from here (build/audit.log tells why)."
    exit 0
fi
unknown=$(grep -c 'could not be audited' build/audit.txt || true)
all=$(grep -cE '^[A-Za-z0-9._-]+==' constraints-runtime.txt)
if [ "$unknown" -ge "$all" ]; then
    echo "Skipped: the package index used here does not tell of vulnerabilities (none of $all packages could be looked up)."
    exit 0
fi
cat build/audit.txt
[ "$unknown" -eq 0 ] || echo "$unknown of $all packages could not be looked up."
[ "$status" -eq 0 ] || cat build/audit.log
exit "$status"
