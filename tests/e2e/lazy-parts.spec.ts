// Lazy parts: they load on demand, and loading may fail.

import { expect, test, type Page } from '@playwright/test';
import { Lab } from './lab';

/** The parts that the page has requested so far. */
function parts(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', (request) => {
    const part = /\/(?:split|chunk)_(\w+)\.wasm$/.exec(request.url());
    if (part) asked.push(part[1]);
  });
  return asked;
}

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test('a view loads when it comes near the viewport', async ({ page }) => {
    const asked = parts(page);
    const lab = await Lab.open(page);
    await expect(lab.status).toBeVisible();
    await page.waitForLoadState('networkidle');
    expect(asked).toEqual([]);
    await page.getByRole('tab', { name: 'Clocks', exact: true }).scrollIntoViewIfNeeded();
    await expect.poll(() => asked).toContain('clocks');
    await expect(lab.region('Clocks')).toBeVisible();
    expect(asked).not.toContain('views');
  });
});

test('a view that fails to load says so and can be loaded again', async ({ page }) => {
  await page.route('**/split_views.wasm', (route) => route.abort());
  const lab = await Lab.open(page);
  await page.getByRole('tab', { name: 'Ladder', exact: true }).click();
  const told = page.getByRole('alert').filter({ hasText: 'This view did not arrive' });
  await expect(told).toBeVisible();
  await lab.recycle.uncheck();
  await expect(lab.recycle).not.toBeChecked();
  await page.unroute('**/split_views.wasm');
  await lab.button('Try again').click();
  await expect(lab.region('Ladder')).toBeVisible();
  await expect(told).toHaveCount(0);
});


test('the back button returns to another scenario', async ({ page }) => {
  await Lab.open(page);
  await page.goto('./?scenario=reboot');
  await expect(page.getByRole('combobox', { name: 'Scenario' })).toHaveValue('reboot');
  await page.goBack();
  await expect(page.getByRole('combobox', { name: 'Scenario' })).toHaveValue('one-address-many-servers');
});

test('a permalink whose reader does not arrive is not thrown away', async ({ page }) => {
  await page.route('**/split_scenario_reader.wasm', (route) => route.abort());
  await page.goto('./?own=1.AAAA');
  await expect(page.getByRole('alert')).toContainText('The lab could not be loaded');
  expect(page.url()).toContain('own=1.AAAA');
});
