// How the page is tested in a browser. `cargo xtask test --only browser` serves dist/ and says where; run by hand,
// Playwright starts the same server itself.

import { defineConfig } from '@playwright/test';

const served = process.env.TIMEWAIT_LAB_URL;
const port = 8187;

export default defineConfig({
  testDir: '.',
  outputDir: './results',
  fullyParallel: true,
  workers: 2,
  forbidOnly: !!process.env.CI,
  // A test that passes on the second try has found something.
  retries: 0,
  reporter: [['list']],
  timeout: 30_000,
  expect: { timeout: 10_000 },
  use: {
    browserName: 'chromium',
    baseURL: served ?? `http://127.0.0.1:${port}/`,
    trace: 'retain-on-failure',
    launchOptions: {
      // The system's Chromium: the one that Playwright would download is not to be had everywhere.
      executablePath: process.env.TIMEWAIT_LAB_CHROMIUM ?? 'chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  webServer: served
    ? undefined
    : {
        command: `cargo xtask serve --no-build --port ${port}`,
        url: `http://127.0.0.1:${port}/`,
        reuseExistingServer: true,
        timeout: 120_000,
      },
});
