"""What a teacher does at the desk, in AppTest."""

PIN = "rose 7 garden"


def come_in(page, pin: str = PIN):
    page.text_input(key="desk_pin").set_value(pin)
    return press(page, "Open")


def press(page, label: str):
    return next(button for button in page.button if button.label == label).click().run()


def texts(page) -> str:
    kinds = [page.title, page.header, page.markdown, page.caption, page.warning, page.info, page.error]
    return "\n".join(element.value for kind in kinds for element in kind)


def side(page, name: str):
    """Turn to a side of the desk."""
    return page.segmented_control(key="desk_side").set_value(name).run()
