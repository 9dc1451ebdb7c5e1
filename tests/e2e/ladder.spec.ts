// The ladder, with pointer, keyboard and accessible names.

import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Locator } from '@playwright/test';
import { Lab } from './lab';

/** The arrow of the first refused SYN, by its accessible name. */
function refusedSyn(ladder: Locator): Locator {
  return ladder.getByRole('button', { name: /SYN.*Refused at server: remembered [\d,]+ - tsval [\d,]+/ }).first();
}

test('the first refusal is shown with its numbers', async ({ page }) => {
  const lab = await Lab.open(page);
  const ladder = await lab.look('Ladder');
  const name = (await refusedSyn(ladder).getAttribute('aria-label')) ?? '';
  const [remembered, tsval] = /remembered ([\d,]+) - tsval ([\d,]+)/.exec(name)?.slice(1) ?? [];
  // On one line or on several, depending on the width.
  await expect(ladder).toContainText(new RegExp(`remembered ?${remembered} ?> ${tsval}`));
  // The numbers are the same as on the stage.
  await expect(lab.region('Stage')).toContainText(`remembered ${remembered} - tsval ${tsval}`);
  for (const host of ['web-1', 'web-2', 'nat', 'server']) {
    await expect(ladder.getByText(host, { exact: true }).first()).toBeVisible();
  }
});

test('a focused arrow is described as tcpdump prints it', async ({ page }) => {
  const lab = await Lab.open(page);
  const ladder = await lab.look('Ladder');
  const arrow = refusedSyn(ladder);
  const tsval = /tsval ([\d,]+)/.exec((await arrow.getAttribute('aria-label')) ?? '')?.[1].replaceAll(',', '');
  await arrow.focus();
  const line = ladder.locator('[aria-live=polite]');
  await expect(line).toContainText(/IP 203\.0\.113\.7\.\d+ > 198\.51\.100\.10\.80: Flags \[S\], seq \d+/);
  await expect(line).toContainText(`TS val ${tsval} ecr 0`);
});

test('a click moves the playhead, and so does Enter', async ({ page }) => {
  const lab = await Lab.open(page, '?t=60&view=ladder');
  const ladder = await lab.look('Ladder');
  // A click on a refused SYN leads to its refusal, which is slightly later.
  const arrows = ladder.getByRole('button', { name: /^[\d.]+ s: (?!.*Refused)/ });
  const third = arrows.nth(3);
  const moment = async (arrow: Locator) => Number(/^([\d.]+) s:/.exec((await arrow.getAttribute('aria-label')) ?? '')?.[1]);
  const sent = await moment(third);
  await third.click();
  await expect.poll(async () => lab.seconds()).toBeCloseTo(sent, 2);
  const later = arrows.nth(9);
  const next = await moment(later);
  await later.focus();
  await page.keyboard.press('Enter');
  await expect.poll(async () => lab.seconds()).toBeCloseTo(next, 2);
});

test('Tab reaches the diagram, the arrow keys move in it, and Tab leaves it', async ({ page }) => {
  const lab = await Lab.open(page);
  const ladder = await lab.look('Ladder');
  const stops = ladder.locator('[role=button][tabindex="0"]');
  await expect(stops).toHaveCount(1);
  await stops.focus();
  const focused = page.locator(':focus');
  const first = await focused.getAttribute('aria-label');
  await page.keyboard.press('ArrowDown');
  await expect(focused).not.toHaveAttribute('aria-label', first ?? '');
  await page.keyboard.press('ArrowUp');
  await expect(focused).toHaveAttribute('aria-label', first ?? '');
  await page.keyboard.press('Tab');
  await expect(ladder.locator('[role=button]:focus')).toHaveCount(0);
});

test('the arrow keys reach the next page', async ({ page }) => {
  const lab = await Lab.open(page, '?t=0');
  const ladder = await lab.look('Ladder');
  await ladder.locator('[role=button][tabindex="0"]').focus();
  await page.keyboard.press('End');
  const focused = page.locator(':focus');
  const last = (await focused.getAttribute('aria-label')) ?? '';
  await page.keyboard.press('ArrowDown');
  await expect(ladder.getByRole('button', { name: 'Earlier', exact: true })).toBeVisible();
  await expect(focused).toHaveAttribute('aria-label', last);
  await page.keyboard.press('ArrowDown');
  await expect(focused).not.toHaveAttribute('aria-label', last);
});

test('other hosts can be chosen', async ({ page }) => {
  const lab = await Lab.open(page);
  const ladder = await lab.look('Ladder');
  await ladder.getByRole('checkbox', { name: 'own-1', exact: true }).check();
  await expect(ladder.getByRole('button', { name: /own-1 sends a SYN/ }).first()).toBeAttached();
  // At most three hosts can be selected.
  await expect(ladder.getByRole('checkbox', { name: 'own-2', exact: true })).toBeDisabled();
  await ladder.getByRole('checkbox', { name: 'hosts of the refusal' }).check();
  await expect(ladder.getByRole('button', { name: /own-1 sends a SYN/ })).toHaveCount(0);
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1440, 390]) {
    test.describe(`${colorScheme}, ${width} px`, () => {
      test.use({ colorScheme, viewport: { width, height: 900 } });

      test('axe finds no violations, and no two labels overlap', async ({ page }) => {
        const lab = await Lab.open(page, '?t=60&view=ladder');
        await page.getByRole('tab', { name: 'Ladder', exact: true }).scrollIntoViewIfNeeded();
        await expect(lab.region('Ladder')).toBeVisible();
        const { violations } = await new AxeBuilder({ page }).include('#ladder').analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join('; ')}`)).toEqual([]);
        // Only horizontal labels are measured here. The test of the layout checks those along arrows.
        const covered = await page.locator('.ladder-words').evaluate((words) => {
          const upright = [...words.querySelectorAll('text:not([transform])')];
          const boxes = upright.map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }));
          const found: string[] = [];
          boxes.forEach(({ text, box }, at) => {
            for (const other of boxes.slice(at + 1)) {
              const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
              const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
              // Letters are lower than their line.
              if (across > 1 && down > 4) found.push(`${text} | ${other.text}`);
            }
          });
          return found;
        });
        expect(covered).toEqual([]);
      });
    });
  }
}
