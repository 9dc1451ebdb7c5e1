// The page as it opens, and the effect of each switch.

import { expect, test } from '@playwright/test';
import { grouped, Lab } from './lab';

test('the page opens at a refused SYN and shows its numbers', async ({ page }) => {
  const lab = await Lab.open(page);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Why can web-2 not connect?');
  await expect(lab.status).toHaveText('1 of 3 connections refused so far');
  expect(new URL(page.url()).search).toBe('');

  // The comparison is correct, and the same on the stage and in the explanation.
  const sum = lab.region('Stage').getByText(/^remembered [\d,]+ - tsval [\d,]+ = [\d,]+ > 1$/);
  await expect(sum).toBeVisible();
  const numbers = ((await sum.textContent()) ?? '').match(/\d[\d,]*/g) ?? [];
  const [remembered, tsval, behind] = numbers.map((number) => Number(number.replaceAll(',', '')));
  expect(remembered - tsval).toBe(behind);
  const why = lab.region('Why');
  for (const number of [remembered, tsval, behind]) await expect(why).toContainText(grouped(number));
  await expect(why).toContainText('tcp_peer_is_proven() in Linux 4.9');

  // The output of the server's tools agrees.
  await expect(lab.region('Remembered timestamps')).toContainText(grouped(remembered));
  await expect(lab.region('Counters')).toContainText('TcpExtPAWSPassive 1 (+1)');
  await expect(lab.region('Counters')).toContainText('TcpExtListenDrops 1 (+1)');
  await expect(await lab.look('Sockets')).toContainText('LISTEN');
  await expect(lab.region('Stage')).toContainText(/again in [\d.]+ s/);
});

test('only hosts behind the shared address are refused', async ({ page }) => {
  const lab = await Lab.open(page);
  const hosts = await lab.hostsRefused();
  expect(hosts.size).toBeGreaterThan(1);
  expect([...hosts].filter((host) => host.startsWith('own'))).toEqual([]);
  const { refused, attempted } = await lab.refusedAtTheEnd();
  expect(refused).toBeGreaterThan(1);
  expect(refused).toBeLessThan(attempted);
});

test('turning recycle off stops the refusals from that moment on', async ({ page }) => {
  const lab = await Lab.open(page);
  const at = await lab.seconds();
  await lab.recycle.uncheck();
  await expect(lab.recycle).not.toBeChecked();
  // The past does not change, and the playhead stays where it is.
  await expect(lab.status).toHaveText('1 of 3 connections refused so far');
  expect(await lab.seconds()).toBeCloseTo(at, 2);
  await expect(page.getByText(/From [\d.]+ s on, recycle is 0\. web-2 sends its SYN again at/)).toBeVisible();

  const { refused, attempted } = await lab.refusedAtTheEnd();
  expect(refused).toBe(1);
  expect(attempted).toBeGreaterThan(50);
  await expect(lab.region('Why')).toContainText('and nobody has been refused since');
});

test('with recycle off from the start, no SYN is refused', async ({ page }) => {
  const lab = await Lab.open(page);
  await lab.recycle.uncheck();
  await lab.page.getByRole('button', { name: /^From the start: recycle 1 to 0/ }).click();
  expect(await lab.refusedAtTheEnd()).toMatchObject({ refused: 0 });
  await expect(page).toHaveURL(/[?&]recycle=0/);
  await lab.button('Undo').click();
  await lab.button('Undo').click();
  await expect(lab.recycle).toBeChecked();
  expect((await lab.refused()).refused).toBeGreaterThan(1);
});

test('reuse 1 does not change the refusals, which come from recycle', async ({ page }) => {
  const lab = await Lab.open(page);
  const before = await lab.refusedAtTheEnd();
  await lab.goTo(0);
  await lab.reuse.getByRole('radio', { name: '1', exact: true }).check();
  expect(await lab.refusedAtTheEnd()).toEqual(before);
  await lab.goTo(0);
  await lab.recycle.uncheck();
  expect(await lab.refusedAtTheEnd()).toMatchObject({ refused: 0 });
});

test('turning timestamps off on the server does not stop the refusals', async ({ page }) => {
  const lab = await Lab.open(page, '?t=70');
  await lab.timestamps.uncheck();
  await expect(page).toHaveURL(/do=70\.001:timestamps=0/);
  const { refused } = await lab.refusedAtTheEnd();
  expect(refused).toBeGreaterThan(1);
});

test('a host added behind the NAT is refused too', async ({ page }) => {
  const lab = await Lab.open(page);
  await lab.button('Add a host behind the NAT').click();
  await expect(lab.host('web-7')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Seven hosts share one address.');
  expect(await lab.hostsRefused()).toContain('web-7');
});

test('a host with its own address is never refused', async ({ page }) => {
  const lab = await Lab.open(page);
  await lab.button('Add a host with its own address').click();
  await expect(lab.host('own-3')).toBeVisible();
  expect(await lab.hostsRefused()).not.toContain('own-3');
});

test('the number of added hosts is limited, and the page says so', async ({ page }) => {
  const lab = await Lab.open(page);
  const add = lab.button('Add a host behind the NAT');
  for (let count = 0; count < 7; count++) await add.click();
  await expect(page.getByText('The stage has room for only six more hosts behind the NAT.')).toBeVisible();
  await expect(lab.host('web-12')).toBeVisible();
  await expect(lab.host('web-13')).toHaveCount(0);
});

test('on 4.12 there is no recycle, and no SYN is refused', async ({ page }) => {
  const lab = await Lab.open(page);
  await lab.kernel.selectOption('4.12');
  await expect(lab.recycle).toBeDisabled();
  await expect(lab.recycle).toHaveAccessibleDescription('Linux 4.12 does not have this setting. It was removed in 4.12.');
  expect(await lab.refusedAtTheEnd()).toMatchObject({ refused: 0 });
  await expect(lab.region('Counters')).not.toContainText('PAWSPassive');
  await lab.kernel.selectOption('4.11');
  await expect(lab.recycle).toBeEnabled();
  await expect(lab.recycle).toBeChecked();
});

test('the meaning of reuse 2 depends on the kernel', async ({ page }) => {
  const lab = await Lab.open(page);
  await expect(lab.reuse).toHaveAccessibleDescription(/On this kernel 2 means 1/);
  await lab.kernel.selectOption('4.19');
  await expect(lab.reuse).toHaveAccessibleDescription(/2 means loopback only/);
  await expect(lab.reuse.getByRole('radio', { name: '2', exact: true })).toBeChecked();
});
