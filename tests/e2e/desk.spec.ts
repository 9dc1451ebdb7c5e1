// The support desk: evidence goes in, a verdict and a fix come out, and nothing leaves the browser.

import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { Lab } from './lab';

const nstat = (passive: number) =>
  `TcpExtPAWSPassive               ${passive}               0.0\nTcpExtListenOverflows           0                  0.0\nTcpExtListenDrops               ${passive}               0.0\n`;
const COUNTERS = `$ nstat -az\n${nstat(10)}$ sleep 60; nstat -az\n${nstat(25)}`;
const SYSCTLS = 'net.ipv4.tcp_tw_recycle = 1\nnet.ipv4.tcp_timestamps = 1\n';

class Desk {
  readonly text: Locator;
  readonly files: Locator;
  readonly list: Locator;
  readonly summary: Locator;

  constructor(readonly page: Page) {
    this.text = page.getByRole('textbox', { name: 'Text, in any mix and order' });
    this.files = page.getByLabel('Files, or drop them anywhere');
    this.list = page.getByRole('list', { name: 'Handed in' });
    this.summary = page.getByRole('status').filter({ hasText: /certain|likely|possible|recognised|read/ }).first();
  }

  static async open(page: Page, query = '?page=desk'): Promise<Desk> {
    await page.goto(`./${query}`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('What did the customer send?');
    return new Desk(page);
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' });
  }

  async example(): Promise<void> {
    await this.button('Try it with an example').click();
    await expect(this.list.getByText(/capture with [\d,]+ packets/)).toBeVisible();
  }

  async paste(text: string): Promise<void> {
    await this.text.fill(text);
    await this.button('Add this text').click();
  }
}

/** A capture (pcap, raw IPv4) in which one host sends this many SYNs without an answer. */
function capture(packets: number): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65_535, 16);
  header.writeUInt32LE(101, 20);
  const length = 52;
  const records = Buffer.alloc(packets * (16 + length));
  for (let index = 0; index < packets; index += 1) {
    const at = index * (16 + length);
    const ip = at + 16;
    const tcp = ip + 20;
    records.writeUInt32LE(1_700_000_000 + Math.floor(index / 1_000), at);
    records.writeUInt32LE((index % 1_000) * 1_000, at + 4);
    records.writeUInt32LE(length, at + 8);
    records.writeUInt32LE(length, at + 12);
    records.writeUInt8(0x45, ip);
    records.writeUInt16BE(length, ip + 2);
    records.writeUInt8(64, ip + 8);
    records.writeUInt8(6, ip + 9);
    records.set([203, 0, 113, 7, 198, 51, 100, 10], ip + 12);
    records.writeUInt16BE(1_024 + (index % 60_000), tcp);
    records.writeUInt16BE(80, tcp + 2);
    records.writeUInt32BE(index, tcp + 4);
    records.writeUInt8(0x80, tcp + 12);
    records.writeUInt8(0x02, tcp + 13);
    records.set([1, 1, 8, 10], tcp + 20);
    records.writeUInt32BE(5_000_000 + index, tcp + 24);
  }
  return Buffer.concat([header, records]);
}

