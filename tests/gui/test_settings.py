from gui.settings import RECENT, Settings, SettingsFile


def test_settings_come_back_as_they_were_saved(tmp_path):
    file = SettingsFile(tmp_path / "deep" / "settings.json")
    file.settings.theme = "light"
    file.settings.shortcuts["train.step"] = ["F7"]
    file.save()

    assert SettingsFile(file.path).settings == file.settings


def test_without_a_file_everything_has_its_default(tmp_path):
    file = SettingsFile(tmp_path / "settings.json")

    assert (file.settings, file.note) == (Settings(), "")


def test_a_broken_file_is_kept_aside_and_reported(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text('{"theme": "dark", "recent": [')
    file = SettingsFile(path)

    assert file.settings == Settings()
    assert file.note == (
        "The settings in 'settings.json' could not be read (Input data was truncated). "
        "They start afresh; the old file is kept as 'settings.json.broken'."
    )
    assert (tmp_path / "settings.json.broken").read_text().startswith('{"theme"')
    assert not path.exists()


def test_a_value_of_another_type_is_reported_with_its_place(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text('{"theme": "pink"}')

    assert "Invalid enum value 'pink' - at `$.theme`" in SettingsFile(path).note


def test_settings_of_a_newer_version_are_left_out_without_a_word(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text('{"theme": "light", "new_setting": 3}')
    file = SettingsFile(path)

    assert (file.settings.theme, file.note) == ("light", "")


def test_the_newest_file_stands_first_and_once(tmp_path):
    settings = Settings()
    for number in [*range(RECENT + 3), 5]:
        settings.add_recent(tmp_path / f"{number}.glassbox")

    assert settings.recent[0] == str(tmp_path / "5.glassbox")
    assert len(settings.recent) == len(set(settings.recent)) == RECENT
