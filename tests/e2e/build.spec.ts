// The form for a scenario: editing, error messages, and files.

import { readFile } from 'node:fs/promises';
import { expect, test, type Page } from '@playwright/test';
import { Lab } from './lab';

async function form(page: Page, query = '?view=build'): Promise<Lab> {
  const lab = await Lab.open(page, query);
  await expect(lab.region('Build')).toBeVisible();
  return lab;
}

/** The scenario of the page as a file. */
async function saved(lab: Lab): Promise<Record<string, any>> {
  const button = lab.button("Save the page's scenario as JSON");
  const [download] = await Promise.all([lab.page.waitForEvent('download'), button.click()]);
  expect(download.suggestedFilename()).toMatch(/^[\w-]+-scenario\.json$/);
  return JSON.parse(await readFile(await download.path(), 'utf8'));
}

test('a host can be added, edited and run', async ({ page }) => {
  const lab = await form(page);
  await lab.button('Duplicate own-2').click();
  const hosts = lab.region('Build').getByRole('list', { name: 'Hosts' });
  await hosts.getByLabel('Name', { exact: true }).fill('phone-1');
  await hosts.getByLabel('Kernel', { exact: true }).selectOption({ label: 'macOS or iOS' });
  await hosts.getByLabel('Uptime', { exact: true }).fill('86400');
  await hosts.getByLabel('Gives up after', { exact: true }).fill('');
  await lab.button('Run this scenario').click();
  await expect(lab.host('phone-1')).toBeVisible();
  const scenario = await saved(lab);
  const phone = scenario.hosts.find((host: { name: string }) => host.name === 'phone-1');
  expect(phone.kernel).toBe('macos');
  // The timestamp clock of macOS counts milliseconds.
  expect(phone.clock.tsval).toBe(86_400_000);
  expect(phone.traffic.patience_ms).toBeUndefined();
});

test('an error is shown at its field, and the input stays', async ({ page }) => {
  const lab = await form(page);
  const build = lab.region('Build');
  const duration = build.getByLabel('Duration');
  await duration.fill('an hour');
  await expect(duration).toHaveAttribute('aria-invalid', 'true');
  await expect(duration).toHaveAccessibleDescription(/"an hour".*whole number/);
  await lab.button('Run this scenario').click();
  await expect(duration).toBeFocused();
  await expect(page).not.toHaveURL(/own=/);

  // The input is kept while another tab is open.
  await page.getByRole('tab', { name: 'Sockets', exact: true }).click();
  await page.getByRole('tab', { name: 'Build', exact: true }).click();
  await expect(duration).toHaveValue('an hour');
  await duration.fill('9000');
  await expect(duration).toHaveAccessibleDescription('9000 is not allowed. Allowed: a whole number from 1 to 3,600.');
  await duration.fill('90');
  await expect(duration).not.toHaveAttribute('aria-invalid', 'true');
  await lab.button('Run this scenario').click();
  await expect(page).toHaveURL(/own=1\./);
});

test('an error in a host opens its fields and names the host', async ({ page }) => {
  const lab = await form(page);
  await lab.button('Duplicate web-1').click();
  const hosts = lab.region('Build').getByRole('list', { name: 'Hosts' });
  await hosts.getByLabel('Address', { exact: true }).fill('192.0.2.9');
  await hosts.getByRole('button', { name: 'web-7', exact: true }).click();
  const address = hosts.getByLabel('Address', { exact: true });
  await expect(address).toHaveAccessibleDescription(/192\.0\.2\.9 is not allowed\. Allowed: an address inside 10\.0\.0\.0\/24/);
  await expect(lab.region('Build').getByText(/^web-7, Address:/)).toBeVisible();
});

test('shortcuts are off while the visitor types', async ({ page }) => {
  const lab = await form(page);
  const title = lab.region('Build').getByLabel('Title');
  await title.fill('');
  await title.pressSequentially('why me? z');
  await expect(title).toHaveValue('why me? z');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(lab.play).toBeVisible();
});

test('NAT, sysctls and actions can be added and removed', async ({ page }) => {
  const lab = await form(page);
  const build = lab.region('Build');
  await build.getByLabel('Some hosts share an address').uncheck();
  await build.getByLabel('Add a sysctl').selectOption('net.ipv4.tcp_syncookies');
  await build.getByLabel('net.ipv4.tcp_syncookies', { exact: true }).fill('2');
  await lab.button('Add action: reboot a machine').click();
  await build.getByLabel('At', { exact: true }).fill('5000');
  await lab.button('Run this scenario').click();
  const scenario = await saved(lab);
  expect(scenario.nat).toBeUndefined();
  expect(scenario.server.sysctls['net.ipv4.tcp_syncookies']).toBe('2');
  expect(scenario.actions).toEqual([{ at_ms: 5000, do: { reboot: { name: 'server' } } }]);
});

test('a scenario file can be chosen or dropped', async ({ page }) => {
  const lab = await form(page, '?scenario=reboot&view=build');
  const scenario = await saved(lab);
  scenario.title = 'Out of a file';
  const file = { name: 'mine.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(scenario)) };
  await lab.page.getByLabel('Open a scenario file').setInputFiles(file);
  await expect(page.getByRole('combobox', { name: 'Scenario' })).toHaveValue('');
  await expect(page.getByRole('combobox', { name: 'Scenario' })).toContainText('Out of a file');

  scenario.title = 'Dropped';
  const transfer = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], 'dropped.json'));
    return transfer;
  }, JSON.stringify(scenario));
  await page.dispatchEvent('main', 'drop', { dataTransfer: transfer });
  await expect(page.getByRole('combobox', { name: 'Scenario' })).toContainText('Dropped');
});

test('an invalid scenario file is reported with field and reason', async ({ page }) => {
  const lab = await form(page, '?scenario=reboot&view=build');
  const scenario = await saved(lab);
  scenario.hosts[0].clock.hz = 7;
  const open = lab.page.getByLabel('Open a scenario file');
  const give = (text: string) => open.setInputFiles({ name: 'bad.json', mimeType: 'application/json', buffer: Buffer.from(text) });
  await give(JSON.stringify(scenario));
  const notice = page.getByRole('alert');
  await expect(notice).toContainText('Could not open bad.json. At hosts[0].clock.hz, the file contains: 7. Allowed: 100, 250, 300 or 1000.');
  await give('{"version": 1');
  await expect(notice).toContainText('JSON');
  await give(' '.repeat(1_000_001));
  await expect(notice).toContainText('larger than 1 MB');
  await lab.button('Dismiss').click();
  await expect(notice).toHaveCount(0);
  await expect(page).toHaveURL(/scenario=reboot/);
});
