// Exports: every file can be downloaded and has the right content, and there is a fallback if the browser blocks it.

import { readFile } from 'node:fs/promises';
import { expect, test, type Page } from '@playwright/test';
import { Lab } from './lab';

async function open(page: Page, query = '?view=export'): Promise<Lab> {
  const lab = await Lab.open(page, query);
  await expect(lab.region('Export')).toBeVisible();
  return lab;
}

async function taken(lab: Lab, button: string): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([lab.page.waitForEvent('download'), lab.button(button).click()]);
  const bytes = await readFile(await download.path());
  await expect(lab.page.getByText(`Saved as ${download.suggestedFilename()}.`)).toBeVisible();
  return { name: download.suggestedFilename(), bytes };
}

test('a pcapng capture at the server and at a host', async ({ page }) => {
  const lab = await open(page);
  const atServer = await taken(lab, 'pcapng');
  expect(atServer.name).toBe('one-address-many-servers-server.pcapng');
  // The section header block and its byte-order magic (draft-ietf-opsawg-pcapng, 4.1).
  expect(atServer.bytes.readUInt32LE(0)).toBe(0x0a0d0d0a);
  expect(atServer.bytes.readUInt32LE(8)).toBe(0x1a2b3c4d);
  await page.getByLabel('Capture at').selectOption('web-2');
  const atHost = await taken(lab, 'pcapng');
  expect(atHost.name).toBe('one-address-many-servers-web-2.pcapng');
  expect(atHost.bytes.length).toBeLessThan(atServer.bytes.length);
});

test('the capture as text, as tcpdump prints it', async ({ page }) => {
  const lab = await open(page);
  const { name, bytes } = await taken(lab, 'tcpdump text');
  expect(name).toBe('one-address-many-servers-server.txt');
  expect(bytes.toString()).toMatch(/ IP 203\.0\.113\.7\.\d+ > 198\.51\.100\.10\.80: Flags \[S\], seq \d+, /);
});

test('the trace as CSV and as JSON', async ({ page }) => {
  const lab = await open(page, '?scenario=one-host-alone&view=export');
  const csv = await taken(lab, 'Trace as CSV');
  expect(csv.name).toBe('one-host-alone-trace.csv');
  const [head, ...rows] = csv.bytes.toString().trimEnd().split('\r\n');
  expect(head.split(',')).toContain('at_s');
  const json = await taken(lab, 'Trace as JSON');
  expect(rows).toHaveLength(JSON.parse(json.bytes.toString()).records.length);
});

test('the stage as SVG does not depend on the style sheet', async ({ page }) => {
  const lab = await open(page);
  const { name, bytes } = await taken(lab, 'SVG');
  expect(name).toBe('one-address-many-servers-stage.svg');
  const svg = bytes.toString();
  expect(svg).not.toContain('var(');
  expect(svg).not.toContain('light-dark');
  const seen = await page.evaluate((svg) => {
    const root = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
    const title = [...root.querySelectorAll('text')].find((text) => text.textContent === 'web-2');
    return { name: root.localName, space: root.namespaceURI, fill: title?.closest('[fill]')?.getAttribute('fill') };
  }, svg);
  expect(seen).toMatchObject({ name: 'svg', space: 'http://www.w3.org/2000/svg' });
  expect(seen.fill).toMatch(/^rgb/);
});

test('the stage as PNG has twice the resolution of the page', async ({ page }) => {
  const lab = await open(page);
  const box = await lab.region('Stage').locator('svg').first().boundingBox();
  const { name, bytes } = await taken(lab, 'PNG');
  expect(name).toBe('one-address-many-servers-stage.png');
  expect([...bytes.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  expect(bytes.readUInt32BE(16)).toBe(Math.ceil(2 * (box?.width ?? 0)));
  expect(bytes.readUInt32BE(20)).toBe(Math.ceil(2 * (box?.height ?? 0)));
  // More than one colour: something is drawn.
  expect(bytes.length).toBeGreaterThan(10_000);
});

test('the link is copied without the export tab', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const lab = await open(page, '?kernel=4.4&t=30&view=export');
  await lab.button('Copy the link').click();
  await expect(page.getByText('Copied.')).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(new URL(copied).search).toBe('?kernel=4.4&t=30');
  expect(new URL(copied).origin).toBe(new URL(page.url()).origin);
});

test('if the clipboard is blocked, the link is selected', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'clipboard', { value: undefined });
  });
  const lab = await open(page, '?t=30&view=export');
  await lab.button('Copy the link').click();
  await expect(page.getByText('The text is selected: copy it with Ctrl+C.')).toBeVisible();
  expect(await page.evaluate(() => String(getSelection()))).toContain('?t=30');
});

test('in a sandboxed frame the text of a file is also shown', async ({ page }) => {
  // The content of the page in a sandbox without allow-same-origin.
  await page.addInitScript(() => Object.defineProperty(window, 'origin', { value: 'null' }));
  const lab = await open(page, '?scenario=one-host-alone&view=export');
  await lab.button('tcpdump text').click();
  await expect(page.getByText('If no file was saved, copy the text below.')).toBeVisible();
  await expect(page.getByRole('group', { name: 'Text of the file' })).toContainText('Flags [S]');
});
