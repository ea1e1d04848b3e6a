"""Renders the manifests as `kubectl kustomize` does, as far as ours go: resources, components, images, replicas, patches.

A key that is not known here fails, so that nothing is passed over which kustomize would heed.
"""

import copy
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

import yaml
from local.files import PROJECT
from support.yaml_loader import Loader

Value: TypeAlias = "str | int | float | bool | list[Value] | dict[str, Value] | None"
Manifest: TypeAlias = dict[str, Value]
FOLDER = PROJECT / "deploy" / "kubernetes"
SIZES = ("town", "city", "land")
KNOWN = {"apiVersion", "kind", "namespace", "resources", "components", "images", "replicas", "patches"}
PODS = ("Deployment", "StatefulSet", "Job")


def read(path: Path) -> list[Manifest]:
    """All documents of a file."""
    return [each for each in yaml.load_all(path.read_text(encoding="utf-8"), Loader) if each]


def render(folder: Path) -> list[Manifest]:
    """What `kubectl apply -k` of this folder would send."""
    return _customized(folder, [])


def _customized(folder: Path, given: list[Manifest]) -> list[Manifest]:
    (own,) = read(folder / "kustomization.yaml")
    unknown = own.keys() - KNOWN
    assert not unknown, f"{folder}: kustomize knows {unknown}, this reader does not"
    found = copy.deepcopy(given)
    for name in strings(own.get("resources")):
        path = folder / name
        found += render(path) if path.is_dir() else read(path)
    for name in strings(own.get("components")):
        found = _customized(folder / name, found)
    for patch in dicts(own.get("patches")):
        _patch(found, yaml.load(string(patch["patch"]), Loader))
    for count in dicts(own.get("replicas")):
        target = next(each for each in found if each["kind"] in PODS and name_of(each) == count["name"])
        dictionary(target["spec"])["replicas"] = count["count"]
    for image in dicts(own.get("images")):
        for container in (container for each in found for container in containers(each)):
            name = string(container["image"]).partition("@")[0]
            if name == image["name"]:
                container["image"] = f"{image['newName']}@{image['digest']}"
    for each in found:
        if "namespace" in own and each["kind"] != "Namespace":
            dictionary(each["metadata"])["namespace"] = own["namespace"]
    return found


def _patch(found: list[Manifest], patch: Manifest) -> None:
    target = [each for each in found if (each["kind"], name_of(each)) == (patch["kind"], name_of(patch))]
    assert len(target) == 1, f"a patch of {patch['kind']} {name_of(patch)} has no object"
    _merge(target[0], patch)


def _merge(into: Manifest, patch: Manifest) -> None:
    for key, value in patch.items():
        before = into.get(key)
        if isinstance(before, dict) and isinstance(value, dict):
            _merge(before, value)
        elif isinstance(before, list) and isinstance(value, list) and all("name" in each for each in dicts(value)):
            for each in dicts(value):
                same = [old for old in dicts(before) if old["name"] == each["name"]]
                assert same, f"a patch adds {each['name']} to {key}"
                _merge(same[0], each)
        else:
            into[key] = value


def dictionary(value: Value) -> Manifest:
    assert isinstance(value, dict), value
    return value


def string(value: Value) -> str:
    assert isinstance(value, str), value
    return value


def dicts(value: Value) -> list[Manifest]:
    assert value is None or isinstance(value, list)
    return [dictionary(each) for each in value or []]


def strings(value: Value) -> list[str]:
    assert value is None or isinstance(value, list)
    return [string(each) for each in value or []]


def at(value: Value, *path: str) -> Value:
    """What lies along these keys; None where something is missing."""
    for key in path:
        if not isinstance(value, dict) or key not in value:
            return None
        value = value[key]
    return value


def name_of(manifest: Manifest) -> str:
    return string(at(manifest, "metadata", "name"))


def pod_of(manifest: Manifest) -> Manifest | None:
    """The specification of its pods."""
    return dictionary(at(manifest, "spec", "template", "spec")) if manifest["kind"] in PODS else None


def labels_of(manifest: Manifest) -> Manifest:
    return dictionary(at(manifest, "spec", "template", "metadata", "labels"))


def containers(manifest: Manifest) -> list[Manifest]:
    pod = pod_of(manifest)
    return [] if pod is None else [*dicts(pod.get("containers")), *dicts(pod.get("initContainers"))]


def of_kind(manifests: list[Manifest], *kinds: str) -> Iterator[Manifest]:
    return (each for each in manifests if each["kind"] in kinds)


def selects(selector: Mapping[str, Value], labels: Manifest) -> bool:
    """Whether a label selector fits: by labels, and by `In`, the only expression that we use."""
    wanted = dictionary(selector.get("matchLabels", {}))
    if any(labels.get(key) != value for key, value in wanted.items()):
        return False
    for each in dicts(selector.get("matchExpressions", [])):
        assert each["operator"] == "In", each
        if labels.get(string(each["key"])) not in strings(each["values"]):
            return False
    return True
