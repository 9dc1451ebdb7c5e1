// Scenario links: they open in a second tab, and broken ones are reported.

import { expect, test } from '@playwright/test';
import { Lab } from './lab';

/** Builds a scenario that differs from the incident in its duration, and returns its address. */
async function own(lab: Lab): Promise<URL> {
  await lab.page.getByRole('tab', { name: 'Build', exact: true }).click();
  await lab.region('Build').getByLabel('Duration').fill('77');
  await lab.button('Run this scenario').click();
  await expect(lab.page).toHaveURL(/own=1\.[\w-]+/);
  return new URL(lab.page.url());
}

test('a link opens the same scenario in a second tab, with all settings', async ({ page, context }) => {
  const lab = await Lab.open(page);
  await own(lab);
  await lab.kernel.selectOption('4.11');
  await lab.goTo(60);
  await lab.recycle.uncheck();
  await lab.goTo(70);
  await expect(page).toHaveURL(/own=1\.[\w-]+&kernel=4\.11&do=60\.001:recycle=0&t=70/);
  const query = new URL(page.url()).search;
  expect(query.length).toBeLessThan(250);
  const status = await lab.status.textContent();

  const second = await Lab.open(await context.newPage(), query);
  await expect(second.status).toHaveText(status ?? '');
  await expect(second.time).toHaveAttribute('max', await lab.time.getAttribute('max') as string);
  await expect(second.kernel).toHaveValue('4.11');
  await expect(second.recycle).not.toBeChecked();
  await expect(second.page.getByRole('alert')).toHaveCount(0);
});

test('undo restores the previous scenario', async ({ page }) => {
  const lab = await Lab.open(page);
  const end = await lab.time.getAttribute('max');
  await own(lab);
  await expect(lab.time).not.toHaveAttribute('max', end as string);
  await lab.button('Undo').click();
  await expect(lab.time).toHaveAttribute('max', end as string);
  await expect(page).not.toHaveURL(/own=/);
});

for (const [what, broken] of [
  ['cut off', (payload: string) => payload.slice(0, -7)],
  ['of a later version', (payload: string) => payload.replace(/^1/, '2')],
  ['with a changed character', (payload: string) => `${payload.slice(0, 20)}${payload[20] === 'A' ? 'B' : 'A'}${payload.slice(21)}`],
  ['too long', (payload: string) => payload + 'A'.repeat(17_000)],
  ['without a payload', () => ''],
  ['that is not base64url', () => '%00<script>alert(1)</script>'],
] as const) {
  test(`a link ${what} opens the incident and says so`, async ({ page }) => {
    const lab = await Lab.open(page);
    const payload = (await own(lab)).searchParams.get('own') as string;
    const opened = await Lab.open(page, `?own=${broken(payload)}`);
    await expect(page.getByRole('alert')).toContainText('own=');
    await expect(opened.status).toHaveText('1 of 3 connections refused so far');
  });
}
