// The page starts from the root of a host and from a folder, and explains what it needs if it cannot start.

import { expect, test, type Page } from '@playwright/test';

/** Collects problems while a page loads: errors, blocked resources, missing files. */
function complaints(page: Page): string[] {
  const found: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') found.push(message.text());
  });
  page.on('pageerror', (error) => found.push(String(error)));
  page.on('response', (response) => {
    if (response.status() >= 400) found.push(`${response.status()} ${response.url()}`);
  });
  return found;
}

test('the page starts without errors', async ({ page }) => {
  const found = complaints(page);
  await page.goto('./');
  await expect(page).toHaveTitle(/TIME_WAIT Lab/);
  await expect(page.getByRole('link', { name: 'TIME_WAIT Lab' })).toBeVisible();
  await expect(page.locator('#app')).not.toHaveAttribute('data-waiting');
  expect(found).toEqual([]);
});

test('the content security policy blocks inline scripts', async ({ page }) => {
  await page.goto('./');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  const ran = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.inlineScriptRan = true';
    document.body.append(script);
    return 'inlineScriptRan' in window;
  });
  expect(ran).toBe(false);
});

test('the page works from a folder', async ({ page, baseURL }) => {
  const found = complaints(page);
  const folder = new URL('some/folder/', baseURL).href;
  const outside: string[] = [];
  await page.route('**/*', async (route) => {
    const url = route.request().url();
    if (!url.startsWith(folder)) {
      outside.push(url);
      return route.abort();
    }
    return route.fulfill({ response: await route.fetch({ url: url.replace('some/folder/', '') }) });
  });
  await page.goto(folder);
  await expect(page.locator('#app')).not.toHaveAttribute('data-waiting');
  await page.waitForLoadState('networkidle');
  expect(outside).toEqual([]);
  expect(found).toEqual([]);
});

test('without JavaScript the page says what it needs', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto('./');
  await expect(page.getByText(/Without JavaScript and WebAssembly/)).toBeVisible();
  await context.close();
});
