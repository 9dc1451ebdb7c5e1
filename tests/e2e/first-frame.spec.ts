// The first frame stands in the HTML: it teaches without JavaScript, and the program takes its place without a jump.

import { expect, test, type Page, type Route } from '@playwright/test';

const SCENARIOS = [
  'one-address-many-servers', 'one-host-alone', 'retries-that-catch-up', 'keep-alive', 'two-hundred-phones', 'load-balancer',
  'random-timestamps-by-a-firewall', 'address-passed-on', 'reboot', 'macos-client', 'windows-client', 'linux-4.10.0-client',
  'timestamps-turned-off', 'time-wait-60-s', 'time-wait-with-recycle', 'bucket-overflow', 'reuse-behind-nat',
  'ports-run-out-reuse-0', 'ports-run-out-reuse-1', 'ports-run-out-reuse-2', 'ports-run-out-reuse-delay',
  'same-four-tuple-again', 'accept-queue-overflow', 'recycle-and-cookies', 'firewall-drop', 'lossy-link',
];

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
];

/** Holds the program back until the test lets it come. */
async function heldBack(page: Page): Promise<() => Promise<void>> {
  const held: Route[] = [];
  let isHeld = true;
  await page.route('**/*_bg.wasm', async (route) => {
    if (isHeld) held.push(route);
    else await route.continue();
  });
  return async () => {
    isHeld = false;
    await Promise.all(held.map((route) => route.continue()));
  };
}

/** The sum of all layout shifts so far, as the browser counts them. */
function layoutShift(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((done) => {
        let sum = 0;
        const add = (list: PerformanceEntry[]) => {
          for (const entry of list) sum += (entry as PerformanceEntry & { value: number }).value;
        };
        const observer = new PerformanceObserver((list) => add(list.getEntries()));
        observer.observe({ type: 'layout-shift', buffered: true });
        // The buffered entries come in a task of their own, before the frame after the next.
        requestAnimationFrame(() =>
          requestAnimationFrame(() => {
            add(observer.takeRecords());
            done(sum);
          }),
        );
      }),
  );
}

/** Where the parts of the page stand. */
function places(page: Page): Promise<Record<string, number[]>> {
  return page.evaluate(() => {
    const selectors = ['header', 'h1', '.status', '#stage', '#stage svg', '.time-bar', '.why', '#story', '.settings', '#recycle', '#counters', '#view', '#clocks', 'footer'];
    const rect = (selector: string) => {
      const shown = [...document.querySelectorAll(selector)].find((element) => element.getClientRects().length > 0);
      const { x, y, width, height } = shown?.getBoundingClientRect() ?? new DOMRect();
      return [x, y + scrollY, width, height];
    };
    return Object.fromEntries(selectors.map((selector) => [selector, rect(selector)]));
  });
}

const taken = (page: Page) => expect(page.locator('#app')).not.toHaveAttribute('data-waiting');

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the incident stands in the page with its numbers', async ({ page }) => {
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    await page.goto('./');
    await expect(page.getByRole('region', { name: 'Stage', exact: true })).toBeVisible();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Six hosts share one address. Why can web-2 not connect?');
    await expect(page.getByText('remembered 5,012,400 - tsval 4,998,200 = 14,200 > 1').and(page.locator(':visible'))).toHaveCount(1);
    await expect(page.getByRole('region', { name: 'Why', exact: true })).toContainText('14,200 > 1');
    await expect(page.getByRole('region', { name: 'Clocks', exact: true }).getByRole('img').and(page.locator(':visible'))).toHaveCount(1);
    await expect(page.getByRole('region', { name: 'Ladder', exact: true })).toContainText('4,998,200');
    await expect(page.getByRole('region', { name: 'sysctl file', exact: true })).toContainText('net.ipv4.tcp_tw_reuse');
    await expect(page.getByText(/Without JavaScript and WebAssembly/)).toBeVisible();
    await page.getByText('What to notice').click();
    await expect(page.locator('.to-notice li').first()).toBeVisible();
    await page.getByRole('navigation', { name: 'Scenarios' }).getByRole('link', { name: 'A host reboots' }).click();
    await expect(page).toHaveTitle('A host reboots \u{b7} TIME_WAIT Lab');
    // The policy of the page lets the data for search engines stand.
    expect(said).toEqual([]);
  });

  for (const name of SCENARIOS) {
    test(`scenario ${name} stands in its page`, async ({ page }) => {
      await page.goto(`./scenario/${name}/`);
      const stage = page.getByRole('region', { name: 'Stage', exact: true });
      await expect(stage.getByRole('img').and(page.locator(':visible'))).toHaveCount(1);
      await expect(stage.getByText('server', { exact: true }).and(page.locator(':visible'))).toHaveCount(1);
      await expect(page.locator('.status')).toHaveText(/^\d+ of \d+ (connections refused so far|refused by recycle, \d+ failed otherwise)$/);
      await expect(page.getByRole('region', { name: 'Counters', exact: true })).toContainText('TcpExtListenDrops');
      const width = await page.evaluate('[innerWidth, document.documentElement.scrollWidth]');
      expect(width).toEqual([1280, 1280]);
      const data = await page.locator('script[type="application/ld+json"]').textContent();
      expect(JSON.parse(data ?? '')['@type']).toBe('LearningResource');
    });
  }

  test('the desk says what to hand in', async ({ page }) => {
    await page.goto('./desk/');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('What did the customer send?');
    await expect(page.getByText('Nothing leaves it.')).toBeVisible();
    await page.getByText('How to collect the evidence').click();
    await expect(page.getByText('nstat -az; sleep 60; nstat -az')).toBeVisible();
  });
});

