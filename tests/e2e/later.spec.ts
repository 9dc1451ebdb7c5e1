// What is not needed at once comes when it is asked for, and may fail to.

import { expect, test, type Page } from '@playwright/test';
import { Lab } from './lab';

/** The parts that the page has asked for so far. */
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

  test('a view comes when somebody gets near it', async ({ page }) => {
    const asked = parts(page);
    const lab = await Lab.open(page);
    await expect(lab.status).toBeVisible();
    await page.waitForLoadState('networkidle');
    expect(asked).toEqual([]);
    await page.getByRole('tab', { name: 'Clocks', exact: true }).scrollIntoViewIfNeeded();
    await expect(lab.region('Clocks')).toBeVisible();
    expect(asked).toContain('clocks');
    expect(asked).not.toContain('views');
  });
});

test('a scenario of the lab brings what it says, and no more', async ({ page }) => {
  const asked = parts(page);
  const lab = await Lab.open(page, '?scenario=reboot');
  await expect(lab.region('Clocks')).toBeVisible();
  expect(asked).toContain('scenarios');
  expect(asked).not.toContain('views');
  expect(asked).not.toContain('reading');
});

test('a view that does not arrive says so, and can be asked for again', async ({ page }) => {
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

test('a scenario that does not arrive leaves the page as it was', async ({ page }) => {
  await page.route('**/split_scenarios.wasm', (route) => route.fulfill({ status: 503, body: 'busy' }));
  const lab = await Lab.open(page, '?t=20');
  await page.getByRole('combobox', { name: 'Scenario' }).selectOption('reboot');
  await expect(page.getByText('That scenario did not arrive. Choose it again.')).toBeVisible();
  expect(await lab.seconds()).toBe(20);
  await page.unroute('**/split_scenarios.wasm');
  await page.getByRole('combobox', { name: 'Scenario' }).selectOption('one-host-alone');
  await expect(page).toHaveURL(/scenario=one-host-alone/);
});

test('a link whose reader does not arrive is not thrown away', async ({ page }) => {
  await page.route('**/split_reading.wasm', (route) => route.abort());
  await page.goto('./?own=1.AAAA');
  await expect(page.getByRole('alert')).toContainText('The lab could not be loaded');
  expect(page.url()).toContain('own=1.AAAA');
});

test('an address of another scenario that is gone back to', async ({ page }) => {
  await Lab.open(page);
  await page.goto('./?scenario=reboot');
  await expect(page.getByRole('combobox', { name: 'Scenario' })).toHaveValue('reboot');
  await page.goBack();
  await expect(page.getByRole('combobox', { name: 'Scenario' })).toHaveValue('one-address-many-servers');
});
