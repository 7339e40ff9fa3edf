"""The browser the story tests drive: it draws text, which a browser without fonts does not, and it runs axe."""

from typing import Any

PAGE = "<html lang='nb'><title>Prøve</title><main><h1>Kari</h1><p><span id='one'>i</span> <span id='wide'>MMMM</span></p></main></html>"


def test_the_browser_measures_letters_of_a_font(browser: Any) -> None:
    page = browser.new_page()
    page.set_content(PAGE)
    narrow, wide = (page.locator(name).bounding_box()["width"] for name in ("#one", "#wide"))
    assert wide > narrow > 0
    page.close()


def test_axe_runs_in_the_browser(browser: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = browser.new_page()
    page.set_content("<html><title>Prøve</title><main><h1>Kari</h1><img src='data:,'></main></html>")
    found = {violation["id"] for violation in Axe().run(page).response["violations"]}
    assert {"html-has-lang", "image-alt"} <= found
    page.close()