for (const viewport of SIZES) {
  test.describe(`in a window of ${viewport.width} px`, () => {
    test.use({ viewport });

    for (const path of ['./', './scenario/reboot/', './desk/']) {
      test(`the program takes the place of ${path} without a jump`, async ({ page }) => {
        const release = await heldBack(page);
        await page.goto(path, { waitUntil: 'domcontentloaded' });
        await expect(page.getByText('Loading the simulator')).toBeVisible();
        await page.evaluate(() => document.fonts.ready);
        const before = await places(page);
        await release();
        await taken(page);
        if (path !== './desk/') await expect(page.locator('.in-html')).toHaveCount(viewport.width > 1000 ? 0 : 1);
        expect(await places(page)).toEqual(before);
        expect(await layoutShift(page)).toBe(0);
      });
    }

    test('what the reader did meanwhile is kept', async ({ page }) => {
      const release = await heldBack(page);
      await page.goto('./', { waitUntil: 'domcontentloaded' });
      await page.getByText('What to notice').click();
      await page.getByText('As a table').click();
      await page.getByText('As a table').focus();
      await page.getByText('As a table').scrollIntoViewIfNeeded();
      const top = await page.evaluate(() => scrollY);
      const shift = await layoutShift(page);
      await release();
      await taken(page);
      await expect(page.locator('.in-html')).toHaveCount(0);
      await expect(page.locator('.to-notice')).toHaveAttribute('open');
      await expect(page.locator('.chart-table')).toHaveAttribute('open');
      await expect(page.getByText('As a table')).toBeFocused();
      expect(await page.evaluate(() => scrollY)).toBe(top);
      // What was opened by hand moved the page; the program does not.
      expect(await layoutShift(page)).toBe(shift);
    });
  });
}

test('an answer and a turned switch reach the program', async ({ page }) => {
  const release = await heldBack(page);
  await page.goto('./', { waitUntil: 'domcontentloaded' });
  await page.getByRole('radio', { name: 'The hosts whose clock is behind the highest one.' }).check({ force: true });
  await page.getByRole('switch', { name: 'net.ipv4.tcp_tw_recycle' }).uncheck({ force: true });
  await release();
  await taken(page);
  await expect(page.getByText('Yes.', { exact: true })).toBeVisible();
  await expect(page.getByRole('radio', { name: 'The hosts whose clock is behind the highest one.' })).toBeChecked();
  await expect(page.getByRole('switch', { name: 'net.ipv4.tcp_tw_recycle' })).not.toBeChecked();
  await expect(page.getByText(/From [\d.]+ s on, recycle is 0/)).toBeVisible();
});

test('a click on Play before the program is there is remembered', async ({ page }) => {
  const release = await heldBack(page);
  await page.goto('./', { waitUntil: 'domcontentloaded' });
  const play = page.getByRole('button', { name: 'Play', exact: true });
  await expect(play).toBeDisabled();
  await play.click({ force: true });
  await expect(page.getByText('Your click is remembered.')).toBeVisible();
  await release();
  await expect(page.getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
});

test('a text that was typed on the desk is there when the program is', async ({ page }) => {
  const release = await heldBack(page);
  await page.goto('./desk/', { waitUntil: 'domcontentloaded' });
  await page.getByRole('textbox').fill('net.ipv4.tcp_tw_recycle = 1', { force: true });
  await release();
  await taken(page);
  await expect(page.getByRole('textbox')).toHaveValue('net.ipv4.tcp_tw_recycle = 1');
  await page.getByRole('button', { name: 'Add this text' }).click();
  await expect(page.locator('#desk-summary')).not.toBeEmpty();
});

test('an address that asks for more than its page waits for the program', async ({ page }) => {
  const release = await heldBack(page);
  await page.goto('./?scenario=reboot&t=3', { waitUntil: 'domcontentloaded' });
  await expect(page.getByText('Loading the simulator')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toBeHidden();
  await release();
  await expect(page.getByRole('combobox', { name: 'Scenario' })).toHaveValue('reboot');
});

test('a page of a scenario keeps its address short', async ({ page }) => {
  await page.goto('./scenario/reboot/');
  await taken(page);
  await expect(page.getByRole('combobox', { name: 'Scenario' })).toHaveValue('reboot');
  await page.getByRole('slider', { name: 'Time' }).fill('3');
  await expect(page).toHaveURL(/\/scenario\/reboot\/\?t=3$/);
  await page.getByRole('combobox', { name: 'Scenario' }).selectOption('keep-alive');
  await expect(page).toHaveURL(/\/scenario\/reboot\/\?scenario=keep-alive$/);
  await expect(page).toHaveTitle('Keep-alive connections \u{b7} TIME_WAIT Lab');
  await page.getByRole('link', { name: 'Desk', exact: true }).click();
  await expect(page).toHaveURL(/\/desk\/$/);
});