async function complaints(page: Page): Promise<string[]> {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join('; ')}`);
}

test('the two pages link to each other', async ({ page }) => {
  await Lab.open(page);
  const pages = page.getByRole('navigation', { name: 'Pages' });
  await expect(pages.getByRole('link', { name: 'Lab' })).toHaveAttribute('aria-current', 'page');
  await pages.getByRole('link', { name: 'Desk' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What did the customer send?');
  await expect(pages.getByRole('link', { name: 'Desk' })).toHaveAttribute('aria-current', 'page');
  await expect(page.getByRole('combobox', { name: 'Scenario' })).toHaveCount(0);
  await pages.getByRole('link', { name: 'Lab' }).click();
  await expect(page.getByRole('combobox', { name: 'Scenario' })).toBeVisible();
});

test('the lab does not load the desk', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  const lab = await Lab.open(page);
  await expect(lab.region('Clocks')).toBeVisible();
  await page.waitForLoadState('networkidle');
  expect(asked.filter((url) => url.includes('desk'))).toEqual([]);
});

test('if the desk fails to load, the page says so and offers to try again', async ({ page }) => {
  await page.route('**/split_desk.wasm', (route) => route.abort());
  await page.goto('./?page=desk');
  await expect(page.getByRole('alert').filter({ hasText: 'did not arrive' })).toBeVisible();
  await page.unroute('**/split_desk.wasm');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What did the customer send?');
});

test('the example shows the verdict with evidence, fix and clocks', async ({ page }) => {
  const desk = await Desk.open(page);
  await desk.example();
  await expect(desk.summary).toHaveText('tcp_tw_recycle drops SYNs: certain.');
  const verdict = page.getByRole('region', { name: 'tcp_tw_recycle drops SYNs' });
  await expect(verdict).toContainText('recycle-refuses');
  await expect(verdict).toContainText('made-up counters:');
  await expect(verdict.getByText('sysctl -w net.ipv4.tcp_tw_recycle=0')).toBeVisible();
  const capture = page.getByRole('region', { name: 'Capture made-up.pcapng' });
  await expect(capture.getByText(/^remembered [\d,]+ - tsval [\d,]+ = [\d,]+ > 1/).first()).toBeVisible();
  await expect(capture.getByRole('img', { name: /clocks behind 203\.0\.113\.7/ })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Settings that cure nothing' })).toContainText('tcp_fin_timeout = 15');
});

test('a capture opens in the lab as a scenario with its clocks', async ({ page }) => {
  const desk = await Desk.open(page);
  await desk.example();
  await page.getByRole('link', { name: 'Open in the lab' }).click();
  const lab = new Lab(page);
  await expect(page.getByRole('combobox', { name: 'Scenario' })).toHaveValue('');
  await expect(lab.host('clock-1')).toBeVisible();
  await expect(lab.recycle).toBeChecked();
  expect((await lab.refusedAtTheEnd()).refused).toBeGreaterThan(0);
});

test('pasted texts are recognised: counters, sysctls and the kernel', async ({ page }) => {
  const desk = await Desk.open(page);
  await desk.paste('3.10.0-957.el7.x86_64\n');
  await desk.paste(SYSCTLS);
  await expect(desk.summary).toHaveText('tcp_tw_recycle is on: certain.');
  await desk.paste(COUNTERS);
  await expect(desk.summary).toHaveText('tcp_tw_recycle drops SYNs: certain.');
  await expect(desk.list.getByRole('listitem')).toHaveText([
    /^pasted text\s*kernel 3\.10\.0-957\.el7\.x86_64/,
    /^pasted text 2\s*2 sysctls/,
    /^pasted text 3\s*counters, 2 times/,
  ]);
  await expect(page.getByText('Cannot be opened in the lab. The lab needs a capture')).toBeVisible();
});

test('a removed input can be restored', async ({ page }) => {
  const desk = await Desk.open(page);
  await desk.paste(SYSCTLS);
  await desk.paste(COUNTERS);
  await desk.button('Remove pasted text 2').click();
  await expect(desk.list.getByRole('listitem')).toHaveCount(1);
  await expect(desk.summary).toHaveText(/^tcp_tw_recycle is on/);
  await expect(desk.button('Undo')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(desk.list.getByRole('listitem')).toHaveCount(2);
  await expect(desk.summary).toHaveText(/^tcp_tw_recycle drops SYNs/);
});

test('a capture of the lab shows the incident, and is replayed when the kernel is known', async ({ page }) => {
  const lab = await Lab.open(page, '?view=export');
  await expect(lab.region('Export')).toBeVisible();
  const [download] = await Promise.all([page.waitForEvent('download'), lab.button('pcapng').click()]);
  const bytes = await readFile(await download.path());
  const desk = await Desk.open(page);
  await desk.files.setInputFiles({ name: 'syn.pcapng', mimeType: 'application/octet-stream', buffer: bytes });
  await expect(desk.list.getByText(/capture with [\d,]+ packets/)).toBeVisible();
  const capture = page.getByRole('region', { name: 'Capture syn.pcapng' });
  await expect(capture).toContainText('Assumed: The kernel is not known');
  await desk.paste('$ uname -r\n5.15.0-91-generic\n');
  await expect(capture).toContainText('0 of them explained by recycle');
  await desk.button('Remove pasted text').click();
  await expect(capture).not.toContainText(' 0 of them explained by recycle');
});

test('files can be dropped', async ({ page }) => {
  const desk = await Desk.open(page);
  await page.evaluate((texts) => {
    const transfer = new DataTransfer();
    for (const [name, text] of Object.entries(texts)) transfer.items.add(new File([text], name));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }, { 'nstat.txt': COUNTERS, 'sysctl.txt': SYSCTLS });
  await expect(desk.list.getByRole('listitem')).toHaveCount(2);
  await expect(desk.summary).toHaveText(/^tcp_tw_recycle drops SYNs/);
});

test('reading a large capture shows its progress, can be cancelled and started again', async ({ page }) => {
  const desk = await Desk.open(page);
  await desk.files.setInputFiles({ name: 'large.pcap', mimeType: 'application/octet-stream', buffer: capture(450_000) });
  const bar = page.getByRole('progressbar', { name: 'Reading large.pcap' });
  await expect(bar).toBeVisible();
  await expect(desk.list).toContainText('of 30.6 MB');
  await desk.button('Cancel: large.pcap').click();
  await expect(bar).toHaveCount(0);
  await expect(desk.list).toContainText('capture, cancelled after');
  await desk.button('Remove large.pcap').click();
  await desk.files.setInputFiles({ name: 'small.pcap', mimeType: 'application/octet-stream', buffer: capture(2_000) });
  await expect(desk.list).toContainText('capture with 2,000 packets');
});

test('an unknown text and an unreadable file are reported', async ({ page }) => {
  const desk = await Desk.open(page);
  await desk.paste('Dear support,\nit does not work.\n');
  await expect(desk.list.getByRole('listitem')).toContainText('not recognised; it begins with: Dear support,');
  await expect(desk.summary).toHaveText('Nothing of this was recognised. The list says why.');
  const gzip = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]);
  await desk.files.setInputFiles({ name: 'syn.pcap.gz', mimeType: 'application/gzip', buffer: gzip });
  await expect(desk.list).toContainText('compressed (gzip)');
});

test('input that looks like HTML stays text', async ({ page }) => {
  const desk = await Desk.open(page);
  const evil = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
  await desk.paste(`${evil}\n`);
  await desk.paste(`root@${evil}:~# sysctl -a\n${SYSCTLS}kernel.hostname = ${evil}\n`);
  await desk.files.setInputFiles({ name: '<b>n.txt', mimeType: 'text/plain', buffer: Buffer.from(COUNTERS) });
  await expect(desk.list.getByRole('listitem')).toHaveCount(3);
  await expect(desk.list.getByText(evil)).toBeVisible();
  expect(await page.locator('main img, main script, main b').count()).toBe(0);
  await expect(page).toHaveTitle(/^Desk/);
});

