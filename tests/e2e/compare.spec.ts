// Two runs of the same traffic, side by side.

import { expect, test, type Locator } from '@playwright/test';
import { Lab } from './lab';

/** The refusals so far and in the whole run, on one side. */
async function counts(side: Locator): Promise<{ soFar: number; whole: number }> {
  const text = (await side.getByText('connections refused so far').textContent()) ?? '';
  const found = /^(\d+) of \d+ connections refused so far, (\d+) of \d+ in the whole run/.exec(text);
  expect(found, `the side reads "${text}"`).not.toBeNull();
  return { soFar: Number(found?.[1]), whole: Number(found?.[2]) };
}

test('a change is compared with the run before it', async ({ page }) => {
  const lab = await Lab.open(page, '?t=60');
  await lab.recycle.uncheck();
  await page.getByRole('tab', { name: 'Before and after' }).click();
  const compare = await lab.look('Before and after');
  const before = compare.getByRole('group', { name: 'Before the last change' });
  const after = compare.getByRole('group', { name: 'Current settings' });
  await expect(before).toContainText('recycle 1');
  await expect(after).toContainText('recycle 0');

  // Both runs are the same up to the change. After it, one side has no refusals.
  const [old, healed] = [await counts(before), await counts(after)];
  expect(old.soFar).toBe(healed.soFar);
  expect(healed.whole).toBe(healed.soFar);
  expect(old.whole).toBeGreaterThan(healed.whole);

  const there = compare.getByRole('button', { name: /^Go to [\d.]+ s$/ });
  const at = Number.parseFloat(((await there.textContent()) ?? '').replace('Go to ', ''));
  expect(at).toBeGreaterThanOrEqual(60);
  await there.click();
  expect(await lab.seconds()).toBeCloseTo(at, 2);
  await lab.goTo(180);
  expect((await counts(before)).soFar).toBe(old.whole);
  await expect(compare.getByRole('row', { name: /TcpExtPAWSPassive/ })).toContainText('\u2212');
  await expect(lab.region('Counters')).toContainText('since the change at');
});

test('the scenario can be compared with other settings', async ({ page }) => {
  const lab = await Lab.open(page, '?view=compare');
  const compare = await lab.look('Before and after');
  const others = compare.getByRole('combobox', { name: 'Compare with' });
  await expect(others.getByRole('option')).toHaveText(['recycle off', 'reuse 1', 'kernel 4.12']);
  await expect(compare.getByRole('group', { name: 'Recycle off' })).toBeVisible();
  await others.selectOption('kernel 4.12');
  const newer = compare.getByRole('group', { name: 'Kernel 4.12' });
  await expect(newer).toContainText('no recycle');
  expect((await counts(newer)).whole).toBe(0);

  // The same as a table with a row per host.
  await compare.getByText('Each host in numbers').click();
  await expect(compare.getByRole('row', { name: /^web-2 / })).toBeVisible();
});

test('on a phone the two runs are stacked', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const lab = await Lab.open(page, '?view=compare');
  const sides = (await lab.look('Before and after')).getByRole('group', { name: /Current settings|Recycle off/ });
  const [first, second] = [await sides.nth(0).boundingBox(), await sides.nth(1).boundingBox()];
  expect(second?.y ?? 0).toBeGreaterThanOrEqual((first?.y ?? 0) + (first?.height ?? 1));
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

test('a dropped segment that is not a refusal has an explanation too', async ({ page }) => {
  const lab = await Lab.open(page, '?scenario=accept-queue-overflow');
  const why = lab.region('Why');
  await why.getByRole('button', { name: 'First problem' }).click();
  await expect(why).toContainText('The accept queue of server is full');
  await expect(why).toContainText('tcp_conn_request() in Linux 4.9');
  await expect(why).toContainText('TcpExtListenOverflows +1, TcpExtListenDrops +1');
  const at = await lab.seconds();
  await why.getByRole('button', { name: 'Next event of this kind' }).click();
  expect(await lab.seconds()).toBeGreaterThan(at);
});

test('when ports run out, a button turns reuse on', async ({ page }) => {
  const lab = await Lab.open(page, '?scenario=ports-run-out-reuse-0');
  const why = lab.region('Why');
  await why.getByRole('button', { name: 'First problem' }).click();
  await expect(why).toContainText('20 of 20');
  await why.getByRole('button', { name: 'Reuse 1 from here' }).click();
  await expect(page.getByRole('list', { name: 'Changes' })).toContainText('reuse 0 to 1');
});
