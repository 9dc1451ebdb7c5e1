// The address of the page restores the settings, and invalid parameters are reported.

import { expect, test } from '@playwright/test';
import { Lab } from './lab';

test('the address restores the settings, the changes and the moment', async ({ page, context }) => {
  const lab = await Lab.open(page, '?t=20');
  await lab.recycle.uncheck();
  await lab.goTo(40);
  await lab.button('Add a host behind the NAT').click();
  await lab.goTo(55);
  await lab.recycle.check();
  await lab.goTo(72.5);
  await expect(page).toHaveURL(/\?do=20\.001:recycle=0&do=40\.001:nat&do=55\.001:recycle=1&t=72\.5$/);
  const status = await lab.status.textContent();

  const second = await Lab.open(await context.newPage(), new URL(page.url()).search);
  await expect(second.status).toHaveText(status ?? '');
  expect(await second.seconds()).toBe(72.5);
  await expect(second.recycle).toBeChecked();
  await expect(second.host('web-7')).toBeVisible();
  await second.goTo(30);
  await expect(second.recycle).not.toBeChecked();

  // Tabs do not share state.
  expect(await lab.seconds()).toBe(72.5);
});

test('kernel, recycle, reuse and timestamps apply from the start', async ({ page }) => {
  const lab = await Lab.open(page, '?scenario=one-address-many-servers&kernel=4.4&recycle=0&reuse=1&timestamps=0');
  await expect(lab.kernel).toHaveValue('4.4');
  await expect(lab.recycle).not.toBeChecked();
  await expect(lab.reuse.getByRole('radio', { name: '1', exact: true })).toBeChecked();
  await expect(lab.timestamps).not.toBeChecked();
  expect(await lab.seconds()).toBe(0);
  await expect(lab.status).toHaveText('0 of 0 connections refused so far');
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('the changes of an address may be percent-encoded', async ({ page }) => {
  const lab = await Lab.open(page, '?do=24.310%3Arecycle%3D0&do=12:nat&do=12:own&t=30');
  await expect(lab.recycle).not.toBeChecked();
  await expect(lab.host('web-7')).toBeVisible();
  await expect(lab.host('own-3')).toBeVisible();
  await expect(page.getByRole('list', { name: 'Changes' }).getByRole('listitem')).toHaveCount(3);
});

test('play=1 starts playback', async ({ page }) => {
  const lab = await Lab.open(page, '?t=8.2&play=1');
  await expect(lab.pause).toBeVisible();
  await expect.poll(() => lab.seconds()).toBeGreaterThan(8.21);
  await expect(page).toHaveURL(/\?t=8\.2&play=1$/);
  await lab.pause.click();
  await expect(lab.play).toBeVisible();
  await expect(page).not.toHaveURL(/play/);
});

test('invalid parameters are ignored and reported', async ({ page }) => {
  const lab = await Lab.open(page, '?kernel=5.4&recycle=maybe&do=12:dance&t=-3&colour=red');
  const notice = page.getByRole('alert');
  for (const named of ['kernel=5.4', 'recycle=maybe', 'do=12:dance', 't=-3', 'colour=red']) {
    await expect(notice).toContainText(named);
  }
  await expect(lab.kernel).toHaveValue('4.9');
  await expect(lab.status).toHaveText('1 of 3 connections refused so far');
  await lab.button('Dismiss').click();
  await expect(notice).toHaveCount(0);
});

test('recycle is rejected on a kernel without it', async ({ page }) => {
  const lab = await Lab.open(page, '?kernel=6.18&recycle=1');
  await expect(page.getByRole('alert')).toContainText('recycle=1: Linux 6.18 has no net.ipv4.tcp_tw_recycle');
  await expect(lab.recycle).toBeDisabled();
});

test('a malicious address does no harm', async ({ page }) => {
  const long = `?kernel=${'9'.repeat(3000)}&${'do=1:nat&'.repeat(200)}do=%00%ff%zz&t=1e9&<script>=1`;
  const lab = await Lab.open(page, long);
  await expect(page.getByRole('alert')).toContainText(/and \d+ more/);
  await expect(lab.host('web-12')).toBeVisible();
});

test('the back button restores the previous state', async ({ page }) => {
  const lab = await Lab.open(page, '?t=30');
  await page.evaluate(() => history.pushState(null, '', '?t=60&kernel=4.12'));
  await page.goBack();
  await expect(lab.time).toHaveValue('30');
  await page.goForward();
  await expect(lab.time).toHaveValue('60');
  await expect(lab.kernel).toHaveValue('4.12');
});

test('dragging the slider updates the address when it stops', async ({ page }) => {
  const lab = await Lab.open(page);
  await page.evaluate(() => {
    const replace = history.replaceState.bind(history);
    (window as unknown as { writes: number }).writes = 0;
    history.replaceState = (...given) => {
      (window as unknown as { writes: number }).writes += 1;
      replace(...given);
    };
  });
  for (let step = 0; step < 60; step++) await lab.goTo(20 + step);
  await expect(page).toHaveURL(/\?t=79$/);
  expect(await page.evaluate(() => (window as unknown as { writes: number }).writes)).toBeLessThan(60);
});
