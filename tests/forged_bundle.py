"""Bundles with other contents, made as a forger would make them."""

import hashlib
import json
import zipfile

from reviewapp.bundles.about import MANIFEST


def rewritten(bundle, changes, *, is_signed=True):
    """The bundle with other contents, its manifest made to fit, as a forger would."""
    target = bundle.with_name("forged.zip")
    with zipfile.ZipFile(bundle) as old:
        held = {name: old.read(name) for name in old.namelist()}
    for name, change in changes.items():
        changed = change(held[name])
        assert changed != held[name]
        held[name] = changed
    if is_signed:
        held[MANIFEST] = signed(held)
    with zipfile.ZipFile(target, "w") as new:
        for name, content in held.items():
            new.writestr(name, content)
    return target


def signed(held):
    told = json.loads(held[MANIFEST])
    for name, one in told["files"].items():
        one |= {"size": len(held[name]), "sha256": hashlib.sha256(held[name]).hexdigest()}
    lines = [
        f"{one['sha256']}  {name}\n"
        for name, one in sorted(told["files"].items())
        if not name.startswith("about/")
    ]
    told["content_sha256"] = hashlib.sha256("".join(lines).encode()).hexdigest()
    return json.dumps(told).encode()


def swap(old, new):
    return lambda content: content.replace(old, new, 1)
