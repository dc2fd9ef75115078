"""From the key to the next record on screen, in Chromium, on the running app.

The clock is the page's own: from the keydown event to the second animation frame after another
record stands in the desk, which is when it has been painted.
"""

from playwright.sync_api import Page, sync_playwright
from screening_clients import STAGE, percentile

TIMES, WARM = 60, 5
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WATCH = """() => {
  window.paints = [];
  let pressed = null, of = null;
  const here = () => document.querySelector("#desk [data-record]")?.dataset.record;
  addEventListener("keydown", () => { pressed = performance.now(); of = here(); }, true);
  new MutationObserver(() => {
    if (pressed === null || here() === of || here() === undefined) return;
    const started = pressed;
    pressed = null;
    requestAnimationFrame(() => requestAnimationFrame(
      () => window.paints.push(performance.now() - started)));
  }).observe(document.getElementById("desk"), { childList: true, subtree: true });
}"""


def measure_browser(port: int, session: str) -> str:
    """Decide by key as fast as records are read in two seconds; the figures in words."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = chromium.new_context(viewport={"width": 1440, "height": 900})
        place = {"name": "sessionid", "value": session, "url": f"http://127.0.0.1:{port}"}
        context.add_cookies([place])
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{port}{STAGE}")
        page.locator("#desk [data-record]").wait_for()
        page.evaluate(WATCH)
        for _ in range(WARM + TIMES):
            _decide(page)
        times = [one / 1000 for one in page.evaluate("() => window.paints")][WARM:]
        chromium.close()
    p50, p95 = percentile(times, 0.5), percentile(times, 0.95)
    return f"key to next record painted: {len(times)} decisions, p50 {p50:.0f} p95 {p95:.0f} ms"


def _decide(page: Page) -> None:
    page.wait_for_timeout(2000)
    record = page.locator("#desk [data-record]").get_attribute("data-record")
    page.keyboard.press("e")
    page.locator(f"#desk [data-record]:not([data-record='{record}'])").wait_for()
