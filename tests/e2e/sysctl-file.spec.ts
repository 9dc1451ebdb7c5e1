// The sysctl file: it fits the kernel and the switches, and can be copied and downloaded.

import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { Lab } from './lab';

/** The lines that are not comments. */
function settings(text: string | null): string[] {
  return (text ?? '').split('\n').filter((line) => line.includes('=') && !line.startsWith('#'));
}

test('both switches off on 4.9 give a line for recycle and one for reuse', async ({ page }) => {
  const lab = await Lab.open(page, '?recycle=0&reuse=0');
  const text = await (await lab.look('sysctl file')).getByRole('group').textContent();
  expect(settings(text)).toEqual(['net.ipv4.tcp_tw_recycle = 0', 'net.ipv4.tcp_tw_reuse = 0']);
});

test('on 4.12 there is no line for recycle', async ({ page }) => {
  const lab = await Lab.open(page, '?kernel=4.12&reuse=0');
  const text = await (await lab.look('sysctl file')).getByRole('group').textContent();
  expect(settings(text)).toEqual(['net.ipv4.tcp_tw_reuse = 0']);
  // A sentence continues after the comment mark of the next line.
  expect(text?.replaceAll('\n# ', ' ')).toContain('removed it');
});

test('the file has the values of the switches at the playhead', async ({ page }) => {
  const lab = await Lab.open(page, '?do=20:recycle=0&t=19');
  const text = (await lab.look('sysctl file')).getByRole('group');
  expect(settings(await text.textContent())).toEqual(['net.ipv4.tcp_tw_reuse = 0']);
  await lab.goTo(20);
  await expect(text).toContainText('net.ipv4.tcp_tw_recycle = 0');
  expect(settings(await text.textContent())).toContain('net.ipv4.tcp_tw_recycle = 0');
});

test('the file can be copied', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const lab = await Lab.open(page, '?recycle=0');
  await lab.look('sysctl file');
  await lab.button('Copy').click();
  await expect(page.getByText('Copied.')).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(settings(copied)).toContain('net.ipv4.tcp_tw_recycle = 0');
});

test('if the clipboard is blocked, the text is selected', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'clipboard', { value: undefined });
  });
  const lab = await Lab.open(page, '?recycle=0');
  await lab.look('sysctl file');
  await lab.button('Copy').click();
  await expect(page.getByText('The text is selected: copy it with Ctrl+C.')).toBeVisible();
  expect(await page.evaluate(() => String(getSelection()))).toContain('net.ipv4.tcp_tw_recycle = 0');
});

test('the file can be downloaded', async ({ page }) => {
  const lab = await Lab.open(page, '?recycle=0');
  await lab.look('sysctl file');
  const [download] = await Promise.all([page.waitForEvent('download'), lab.button('Download').click()]);
  expect(download.suggestedFilename()).toMatch(/^\d+-[\w-]+\.conf$/);
  const text = await readFile(await download.path(), 'utf8');
  expect(text).toBe(await (await lab.look('sysctl file')).getByRole('group').textContent());
});