test('the report can be downloaded with and without addresses', async ({ page }) => {
  const desk = await Desk.open(page);
  await desk.example();
  const saved = async () => {
    const [download] = await Promise.all([page.waitForEvent('download'), desk.button('Save as Markdown').click()]);
    expect(download.suggestedFilename()).toBe('time-wait-desk.md');
    return (await readFile(await download.path())).toString();
  };
  const report = await saved();
  expect(report).toMatch(/^# tcp_tw_recycle drops SYNs: certain/);
  expect(report).toContain('203.0.113.7');
  await page.getByLabel('The report without addresses and names').check();
  const hidden = await saved();
  expect(hidden).toContain('remote-1');
  expect(hidden).not.toContain('203.0.113.7');
});

test('a link contains the verdict but no evidence', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const desk = await Desk.open(page);
  await desk.example();
  await desk.button('Copy a link without addresses').click();
  await expect(page.getByText('The link is copied.')).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(new URL(link).search).toBe('?page=desk&verdict=recycle-refuses&confidence=certain&kernel=4.9');
  await Desk.open(page, new URL(link).search);
  await expect(page.getByText('This link holds a verdict for Linux 4.9, and none of the evidence')).toBeVisible();
  await expect(page.getByRole('region', { name: 'tcp_tw_recycle drops SYNs' })).toContainText('sysctl -w net.ipv4.tcp_tw_recycle=0');
});

