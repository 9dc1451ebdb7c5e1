// What Lighthouse says of the built site, in the categories that are the same on every machine.

import { expect, test } from '@playwright/test';
import { judge } from './lighthouse.mjs';

test('Lighthouse has nothing to take off for accessibility, best practices and SEO', async ({ baseURL }) => {
  test.setTimeout(120_000);
  const categories = ['accessibility', 'best-practices', 'seo'];
  const report = await judge(baseURL, categories);
  const failed = Object.values(report.audits)
    .filter(({ score, scoreDisplayMode }) => score !== null && score < 1 && scoreDisplayMode !== 'informative')
    .map(({ id, title }) => `${id}: ${title}`);
  const scores = categories.map((category) => report.categories[category].score);
  expect(scores, failed.join('; ')).toEqual([1, 1, 1]);
});
