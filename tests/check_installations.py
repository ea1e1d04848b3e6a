"""The files of installations, read by the programs that know their form: hadolint, Kubernetes' schemas, kubectl, promtool, systemd.

Exit 1 names what is wrong. Where a program is not on this machine it says so; CI has all of them (.ci/run).
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import kubernetes_validate
import yaml
from support.installed import units
from support.installed.kubernetes import FOLDER, SIZES, Manifest, name_of, render
from support.yaml_loader import Loader

PROJECT = Path(__file__).resolve().parents[1]
VERSIONS = ("1.32", "1.36")
"""Of Kubernetes: between them lie those that are maintained."""
GRAFANA = PROJECT / "deploy" / "grafana"


def dockerfile() -> Iterator[str]:
    program = Path(sys.executable).parent / "hadolint"
    done = subprocess.run([program, PROJECT / "Dockerfile"], capture_output=True, text=True, check=False)
    if done.returncode:
        yield f"Dockerfile: {done.stdout}{done.stderr}"


def manifests() -> Iterator[str]:
    """As each size would be sent; what several sizes have alike is looked at once."""
    every: dict[str, tuple[str, Manifest]] = {}
    for where in (*SIZES, "migrations"):
        every |= {json.dumps(each): (where, each) for each in render(FOLDER / where)}
    for where, manifest in every.values():
        for version in VERSIONS:
            try:
                kubernetes_validate.validate(manifest, version, strict=True)
            except (kubernetes_validate.ValidationError, kubernetes_validate.SchemaNotFoundError) as error:
                yield f"{where}: {manifest['kind']} {name_of(manifest)} at Kubernetes {version}: {str(error).partition(chr(10))[0]}"


def kustomized() -> Iterator[str]:
    """By kubectl's own kustomize: what the tests read in its place must be the same."""
    kubectl = shutil.which("kubectl")
    asked = [kubectl or "", "version", "--client", "--output=json"]
    if (
        kubectl is None
        or "kustomizeVersion" not in subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    ):
        print("not looked at: manifests by kubectl's own kustomize (kubectl 1.24 or newer)")
        return
    for where in (*SIZES, "migrations"):
        done = subprocess.run([kubectl, "kustomize", FOLDER / where], capture_output=True, text=True, check=False)
        if done.returncode:
            yield f"kubectl kustomize {where}: {done.stderr}"
            continue
        theirs, ours = (sorted(json.dumps(each, sort_keys=True) for each in found) for found in (
            (each for each in yaml.load_all(done.stdout, Loader) if each), render(FOLDER / where)))  # fmt: skip
        if theirs != ours:
            yield f"{where}: kubectl's kustomize makes other manifests than tests/support/installed/kubernetes.py reads"


def rules() -> Iterator[str]:
    promtool = shutil.which("promtool")
    if promtool is None:
        print(
            "not looked at: alert rules by promtool (Debian: prometheus). tests/contract/test_alerts.py reads them too"
        )
        return
    for command in (["check", "rules", GRAFANA / "alerts.yaml"], ["check", "config", GRAFANA / "prometheus.yaml"],
                    ["test", "rules", GRAFANA / "alerts-test.yaml"]):  # fmt: skip
        done = subprocess.run([promtool, *command], capture_output=True, text=True, check=False, cwd=GRAFANA)
        if done.returncode:
            yield f"promtool {command[0]} {command[1]}: {done.stdout}{done.stderr}"


def systemd() -> Iterator[str]:
    if shutil.which("systemd-analyze") is None or shutil.which("systemd-sysusers") is None:
        print("not looked at: units by systemd-analyze (Debian: systemd)")
        return
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        units.lay(root)
        try:
            units.users(root)
        except AssertionError as error:
            yield f"deploy/systemd/sysusers.conf: {error}"
            return
        yield from units.faults(root)
        yield from units.exposures(root)


def main() -> int:
    found = [said for look in (dockerfile, manifests, kustomized, rules, systemd) for said in look()]
    for said in found:
        print(said)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