test('a link with an unknown verdict is reported', async ({ page }) => {
  await Desk.open(page, '?page=desk&verdict=gremlins,recycle-on&confidence=certain,perhaps');
  const told = page.getByRole('alert');
  await expect(told).toContainText('verdict=gremlins');
  await expect(told).toContainText('confidence=perhaps');
  await expect(page.getByRole('region', { name: 'tcp_tw_recycle is on' })).toContainText('possible');
});

test('the desk can be used with the keyboard alone', async ({ page }) => {
  const desk = await Desk.open(page);
  const reach = async (target: Locator) => {
    for (let step = 0; step < 40; step += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press('Tab');
    }
    await expect(target).toBeFocused();
  };
  await reach(desk.text);
  await page.keyboard.insertText(SYSCTLS + COUNTERS);
  await page.keyboard.press('Control+Enter');
  await expect(desk.text).toHaveValue('');
  await expect(desk.summary).toHaveText(/^tcp_tw_recycle drops SYNs/);
  await reach(desk.button('Remove pasted text'));
  await page.keyboard.press('Enter');
  await expect(desk.button('Undo')).toBeFocused();
  await page.keyboard.press('Enter');
  await reach(desk.button('Save as Markdown'));
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  expect(download.suggestedFilename()).toBe('time-wait-desk.md');
});

test('the text output of tcpdump is replayed like a capture', async ({ page }) => {
  const desk = await Desk.open(page);
  const syn = (second: number, port: number) =>
    `10:00:${String(second).padStart(2, '0')}.000000 IP 203.0.113.7.${port} > 198.51.100.10.80: Flags [S], seq ${port}, win 65535, options [mss 1460,nop,nop,TS val ${1000 * second} ecr 0], length 0`;
  await desk.paste([syn(1, 40001), syn(2, 40001), syn(5, 40002)].join('\n'));
  await expect(desk.list).toContainText('capture with 3 packets that tcpdump printed');
  await expect(page.getByRole('heading', { name: /^Capture/ })).toBeVisible();
});

test('nothing is sent to any server', async ({ page, baseURL }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).origin}`));
  const desk = await Desk.open(page);
  const loaded = asked.length;
  await desk.example();
  await desk.paste(COUNTERS);
  await desk.files.setInputFiles({ name: 'small.pcap', mimeType: 'application/octet-stream', buffer: capture(200) });
  await expect(desk.list).toContainText('capture with 200 packets');
  expect(asked.slice(loaded)).toEqual([]);
  expect(new Set(asked)).toEqual(new Set([`GET ${new URL(baseURL ?? '').origin}`]));
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1440, 390]) {
    test(`axe finds no violations and nothing overflows: ${colorScheme}, ${width} px`, async ({ page }) => {
      await page.setViewportSize({ width, height: 844 });
      await page.emulateMedia({ colorScheme });
      const desk = await Desk.open(page);
      expect(await complaints(page)).toEqual([]);
      await page.getByText('How to collect the evidence').click();
      await desk.example();
      await expect(desk.summary).toHaveText(/certain/);
      expect(await complaints(page)).toEqual([]);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(over).toBeLessThanOrEqual(0);
    });
  }
}
