// Lighthouse on the built site, in the categories that do not depend on the machine.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';

test('Lighthouse gives full scores for accessibility, best practices and SEO', async ({ baseURL }) => {
  test.setTimeout(120_000);
  // Lighthouse runs in a process of its own, because it does not work with Playwright's module loader.
  const asked = [join(__dirname, 'lighthouse.mjs'), baseURL ?? '', 'accessibility', 'best-practices', 'seo'];
  const { stdout } = await promisify(execFile)(process.execPath, asked);
  const { scores, failed } = JSON.parse(stdout);
  expect(scores, failed.join('; ')).toEqual([1, 1, 1]);
});
