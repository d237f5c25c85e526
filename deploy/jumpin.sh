#!/bin/sh
# Commands beside jumpin.service: with its user, settings and database. Install it as /usr/local/bin/jumpin, and run it as root:
#   jumpin doctor; jumpin deals import /srv/acme.yml; jumpin backup /var/lib/jumpin/monday.bak
# Files are read where the service may read them (not in a home folder or /tmp), and written to /var/lib/jumpin alone.
exec systemd-run --quiet --pipe --wait --collect --service-type=exec \
    --property=DynamicUser=yes --property=User=jumpin --property=StateDirectory=jumpin --property=StateDirectoryMode=0700 --property=UMask=0077 \
    --property=WorkingDirectory=/var/lib/jumpin --property=EnvironmentFile=/etc/jumpin.env \
    --setenv=DATABASE_URL=sqlite+aiosqlite:////var/lib/jumpin/jumpin.sqlite3 --setenv=CRM_MAP=/var/lib/jumpin/crm.yml \
    /opt/jumpin/bin/jumpin "$@"
