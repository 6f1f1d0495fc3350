"""The home page: the story, and one button."""

from gan.setup import presets


def test_the_home_page_tells_the_story(app):
    app.run()
    assert not app.exception
    html = "".join(element.proto.body for element in app.get("html"))
    for word in ("forger", "detective", "generator", "discriminator", "generative adversarial network"):
        assert word in html


def test_one_button_starts_the_quick_run_and_shows_it(app, manager):
    app.run()
    app.button[0].click().run()
    assert not app.exception
    (run,) = manager.runs()
    assert run.config == presets.get("quick") and run.is_live
    assert any(button.label == "Stop" for button in app.button)


def test_during_a_run_the_button_leads_back_to_it(app, manager):
    app.run()
    app.button[0].click().run()
    app.switch_page("home.py").run()
    assert [button.label for button in app.button] == ["Watch your run"]
    app.button[0].click().run()
    assert len(manager.runs()) == 1
    assert any(button.label == "Stop" for button in app.button)
