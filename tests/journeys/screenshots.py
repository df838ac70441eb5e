"""The pictures of the documentation, taken anew: `python -m tests.journeys.screenshots http://127.0.0.1:8000/`.

Needs a running Shouwen with the demo, best one just started. Nothing is registered there: what the intake form was filled
in with stays behind as a draft of the clerk's.
"""

import argparse
import struct
import sys
import zlib
from base64 import b64decode, b64encode
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from config import browser as installed

PASSWORD = "shouwen-demo"
FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
# The 256 most frequent colours of a picture (in steps of 4), and for each pixel the number of the nearest.
TO_PALETTE = """async (png) => {
  const blob = await (await fetch("data:image/png;base64," + png)).blob();
  const picture = await createImageBitmap(blob);
  const { width, height } = picture;
  const canvas = new OffscreenCanvas(width, height).getContext("2d");
  canvas.drawImage(picture, 0, 0);
  const { data } = canvas.getImageData(0, 0, width, height);
  const step = (value) => Math.min(255, Math.round(value / 4) * 4);
  const keys = new Uint32Array(width * height).map(
    (_, i) => (step(data[4 * i]) << 16) | (step(data[4 * i + 1]) << 8) | step(data[4 * i + 2]),
  );
  const count = new Map();
  for (const key of keys) count.set(key, (count.get(key) || 0) + 1);
  const kept = [...count].sort((a, b) => b[1] - a[1]).slice(0, 256).map(([key]) => key);
  const parts = (key) => [key >> 16, (key >> 8) & 255, key & 255];
  const far = (a, b) => parts(a).reduce((sum, value, i) => sum + (value - parts(b)[i]) ** 2, 0);
  const nearest = new Map(kept.map((key, i) => [key, i]));
  for (const key of count.keys()) {
    if (nearest.has(key)) continue;
    nearest.set(key, kept.reduce((best, one, i) => (far(key, one) < far(key, kept[best]) ? i : best), 0));
  }
  let at = "";
  for (const key of keys) at += String.fromCharCode(nearest.get(key));
  return { width, height, palette: kept.flatMap(parts), at: btoa(at) };
}"""
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.journeys.screenshots")
    parser.add_argument("address", help="where Shouwen answers")
    address = parser.parse_args().address.rstrip("/")
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=installed.path(), args=["--no-sandbox"])
        for take in (entrance, counter, desk, queue, figures):
            take(chromium, address)
        chromium.close()
    return 0


def entrance(chromium: Browser, address: str) -> None:
    page = opened(chromium, address)
    page.goto("/accounts/login/")
    keep(page, "signin")


def counter(chromium: Browser, address: str) -> None:
    """The intake form with a customer whose earlier complaints are known."""
    page = opened(chromium, address, "frontdesk")
    page.goto("/complaints/new/")
    page.locator("label[for^=id_channel]").nth(1).click()
    fields = {
        "phone": "15900007301",
        "narrative": "存三年，柜台说利息比定期高。今天要用钱才知道是保险，退要扣两成。\n再不解决我就找报社。",
        "demand": "全额退还本金",
        "claimed_amount": "50000",
        "summary": "存款实为保险，要求全额退还",
    }
    for name, text in fields.items():
        page.locator(f"#id_{name}").fill(text)
    page.locator("#id_cause_text").focus()
    page.keyboard.type("保险")
    page.locator("#pick_cause [role=option]").nth(1).click()
    settle(page)
    page.keyboard.press("Alt+z")
    page.keyboard.press("Alt+y")
    page.locator("#id_cause_text").blur()
    settle(page)
    keep(page, "intake")


def desk(chromium: Browser, address: str) -> None:
    """A department's case, why its deadline is that day, and the same work on a phone."""
    page = opened(chromium, address, "handler")
    page.goto("/complaints/?status=investigating&owner=me&order=strictest")
    case = page.locator("[data-row]").first.get_attribute("data-row")
    page.goto(f"/complaints/{case}/")
    settle(page)
    keep(page, "case")
    dark(page)
    keep(page, "case-dark")
    page.goto(f"/complaints/{case}/clocks/resolution/")
    settle(page)
    keep(page, "deadline")
    page.set_viewport_size(PHONE)
    page.goto("/work/")
    settle(page)
    keep(page, "work-phone")
    page.goto(f"/complaints/{case}/")
    settle(page)
    keep(page, "case-phone")


def queue(chromium: Browser, address: str) -> None:
    page = opened(chromium, address, "supervisor")
    page.goto("/complaints/overdue/")
    settle(page)
    for _row in range(2):
        page.keyboard.press("j")
        page.keyboard.press("x")
    keep(page, "overdue")


def figures(chromium: Browser, address: str) -> None:
    page = opened(chromium, address, "compliance")
    for name in ("dashboard", "register"):
        page.goto(f"/reports/{name}/")
        settle(page)
        keep(page, name)
    page.goto("/calendars/?year=2026")
    settle(page)
    keep(page, "calendar")


def opened(chromium: Browser, address: str, who: str = "") -> Page:
    page = chromium.new_context(
        base_url=address, viewport=WIDE, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce"
    ).new_page()
    if who:
        page.goto("/accounts/login/")
        page.locator("input[name=login]").fill(who)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("input[name=password]").press("Enter")
        page.wait_for_url(lambda url: not urlsplit(url).path.startswith("/accounts/login"))
    return page


def settle(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(400)  # charts draw themselves after that


def dark(page: Page) -> None:
    page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")


def keep(page: Page, name: str) -> None:
    """Write what the window shows to docs/screenshots."""
    smaller = in_few_colours(page.context.browser, page.screenshot(animations="disabled"))
    (FOLDER / f"{name}.png").write_bytes(smaller)
    sys.stdout.write(f"{name}.png {len(smaller) // 1024} kB\n")
    page.evaluate("document.documentElement.dataset.bsTheme = 'light'")


def in_few_colours(chromium: Browser | None, png: bytes) -> bytes:
    """The same picture with a palette: a half of the bytes."""
    assert chromium
    empty = chromium.new_page()
    found = empty.evaluate(TO_PALETTE, b64encode(png).decode())
    empty.close()
    width, height, at = found["width"], found["height"], b64decode(found["at"])
    lines = b"".join(b"\0" + at[start : start + width] for start in range(0, width * height, width))
    head = struct.pack(">2I5B", width, height, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", head), (b"PLTE", bytes(found["palette"])), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, body) for kind, body in parts)


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


if __name__ == "__main__":
    sys.exit(main())
