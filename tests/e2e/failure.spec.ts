// When something fails, the page says so and offers a way to continue.

import { expect, test } from '@playwright/test';
import { Lab } from './lab';

test('a panic shows a message with a link to start again', async ({ page }) => {
  const lab = await Lab.open(page, '?kernel=4.12&t=40');
  await page.evaluate(() => window.dispatchEvent(new Event('timewait-lab-panic')));
  const message = page.getByRole('alert');
  await expect(message.getByRole('heading', { name: 'The lab has stopped' })).toBeVisible();
  await expect(lab.time).toBeHidden();
  await message.getByText('What the program said').click();
  await expect(message).toContainText('somebody asked for a panic');
  await message.getByRole('link', { name: 'Start again' }).click();
  await expect(lab.status).toHaveText('1 of 3 connections refused so far');
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a panic during playback stops the page', async ({ page }) => {
  await Lab.open(page, '?t=20&play=1');
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.evaluate(() => window.dispatchEvent(new Event('timewait-lab-panic')));
  await expect(page.getByRole('alert')).toBeVisible();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done)))));
  expect(errors.length).toBeLessThan(4);
});

test('a wasm file that fails to load is reported', async ({ page }) => {
  await page.route('**/*.wasm', (route) => route.abort());
  await page.goto('./');
  await expect(page.getByRole('alert')).toContainText('The lab could not be loaded');
  await expect(page.getByRole('link', { name: 'Start again' })).toBeVisible();
});

test('a script that fails to load is reported', async ({ page }) => {
  await page.route('**/app-*.js', (route) => route.abort());
  await page.goto('./');
  await expect(page.getByRole('alert')).toContainText('The lab could not be loaded');
});

test('the page and the theme work without local storage', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', {
      get() {
        throw new DOMException('denied', 'SecurityError');
      },
    });
  });
  const lab = await Lab.open(page);
  await lab.button('Theme: system').click();
  await lab.button('Theme: light').click();
  await expect(lab.button('Theme: dark')).toBeVisible();
});

test('the page works in a sandboxed frame that allows only scripts', async ({ page, baseURL }) => {
  const home = new URL('./framed.html', baseURL).href;
  await page.route(home, (route) =>
    route.fulfill({ contentType: 'text/html', body: `<iframe sandbox="allow-scripts" src="./" width="1200" height="900"></iframe>` }),
  );
  await page.goto(home);
  const frame = page.frameLocator('iframe');
  await expect(frame.getByRole('status')).toHaveText('1 of 3 connections refused so far');
  await frame.getByRole('switch', { name: 'net.ipv4.tcp_tw_recycle' }).uncheck();
  await expect(frame.getByText(/From [\d.]+ s on, recycle is 0/)).toBeVisible();
});
