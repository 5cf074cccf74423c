"""What the front-end build promises, without asking any registry."""

import json
from pathlib import Path

import pytest

from webapp.frontend import build


@pytest.fixture
def tabler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    drawings = tmp_path / "@tabler/icons/icons/outline"
    drawings.mkdir(parents=True)
    (drawings / "home.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg"><path stroke="none" d="M0 0"/><path d="M5 12l-2 0"/></svg>'
    )
    monkeypatch.setattr(build, "MODULES", tmp_path)
    return tmp_path


def lock() -> dict[str, dict[str, str]]:
    packages = json.loads((build.HERE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    return {name: facts for name, facts in packages.items() if name}


def test_every_locked_package_has_its_hash_and_no_address() -> None:
    for name, facts in lock().items():
        assert facts["integrity"].startswith("sha512-"), name
        assert "resolved" not in facts, name


def test_every_wanted_package_names_one_exact_version_and_is_the_one_locked() -> None:
    wanted = json.loads((build.HERE / "package.json").read_text(encoding="utf-8"))
    for name, version in {**wanted["dependencies"], **wanted["devDependencies"]}.items():
        assert lock()[f"node_modules/{name}"]["version"] == version


def test_a_sprite_holds_each_icon_once_by_its_name(tabler: Path) -> None:
    assert tabler.is_dir()
    drawn = build.sprite(["home"])
    assert drawn.count("<symbol") == 1
    assert 'id="home"' in drawn
    assert "M5 12l-2 0" in drawn
    assert "M0 0" not in drawn


def test_an_icon_that_one_path_cannot_draw_is_named(tabler: Path) -> None:
    (tabler / "@tabler/icons/icons/outline/dot.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg"><circle cx="1" cy="1" r="1"/></svg>'
    )
    with pytest.raises(build.BuildError, match="'dot'"):
        build.sprite(["dot"])


def test_an_icon_that_tabler_does_not_have_is_named(tabler: Path) -> None:
    assert tabler.is_dir()
    with pytest.raises(build.BuildError, match="'hogar'"):
        build.sprite(["hogar"])


def test_a_missing_file_stops_the_build_and_leaves_what_was_there(
    tabler: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor = tmp_path / "static" / "vendor"
    vendor.mkdir(parents=True)
    (vendor / "old.css").write_text("")
    monkeypatch.setattr(build, "VENDOR", vendor)
    monkeypatch.setattr(build, "FILES", {"gone/gone.css": "gone.css"})
    with pytest.raises(build.BuildError, match=r"gone/gone\.css"):
        build.gather()
    assert (vendor / "old.css").is_file()
    assert tabler.is_dir()


def test_a_second_build_has_nothing_to_do_until_something_changes(
    tabler: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tabler / "a.css").write_text("a{}")
    monkeypatch.setattr(build, "VENDOR", tmp_path / "static" / "vendor")
    monkeypatch.setattr(build, "FILES", {"a.css": "a.css"})
    monkeypatch.setattr(build, "FOR_TESTS", ())
    monkeypatch.setattr(build, "icon_names", lambda: ["home"])
    assert not build.is_up_to_date()
    build.gather()
    assert build.is_up_to_date()
    (build.VENDOR / "a.css").unlink()
    assert not build.is_up_to_date()
    build.gather()
    (build.VENDOR / build.STAMP).write_text("of another lock")
    assert not build.is_up_to_date()
