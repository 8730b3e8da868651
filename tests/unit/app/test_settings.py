"""Settings are declared once, checked all at once, and the nearest source wins."""

import tomllib
from pathlib import Path

import pytest

from sortyard.app.settings import BY_NAME, DECLARED, FILE, Settings, first_file, resolve
from sortyard.domain.errors import InvalidSettings

NOTHING: dict[str, str] = {}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / FILE).write_text('seed = 3\nrecipe = "edge"\nlabel = ["team"]\n')
    return tmp_path


def test_an_empty_folder_has_the_defaults(tmp_path: Path) -> None:
    assert resolve(tmp_path, given={}, environment=NOTHING) == Settings()


def test_the_file_beats_the_default(folder: Path) -> None:
    assert resolve(folder, given={}, environment=NOTHING).seed == 3


def test_the_environment_beats_the_file(folder: Path) -> None:
    assert resolve(folder, given={}, environment={"SORTYARD_SEED": "4"}).seed == 4


def test_the_command_line_beats_the_environment(folder: Path) -> None:
    assert resolve(folder, given={"seed": 5}, environment={"SORTYARD_SEED": "4"}).seed == 5


def test_an_option_that_was_not_given_changes_nothing(folder: Path) -> None:
    assert resolve(folder, given={"seed": None}, environment=NOTHING).seed == 3


def test_a_list_in_the_environment_is_separated_by_commas(tmp_path: Path) -> None:
    settings = resolve(tmp_path, given={}, environment={"SORTYARD_LABEL": "team, urgency"})

    assert settings.label == ("team", "urgency")


@pytest.mark.parametrize("words", ["yes", "1", "True"])
def test_yes_is_read_from_the_environment(tmp_path: Path, words: str) -> None:
    assert resolve(tmp_path, given={}, environment={"SORTYARD_DOWNLOAD": words}).download


@pytest.mark.parametrize("words", ["no", "0", "false"])
def test_no_is_read_from_the_environment(tmp_path: Path, words: str) -> None:
    assert not resolve(tmp_path, given={}, environment={"SORTYARD_DOWNLOAD": words}).download


@pytest.mark.parametrize("words", ["1" + "0" * 30, "-1", "nan", "inf", "1e300"])
@pytest.mark.parametrize("name", [one.name for one in DECLARED if one.most is not None])
def test_a_number_that_some_library_could_not_hold_is_refused(
    tmp_path: Path, name: str, words: str
) -> None:
    with pytest.raises(InvalidSettings, match=name):
        resolve(tmp_path, given={}, environment={BY_NAME[name].variable: words})


def test_every_problem_is_named_at_once(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('sed = 3\nrecipe = 1\nlabel = "team"\npromote = "maybe"\n')

    with pytest.raises(InvalidSettings) as caught:
        resolve(tmp_path, given={}, environment=NOTHING)

    assert len(caught.value.problems) == 4


def test_an_unknown_name_comes_with_a_guess(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('recip = "quick"\n')

    with pytest.raises(InvalidSettings, match="Did you mean 'recipe' for 'recip'"):
        resolve(tmp_path, given={}, environment=NOTHING)


def test_a_mistyped_variable_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match="recipe"):
        resolve(tmp_path, given={}, environment={"SORTYARD_RECIPES": "quick"})


def test_a_variable_of_the_platform_is_not_ours(tmp_path: Path) -> None:
    """Kubernetes adds such variables for a service of that name."""
    environment = {"SORTYARD_PORT": "tcp://10.0.0.1:80", "SORTYARD_SERVICE_HOST": "10.0.0.1"}

    assert resolve(tmp_path, given={}, environment=environment) == Settings()


def test_a_number_in_the_environment_must_be_one(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match="'seed' is a number, not 'many'"):
        resolve(tmp_path, given={}, environment={"SORTYARD_SEED": "many"})


def test_yes_is_no_number(tmp_path: Path) -> None:
    """TOML's `true` is not taken for 1."""
    (tmp_path / FILE).write_text("seed = true\n")

    with pytest.raises(InvalidSettings, match="'seed' is a number"):
        resolve(tmp_path, given={}, environment=NOTHING)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("recipe = ")

    with pytest.raises(InvalidSettings, match="it is not TOML"):
        resolve(tmp_path, given={}, environment=NOTHING)


def test_the_first_file_sets_nothing_by_itself() -> None:
    assert tomllib.loads(first_file({})) == {}


def test_the_first_file_keeps_what_was_chosen(tmp_path: Path) -> None:
    chosen = {"label": ("team", "urgency"), "seed": 7, "download": True}
    (tmp_path / FILE).write_text(first_file(chosen))

    assert resolve(tmp_path, given={}, environment=NOTHING) == Settings(**chosen)


def test_the_first_file_names_every_setting_with_its_default() -> None:
    uncommented = "\n".join(
        line.removeprefix("# ") for line in first_file({}).splitlines() if " = " in line
    )
    found = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in tomllib.loads(uncommented).items()
    }

    assert found == {one.name: one.default for one in DECLARED}


def test_every_setting_says_what_it_is() -> None:
    assert all(one.about.endswith(".") for one in BY_NAME.values())


def test_a_whole_number_will_do_where_a_fraction_may_stand(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("batch_window = 3\n")

    assert resolve(tmp_path, given={}, environment=NOTHING).batch_window == 3.0


def test_a_fraction_is_no_whole_number(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("workers = 1.5\n")

    with pytest.raises(InvalidSettings, match="'workers' is a number"):
        resolve(tmp_path, given={}, environment=NOTHING)


@pytest.mark.parametrize("line", ["workers = 0", "http_port = 65536", "batch_window = -1"])
def test_a_number_beyond_its_limits_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / FILE).write_text(f"{line}\n")

    with pytest.raises(InvalidSettings, match="is a number from"):
        resolve(tmp_path, given={}, environment=NOTHING)


@pytest.mark.parametrize("words", ["nan", "inf", "-inf"])
def test_what_is_no_number_is_refused(tmp_path: Path, words: str) -> None:
    with pytest.raises(InvalidSettings, match="'patience' is a number"):
        resolve(tmp_path, given={}, environment={"SORTYARD_PATIENCE": words})


def test_an_upper_limit_never_stands_alone() -> None:
    assert all(one.least is not None for one in DECLARED if one.most is not None)


def test_every_default_is_accepted() -> None:
    assert [one.name for one in DECLARED if not one.accepts(one.default)] == []
