// What Lighthouse says of the built site, in the categories that are the same on every machine.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';

test('Lighthouse takes nothing off for accessibility, best practices and SEO', async ({ baseURL }) => {
  test.setTimeout(120_000);
  // A process of its own: Playwright loads tests in a way that Lighthouse does not allow.
  const asked = [join(__dirname, 'lighthouse.mjs'), baseURL ?? '', 'accessibility', 'best-practices', 'seo'];
  const { stdout } = await promisify(execFile)(process.execPath, asked);
  const { scores, failed } = JSON.parse(stdout);
  expect(scores, failed.join('; ')).toEqual([1, 1, 1]);
});
