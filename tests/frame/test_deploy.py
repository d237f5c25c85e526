"""The files for running it: they fit together, start what there is, ask at addresses that there are, and give away no rights."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import yaml
from prometheus_client import generate_latest

from bot.settings import Settings
from handlers.house import Counts

DEPLOY = Path("deploy")
PROBES = {"/healthz", "/readyz"}


def documents(file: str) -> list[Any]:
    return list(yaml.safe_load_all((DEPLOY / file).read_text(encoding="utf-8")))


def pod() -> dict[str, Any]:
    [deployment] = [one for one in documents("kubernetes/jumpin.yml") if one["kind"] == "Deployment"]
    assert deployment["spec"]["replicas"] == 2
    spec: dict[str, Any] = deployment["spec"]["template"]["spec"]
    return spec


def daily_pod() -> dict[str, Any]:
    [job] = documents("kubernetes/daily.yml")
    spec: dict[str, Any] = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    return spec


def test_what_is_due_when_no_bot_runs_any_more_is_looked_for_each_day() -> None:
    command = ["forget", "--due", "--yes"]
    assert [container["args"] for container in daily_pod()["containers"]] == [command]
    assert "daily.yml" in documents("kubernetes/kustomization.yml")[0]["resources"]
    unit, timer = (DEPLOY.joinpath(f"jumpin-forget.{kind}").read_text(encoding="utf-8") for kind in ("service", "timer"))
    assert f"ExecStart=/usr/local/bin/jumpin {' '.join(command)}\n" in unit
    assert "OnCalendar=*-*-* " in timer
    done = subprocess.run([sys.executable, "-m", "bot", *command, "--help"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_cluster_asks_where_the_bot_answers() -> None:
    [container] = pod()["containers"]
    asked = {container[probe]["httpGet"]["path"] for probe in ("startupProbe", "livenessProbe", "readinessProbe")}
    assert asked == PROBES
    assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert {"name": "PORT", "value": str(container["ports"][0]["containerPort"])} in container["env"]
    served = Path("handlers/web.py").read_text(encoding="utf-8")
    assert all(f'"{path}"' in served for path in (*PROBES, "/metrics"))


def test_no_container_has_rights_that_it_does_not_need() -> None:
    spec = pod()
    assert spec["securityContext"]["runAsNonRoot"]
    daily = daily_pod()
    assert daily["securityContext"] == spec["securityContext"]
    for container in (*spec["containers"], *spec["initContainers"], *daily["containers"]):
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
    [compose] = documents("compose.yml")
    for name in ("upgrade", "jumpin"):
        service = compose["services"][name]
        assert (service["read_only"], service["cap_drop"], service["tmpfs"]) == (True, ["ALL"], ["/tmp"])
        assert service["security_opt"] == ["no-new-privileges:true"]
    assert all(port.startswith("127.0.0.1:") for port in compose["services"]["jumpin"]["ports"])
    assert compose["networks"]["inside"]["internal"]
    docker = Path("Dockerfile").read_text(encoding="utf-8")
    assert re.search(r"^USER 10001$", docker, re.MULTILINE)
    assert "/readyz" in docker


def test_compose_waits_for_the_server_that_stays_and_for_the_tables() -> None:
    """While the database is made, its server answers at its socket and nowhere else, and is then started anew."""
    [compose] = documents("compose.yml")
    services = compose["services"]
    assert services["database"]["healthcheck"]["test"][-2:] == ["--host", "127.0.0.1"]
    assert services["upgrade"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert services["jumpin"]["depends_on"] == {"upgrade": {"condition": "service_completed_successfully"}}


def test_compose_runs_what_was_built_here_and_fetches_no_image_of_that_name() -> None:
    [compose] = documents("compose.yml")
    upgrade, bot = compose["services"]["upgrade"], compose["services"]["jumpin"]
    assert upgrade["image"] == bot["image"]
    assert (upgrade["build"], upgrade["pull_policy"], bot["pull_policy"]) == ("..", "build", "never")


def test_the_cluster_gets_one_image_with_the_version_in_its_name() -> None:
    [kustomization] = documents("kubernetes/kustomization.yml")
    [image] = kustomization["images"]
    spec = pod()
    assert {container["image"] for container in (*spec["containers"], *spec["initContainers"])} == {image["name"]}
    assert image["newTag"] == tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert all((DEPLOY / "kubernetes" / file).exists() for file in kustomization["resources"])


def test_a_pod_that_goes_has_time_to_finish() -> None:
    """The cluster counts the pause before the end as part of the grace; the bot itself takes 15 s at most."""
    spec = pod()
    [container] = spec["containers"]
    *_, pause = container["lifecycle"]["preStop"]["exec"]["command"]
    assert spec["terminationGracePeriodSeconds"] >= int(pause) + 15 + 5


def test_from_outside_only_events_and_hooks_can_be_reached() -> None:
    [ingress] = documents("kubernetes/ingress.yml")
    paths = [path["path"] for rule in ingress["spec"]["rules"] for path in rule["http"]["paths"]]
    assert paths == ["/slack/events", "/hooks/"]


def test_every_setting_that_these_files_name_exists() -> None:
    known = {str(field.validation_alias) for field in Settings.model_fields.values()}
    texts = [path.read_text(encoding="utf-8") for path in (Path("Dockerfile"), *DEPLOY.rglob("*.yml"), DEPLOY / "jumpin.service")]
    named = {name for text in texts for name in re.findall(r"\b(?:JUMPIN|SLACK|DATABASE)_[A-Z_]+\b", text)}
    assert {"SLACK_BOT_TOKEN", "JUMPIN_KEY", "DATABASE_URL"} <= named <= known


def test_alerts_look_at_figures_that_there_are() -> None:
    counts = Counts()
    told = set(re.findall(r"^# TYPE (\w+)", generate_latest(counts.registry).decode(), re.MULTILINE))
    [alerts] = documents("alerts.yml")
    for rule in alerts["groups"][0]["rules"]:
        for name in re.findall(r"jumpin_\w+", rule["expr"]):
            assert {name, name.removesuffix("_bucket"), name.removesuffix("_total")} & told, name
        assert rule["annotations"].keys() == {"summary", "what"}


def test_every_figure_is_explained_and_is_there() -> None:
    families = Counts().registry.collect()
    there = {f"{family.name}_total" if family.type == "counter" else family.name for family in families}
    page = Path("docs/operations.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(jumpin_\w+)[`{]", page, re.MULTILINE)) == there


def test_what_an_alert_looks_for_is_there_before_it_happens_the_first_time() -> None:
    """Of a figure that is not there, nothing can be told; and in one that comes up at 1 Prometheus sees no increase."""
    shown = generate_latest(Counts().registry).decode()
    [alerts] = documents("alerts.yml")
    named = {found for rule in alerts["groups"][0]["rules"] for found in re.findall(r'jumpin_\w+\{\w+="\w+"\}', rule["expr"])}
    assert {f"{figure} 0.0" for figure in named} <= set(shown.splitlines())
    assert 'jumpin_messages_total{outcome="quiet"} 0.0' in shown


def test_the_service_is_shut_in() -> None:
    unit = (DEPLOY / "jumpin.service").read_text(encoding="utf-8")
    for line in ("DynamicUser=yes", "ProtectSystem=strict", "NoNewPrivileges=yes", "CapabilityBoundingSet=", "RestartPreventExitStatus=2"):
        assert re.search(rf"^{re.escape(line)}$", unit, re.MULTILINE), line


def test_the_service_keeps_all_that_it_writes_in_its_own_folder() -> None:
    """Its user has no home; a setting whose default lies in one needs another place."""
    unit = (DEPLOY / "jumpin.service").read_text(encoding="utf-8")
    [environment] = re.findall(r"^Environment=(.+)$", unit, re.MULTILINE)
    homely = {str(field.validation_alias) for field in Settings.model_fields.values() if field.default_factory is not None}
    placed = dict(one.split("=", 1) for one in environment.split())
    assert {name: value for name, value in placed.items() if "/var/lib/jumpin/" in value}.keys() == homely


def test_commands_beside_the_service_find_its_settings_user_and_database() -> None:
    unit, beside = ((DEPLOY / file).read_text(encoding="utf-8") for file in ("jumpin.service", "jumpin.sh"))
    for name in ("DynamicUser", "StateDirectory", "StateDirectoryMode", "UMask", "WorkingDirectory", "EnvironmentFile"):
        [value] = re.findall(rf"^{name}=(.+)$", unit, re.MULTILINE)
        assert f"--property={name}={value}" in beside, name
    [environment] = re.findall(r"^Environment=(.+)$", unit, re.MULTILINE)
    assert set(re.findall(r"--setenv=(\S+)", beside)) == {one for one in environment.split() if "/var/lib/jumpin/" in one}
    [program] = re.findall(r"^ExecStart=(\S+)", unit, re.MULTILINE)
    assert f'{program} "$@"' in beside
    assert "--property=User=jumpin" in beside  # a dynamic user goes by the name of its unit, unless it is given one


def test_what_it_is_made_of_is_what_is_pinned(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "deploy/sbom.py", str(tmp_path / "sbom.json")], check=True, capture_output=True)
    made = json.loads((tmp_path / "sbom.json").read_text(encoding="utf-8"))
    pins = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", Path("constraints-runtime.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    assert [(one["name"], one["version"]) for one in made["components"]] == pins
    assert all(one["properties"] for one in made["components"])
    assert set(made["dependencies"][0]["dependsOn"]) == {one["bom-ref"] for one in made["components"]}


def test_whoever_installs_it_by_hand_gets_what_is_pinned_and_nothing_of_its_name_from_an_index() -> None:
    texts = [
        path.read_text(encoding="utf-8") for path in (*Path("docs").glob("*.md"), DEPLOY / "jumpin.service", *Path("bot").rglob("*.py"))
    ]
    installs = [line for text in texts for line in re.findall(r"pip install (.+)", text)]
    assert len(installs) >= 5
    assert [line for line in installs if not line.startswith(("--require-hashes -r", "--no-deps --no-build-isolation ."))] == []
    assert not any(re.search(r"install '?jump-in", text) for text in texts)
