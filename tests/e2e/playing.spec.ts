// Playback, stepping, the keyboard, and reduced motion.

import { expect, test } from '@playwright/test';
import { Lab } from './lab';

test('play starts the clock and pause stops it', async ({ page }) => {
  const lab = await Lab.open(page, '?t=2.3');
  await lab.play.click();
  await expect.poll(() => lab.seconds()).toBeGreaterThan(2.31);
  await lab.pause.click();
  const at = await lab.seconds();
  await lab.next.click();
  expect(await lab.seconds()).toBeGreaterThan(at);
});

test('idle time is skipped, and the page says so', async ({ page }) => {
  const lab = await Lab.open(page, '?t=2.6');
  await lab.play.click();
  await expect(page.getByText(/skipping [\d.]+ s of idle time/)).toBeVisible();
  await expect.poll(() => lab.seconds()).toBeGreaterThan(4.6);
});

test('a switch that is turned during playback takes effect at that moment', async ({ page }) => {
  const lab = await Lab.open(page, '?t=20');
  await lab.play.click();
  await expect.poll(() => lab.seconds()).toBeGreaterThan(20.01);
  await lab.recycle.uncheck();
  await expect(lab.pause).toBeVisible();
  await lab.pause.click();
  const { refused } = await lab.refused();
  const entry = page.getByRole('list', { name: 'Changes' }).getByRole('listitem');
  await expect(entry).toContainText('recycle 1 to 0');
  const at = Number.parseFloat((await entry.textContent()) ?? '');
  expect(at).toBeGreaterThan(20);
  expect(at).toBeLessThanOrEqual(await lab.seconds());
  expect((await lab.refusedAtTheEnd()).refused).toBe(refused);
});

test('playback pauses in a hidden browser tab', async ({ page }) => {
  const lab = await Lab.open(page, '?t=20&play=1');
  await expect(lab.pause).toBeVisible();
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await expect(lab.play).toBeVisible();
});

test('next and previous event move the playhead there and back', async ({ page }) => {
  const lab = await Lab.open(page);
  const first = await lab.seconds();
  await lab.next.click();
  expect(await lab.seconds()).toBeGreaterThan(first);
  await lab.previous.click();
  expect(await lab.seconds()).toBe(first);
});

test('at the end, play starts from the beginning', async ({ page }) => {
  const lab = await Lab.open(page, '?t=180');
  await lab.play.click();
  await expect.poll(() => lab.seconds()).toBeLessThan(179);
});

test('the event log follows the playhead and can move it', async ({ page }) => {
  const lab = await Lab.open(page);
  const log = await lab.look('Event log');
  await expect(log.locator('[aria-current]')).toContainText("web-2's SYN carries");
  await log.getByRole('button', { name: /9\.214 .*web-2's SYN carries/ }).click();
  await expect(lab.time).toHaveValue('9.214');
  // The log is one Tab stop; the arrow keys move between rows.
  await log.locator('[aria-current]').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(lab.time).toHaveValue('10.4');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(lab.time).toHaveValue('9.214');
  await log.getByRole('combobox').selectOption('all');
  await expect(log.locator('[aria-current]')).toContainText("web-2's SYN carries");
});

test('the page can be used with the keyboard alone', async ({ page }) => {
  const lab = await Lab.open(page);
  const first = await lab.seconds();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => lab.seconds()).toBeGreaterThan(first);
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => lab.seconds()).toBe(first);
  await page.keyboard.press('Shift+ArrowRight');
  await expect(lab.time).toHaveValue('9.214');
  await page.keyboard.press('Home');
  await expect(lab.time).toHaveValue('0');
  await page.keyboard.press('End');
  await expect(lab.time).toHaveValue('180');
  await page.keyboard.press('Home');
  await page.keyboard.press('Space');
  await expect(lab.pause).toBeVisible();
  await page.keyboard.press('Space');
  await expect(lab.play).toBeVisible();

  // Every control is reached with Tab and used with Space and the arrow keys.
  await lab.goTo(first);
  await lab.time.focus();
  await page.keyboard.press('ArrowRight');
  expect(await lab.seconds()).toBeCloseTo(first + 0.1, 3);
  await page.keyboard.press('PageUp');
  expect(await lab.seconds()).toBeCloseTo(first + 10.1, 3);
  const reached: string[] = [];
  for (let presses = 0; presses < 40 && !reached.includes('net.ipv4.tcp_timestamps'); presses++) {
    await page.keyboard.press('Tab');
    reached.push(await page.evaluate(() => {
      const element = document.activeElement;
      const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : null;
      return label ?? element?.getAttribute('aria-label') ?? element?.textContent ?? '';
    }));
  }
  expect(reached).toEqual(expect.arrayContaining(['Play', 'Next event', 'Recycle off from here', 'net.ipv4.tcp_tw_recycle']));
  await lab.recycle.focus();
  await page.keyboard.press('Space');
  await expect(lab.recycle).not.toBeChecked();
  await expect(lab.play).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(lab.recycle).toBeChecked();
  await page.keyboard.press('Control+Shift+z');
  await expect(lab.recycle).not.toBeChecked();

  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keys' });
  await expect(sheet).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
});

test('the time bar has buttons for refusals, and speed and tabs have shortcuts', async ({ page }) => {
  const lab = await Lab.open(page);
  await lab.button('Jump to the next refusal').click();
  await expect(lab.time).toHaveValue('9.214');
  await lab.button('Jump to the previous refusal').click();
  const first = await lab.seconds();
  expect(first).toBeLessThan(9.214);
  // Before the first refusal there is none, and the button keeps the focus.
  await lab.button('Jump to the previous refusal').click({ force: true });
  expect(await lab.seconds()).toBe(first);
  await expect(lab.button('Jump to the previous refusal')).toBeFocused();

  const speed = page.getByRole('combobox', { name: 'Speed' });
  await expect(speed.getByRole('option')).toHaveCount(9);
  await expect(speed).toHaveValue('0.02x');
  await page.keyboard.press('.');
  await expect(speed).toHaveValue('0.05x');
  await page.keyboard.press(',');
  await page.keyboard.press('-');
  await expect(speed).toHaveValue('0.01x');
  await page.keyboard.press('2');
  await expect(page.getByRole('tab').nth(1)).toHaveAttribute('aria-selected', 'true');
});

test('undo and redo work with buttons and with keys', async ({ page }) => {
  const lab = await Lab.open(page);
  await lab.recycle.uncheck();
  await expect(lab.button('Redo')).toBeDisabled();
  await lab.button('Undo').click();
  await expect(lab.recycle).toBeChecked();
  await lab.button('Redo').click();
  await expect(lab.recycle).not.toBeChecked();
  await page.keyboard.press('u');
  await expect(lab.recycle).toBeChecked();
  await page.keyboard.press('r');
  await expect(lab.recycle).not.toBeChecked();
});

test.describe('with reduced motion', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } });

  test('segments are drawn as arrows and playback goes from event to event', async ({ page }) => {
    const lab = await Lab.open(page, '?t=2.304');
    await expect(page.getByText('Playback moves from event to event.')).toBeVisible();
    await expect(lab.region('Stage').getByText('SYN', { exact: true })).toBeVisible();
    const places = async () => lab.region('Stage').locator('.segment').evaluateAll((all) => all.map((one) => one.outerHTML));
    const before = await places();
    await lab.play.click();
    const seen = new Set<number>();
    await expect.poll(async () => seen.add(await lab.seconds()).size, { timeout: 15_000 }).toBeGreaterThan(2);
    await lab.pause.click();
    await lab.goTo(2.305);
    expect(await places()).toEqual(before);
  });
});
