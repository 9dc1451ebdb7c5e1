// Accessibility and layout: axe finds no violations, nothing overflows, and the theme can be chosen.

import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { Lab } from './lab';

const views = [
  { name: 'the first frame', query: '' },
  { name: 'changed', query: '?do=8.3:recycle=0&do=9:nat&t=30' },
  { name: 'without recycle', query: '?kernel=4.12&recycle=1' },
];
const screens = [
  { name: 'wide', width: 1440, height: 900 },
  { name: 'laptop', width: 1024, height: 768 },
  { name: 'phone', width: 390, height: 844 },
];

/** The other tabs, each on the widest and on the narrowest screen. */
const tabs = ['ladder', 'log', 'compare', 'over-time', 'sweep', 'sockets', 'file', 'build', 'export'].map((name) => ({
  name,
  query: `?do=20:recycle=0&t=30&view=${name}`,
}));

async function complaints(page: Page): Promise<string[]> {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join('; ')}`);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });
    for (const { name, width, height } of screens) {
      test.describe(name, () => {
        test.use({ viewport: { width, height } });
        for (const view of name === 'laptop' ? views : [...views, ...tabs]) {
          test(`axe finds no violations: ${view.name}`, async ({ page }) => {
            await Lab.open(page, view.query);
            expect(await complaints(page)).toEqual([]);
          });
        }
      });
    }

    test('axe finds no violations in the help dialog', async ({ page }) => {
      const lab = await Lab.open(page);
      await lab.button('Keys').click();
      await expect(page.getByRole('dialog')).toBeVisible();
      expect(await complaints(page)).toEqual([]);
    });
  });
}

for (const width of [1440, 1280, 1024, 960, 768, 390, 320]) {
  test(`nothing overflows at ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await Lab.open(page, '?do=8.3:recycle=0&do=8.4:nat&do=8.5:own&t=30');
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(over).toBeLessThanOrEqual(0);
  });
}

test('no text of the stage is cut off', async ({ page }) => {
  for (const width of [1440, 1024, 390]) {
    await page.setViewportSize({ width, height: 800 });
    await Lab.open(page);
    const outside = await page.locator('#stage svg[role=img]').evaluate((stage) => {
      const box = stage.getBoundingClientRect();
      const cut = (text: Element) => {
        const { left, right, top, bottom } = text.getBoundingClientRect();
        return left < box.left - 1 || right > box.right + 1 || top < box.top - 1 || bottom > box.bottom + 1;
      };
      return [...stage.querySelectorAll('text')].filter(cut).map((text) => text.textContent);
    });
    expect(outside, `${width} px`).toEqual([]);
  }
});

test('the theme can be chosen and is remembered', async ({ page }) => {
  const lab = await Lab.open(page);
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  await lab.button('Theme: system').click();
  await lab.button('Theme: light').click();
  await expect(lab.button('Theme: dark')).toBeVisible();
  expect(await paper()).not.toBe(light);
  await page.reload();
  await expect(lab.button('Theme: dark')).toBeVisible();
  expect(await paper()).not.toBe(light);
});

test('the stage has a description for screen readers', async ({ page }) => {
  const lab = await Lab.open(page);
  await expect(lab.region('Stage').getByRole('img')).toHaveAccessibleName(
    /web-2 sent a SYN with timestamp [\d,]+\. The server remembers [\d,]+ for 203\.0\.113\.7 and refuses the SYN silently\./,
  );
  await lab.next.click();
  await expect(page.locator('[aria-live=polite]').filter({ hasText: /web-2 sends a SYN .*\(retry 1\)/ })).toHaveCount(1);
});

test('nothing is loaded from another host, and the content security policy blocks nothing', async ({ page, baseURL }) => {
  const strange: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(baseURL ?? '') && !/^(data|blob):/.test(request.url())) strange.push(request.url());
  });
  page.on('console', (message) => {
    if (message.type() === 'error') strange.push(message.text());
  });
  const lab = await Lab.open(page);
  await lab.play.click();
  await expect.poll(() => lab.seconds()).toBeGreaterThan(8.3);
  await lab.goTo(100);
  expect(strange).toEqual([]);
});
