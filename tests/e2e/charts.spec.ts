// The charts: their content, the sweep, and accessibility.

import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { Lab } from './lab';

async function open(page: Page, query = ''): Promise<Lab> {
  const lab = await Lab.open(page, query);
  await lab.look('Clocks');
  return lab;
}

async function complaints(page: Page): Promise<string[]> {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join('; ')}`);
}

/** The number of refused SYNs in the event log. */
async function refusals(lab: Lab): Promise<number> {
  const log = await lab.look('Event log');
  await log.getByRole('combobox').selectOption('refusals');
  await lab.goTo(0);
  const [rows, later] = await Promise.all([log.getByRole('listitem').count(), log.getByText(/^\d+ later$/).textContent()]);
  return rows + Number(/\d+/.exec(later ?? '')?.[0] ?? 0);
}

test('the chart of clocks has a cross for each refused SYN', async ({ page }) => {
  const lab = await open(page);
  const all = await refusals(lab);
  expect(all).toBeGreaterThan(100);
  const chart = (await lab.look('Clocks')).getByRole('img');
  await expect(chart).toHaveAccessibleName(new RegExp(`Six hosts connect from 203\\.0\\.113\\.7\\..* ${all} of \\d+ SYNs`));
  // A cross has two strokes, and this drawing has no other marks of refusals.
  const strokes = await chart.locator('path.refused').evaluateAll((paths) =>
    paths.reduce((sum, path) => sum + (path.getAttribute('d')?.match(/M/g)?.length ?? 0), 0),
  );
  expect(strokes).toBe(all * 2);
});

test('each address has a chart of its own', async ({ page }) => {
  const lab = await open(page);
  const clocks = lab.region('Clocks');
  await clocks.getByRole('combobox', { name: 'Address' }).selectOption('203.0.113.40');
  await expect(clocks.getByRole('img')).toHaveAccessibleName(/One host connects from 203\.0\.113\.40\..* 0 of \d+ SYNs/);
  await clocks.getByText('As a table').click();
  await expect(clocks.getByRole('rowheader', { name: 'own-1' })).toBeVisible();
});

test('during playback only the playhead changes', async ({ page }) => {
  const lab = await open(page);
  const chart = lab.region('Clocks').getByRole('img');
  const marks = () => chart.locator('path:not(.playhead)').evaluateAll((all) => all.map((path) => path.outerHTML).join());
  const playhead = () => chart.locator('path.playhead').getAttribute('d');
  const [marksBefore, playheadBefore] = [await marks(), await playhead()];
  await lab.goTo(120);
  await expect.poll(playhead).not.toBe(playheadBefore);
  expect(await marks()).toBe(marksBefore);
});

test('no two texts of a chart overlap, and none is cut off', async ({ page }) => {
  for (const width of [1440, 1024, 390]) {
    await page.setViewportSize({ width, height: 800 });
    await open(page);
    const wrong = await page.locator('svg.chart[role=img]').evaluateAll((charts) =>
      charts.flatMap((chart) => {
        const box = chart.getBoundingClientRect();
        const words = [...chart.querySelectorAll('text')].map((text) => ({ text: text.textContent, at: text.getBoundingClientRect() }));
        const cut = words.filter(({ at }) => at.left < box.left - 1 || at.right > box.right + 1);
        const touch = words.flatMap((a, index) =>
          words.slice(index + 1).filter((b) => {
            const across = Math.min(a.at.right, b.at.right) - Math.max(a.at.left, b.at.left);
            const down = Math.min(a.at.bottom, b.at.bottom) - Math.max(a.at.top, b.at.top);
            return across > 0 && down > 4;
          }).map((b) => `${a.text} / ${b.text}`),
        );
        return [...cut.map(({ text }) => `cut: ${text}`), ...touch];
      }),
    );
    expect(wrong, `${width} px`).toEqual([]);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(over).toBeLessThanOrEqual(0);
  }
});

test('a sweep reports its progress and can be cancelled', async ({ page }) => {
  const lab = await open(page);
  const sweep = await lab.look('Sweep');
  await sweep.getByRole('button', { name: 'Run the sweep' }).click();
  await expect(sweep.getByRole('progressbar')).toBeVisible();
  await expect(sweep.getByText(/^[1-9]\d* of 210 runs$/)).toBeVisible();
  await sweep.getByRole('button', { name: 'Cancel' }).click();
  await expect(sweep.getByRole('progressbar')).toHaveCount(0);
  await expect(sweep.getByRole('table')).toHaveCount(0);
});

test('a finished sweep has a number in each cell, and a single host is never refused', async ({ page }) => {
  const lab = await open(page);
  const sweep = await lab.look('Sweep');
  await sweep.getByRole('button', { name: 'Run the sweep' }).click();
  await expect(sweep.getByRole('button', { name: 'Run the sweep again' })).toBeVisible({ timeout: 25_000 });
  const cells = sweep.getByRole('button', { name: /% refused/ });
  await expect(cells).toHaveCount(42);
  for (const name of await sweep.getByRole('button', { name: /: 1 host,/ }).allTextContents()) expect(name).toBe('0');
  const percent = async (name: RegExp) => Number(await sweep.getByRole('button', { name }).textContent());
  const [two, fifty] = [await percent(/: 2 hosts, 6 connections/), await percent(/: 50 hosts, 6 connections/)];
  expect(two).toBeGreaterThan(0);
  expect(fifty).toBeGreaterThan(two);
});

test('without recycle a sweep finds no refusals', async ({ page }) => {
  const lab = await open(page, '?recycle=0');
  const sweep = await lab.look('Sweep');
  await sweep.getByRole('button', { name: 'Run the sweep' }).click();
  await expect(sweep.getByText('Nobody is refused, however many hosts share the address.')).toBeVisible({ timeout: 25_000 });
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1440, 390]) {
    test(`axe finds no violations in the charts: ${colorScheme}, ${width} px`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 844 });
      const lab = await open(page);
      const sweep = await lab.look('Sweep');
      await sweep.getByRole('button', { name: 'Run the sweep' }).click();
      await expect(sweep.getByRole('button', { name: 'Run the sweep again' })).toBeVisible({ timeout: 25_000 });
      for (const table of await page.getByText(/^As (a table|tables)$/).all()) await table.click();
      expect(await complaints(page)).toEqual([]);
    });
  }
}
