// The browser tests. `cargo xtask test --only browser` serves dist/ and passes its address. Without it,
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
  // No retries: a test that passes on the second try has found a problem.
  retries: 0,
  reporter: [['list']],
  timeout: 30_000,
  expect: { timeout: 10_000 },
  use: {
    browserName: 'chromium',
    baseURL: served ?? `http://127.0.0.1:${port}/`,
    trace: 'retain-on-failure',
    launchOptions: {
      // The system's Chromium, because Playwright's own cannot be downloaded everywhere.
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
