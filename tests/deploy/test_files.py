"""Do the files that cannot be run here satisfy their own linters, and do they name what there is?"""

import importlib
import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.settings import SETTINGS
from api.settings.unknown import unknown_variables
from tests.deployed import DEPLOY, checked
from tests.servers import ROOT

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
KUBERNETES = [file for file in sorted((DEPLOY / "kubernetes").glob("*.yaml")) if file.stem != "kustomization"]
SERVICES = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]
README = (DEPLOY / "README.md").read_text("utf-8")


def loaded(name: str) -> Any:
    return yaml.safe_load((DEPLOY / "kubernetes" / f"{name}.yaml").read_text("utf-8"))


@pytest.mark.check
def test_the_linter_of_container_files_finds_nothing() -> None:
    checked("hadolint", "--failure-threshold", "style", DEPLOY / "Containerfile")


@pytest.mark.check
def test_compose_would_take_its_file() -> None:
    specification = pytest.importorskip("compose_spec", reason="compose-spec is not installed")
    expanded = json.dumps(yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8")))
    assert specification.PyCompose.from_json(expanded).service_names()
    with pytest.raises(ValueError, match="image_"):
        specification.PyCompose.from_json(expanded.replace('"image"', '"image_"'))


@pytest.mark.check
def test_kubernetes_would_take_its_files() -> None:
    said = checked("kubernetes-validate", "--strict", *KUBERNETES)
    assert said.count(" passed for resource ") == len(KUBERNETES)


@pytest.mark.check
def test_grafana_would_take_its_dashboard() -> None:
    models = pytest.importorskip("grafana_foundation_sdk.models.dashboard", reason="its library is not installed")
    importlib.import_module("grafana_foundation_sdk.cog.plugins").register_default_plugins()
    encoder = importlib.import_module("grafana_foundation_sdk.cog.encoder").JSONEncoder
    ours = json.loads((DEPLOY / "grafana" / "pingxuan.json").read_text("utf-8"))
    understood = json.loads(encoder(sort_keys=True).encode(models.Dashboard.from_json(ours)))
    assert lost(ours, understood) == []


def lost(ours: Any, understood: Any, path: str = "") -> list[str]:
    """Where of ours something was not understood."""
    if isinstance(ours, dict):
        return [
            place
            for name, value in ours.items()
            for place in (lost(value, understood[name], f"{path}/{name}") if name in understood else [f"{path}/{name}"])
        ]
    if isinstance(ours, list) and len(ours) == len(understood):
        pairs = enumerate(zip(ours, understood, strict=True))
        return [place for number, (a, b) in pairs for place in lost(a, b, f"{path}/{number}")]
    return [] if ours == understood else [path]


@pytest.mark.check
def test_systemd_takes_its_units_and_finds_the_server_well_confined(tmp_path: Path) -> None:
    for unit in sorted((DEPLOY / "systemd").iterdir()):
        text = unit.read_text("utf-8").replace("/opt/pingxuan/bin/pingxuan", "/bin/true")
        text = text.replace("/opt/pingxuan/%i/bin/pingxuan", "/bin/true")
        (tmp_path / unit.name).write_text(text)
    checked("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *sorted(tmp_path.iterdir()))
    limit = ("security", "--offline=yes", "--no-pager", "--threshold=20")  # in tenths
    checked("systemd-analyze", *limit, tmp_path / "pingxuan.service", tmp_path / "pingxuan@.service")


def test_each_setting_that_is_given_is_one() -> None:
    given = {
        "compose.yaml": set(SERVICES["pingxuan"]["environment"]),
        "kubernetes": set(loaded("configmap")["data"]),
        "systemd": set(
            re.findall(r"PINGXUAN_\w+(?==)", (DEPLOY / "systemd" / "pingxuan.service").read_text("utf-8")),
        ),
    }
    assert [*unknown_variables(dict.fromkeys(set().union(*given.values()), ""), SETTINGS)] == []
    assert all(len(names) >= 6 for names in given.values())


def test_containers_run_the_version_of_this_tree() -> None:
    jobs = [
        loaded(name)["spec"]["template"]["spec"]["containers"][0]["image"] for name in ("deployment", "migrate-job")
    ]
    assert jobs == [f"pingxuan:{VERSION}"] * 2


def test_every_manifest_is_applied_or_comes_before() -> None:
    applied = set(loaded("kustomization")["resources"])
    assert {file.name for file in KUBERNETES} - applied == {"migrate-job.yaml"}


def test_a_pod_may_write_to_the_anchor_and_to_nothing_else() -> None:
    for name in ("deployment", "migrate-job"):
        pod = loaded(name)["spec"]["template"]["spec"]
        [container] = pod["containers"]
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert pod["securityContext"]["runAsNonRoot"]
        written = {mount["mountPath"] for mount in container.get("volumeMounts", ()) if not mount.get("readOnly")}
        assert written <= {"/var/lib/pingxuan/anchor", "/tmp"}  # noqa: S108 the container's own


def test_compose_shows_nothing_but_the_proxy_to_everybody() -> None:
    shown = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert shown.pop("caddy") == ["443:443", "443:443/udp", "80:80"]
    assert all(port.startswith("127.0.0.1:") for ports in shown.values() for port in ports)
    assert SERVICES["pingxuan"]["read_only"]


def test_the_files_that_compose_mounts_are_there() -> None:
    mounted = {
        volume.split(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", ())
        if volume.startswith("./")
    }
    assert len(mounted) >= 5
    assert all((DEPLOY / path).exists() for path in mounted)


def test_secrets_are_made_up_once_and_are_for_their_owner(tmp_path: Path) -> None:
    script = tmp_path / "secrets.sh"
    script.write_bytes((DEPLOY / "secrets.sh").read_bytes())
    made = []
    for _ in range(2):
        subprocess.run(["sh", script], check=True)
        made.append({file.name: file.read_text() for file in (tmp_path / "secrets").iterdir()})
    secrets = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["secrets"]
    assert made[0] == made[1]
    assert made[0].keys() == secrets.keys()
    assert made[0]["database-password"] in made[0]["database-url"]
    assert len({made[0][name] for name in ("secret", "database-password", "grafana-password")}) == 3
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700


def test_the_readme_names_every_other_file() -> None:
    every = (str(file.relative_to(DEPLOY)) for file in DEPLOY.rglob("*") if file.is_file())
    files = [file for file in every if file != "README.md" and "secrets/" not in file]
    named = re.findall(r"`([\w./-]+)`", README)
    assert [file for file in files if not any(file == name or file.startswith(f"{name}/") for name in named)] == []
