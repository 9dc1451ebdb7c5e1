// Runs Lighthouse on a page in a separate Chromium.
//
//   node tests/e2e/lighthouse.mjs URL CATEGORY...    prints the scores and the failed audits as JSON for the suite
//   node tests/e2e/lighthouse.mjs URL                prints the performance scores of five loads and their median

import { createServer } from 'node:net';

import { chromium } from '@playwright/test';
import lighthouse from 'lighthouse';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A free port. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Lighthouse's result for `url` in these categories. */
async function judge(url, categories) {
  const port = await freePort();
  const executablePath = process.env.TIMEWAIT_LAB_CHROMIUM ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: [...FLAGS, `--remote-debugging-port=${port}`] });
  try {
    const result = await lighthouse(url, { port, onlyCategories: categories, output: 'json', logLevel: 'error' });
    return result.lhr;
  } finally {
    await browser.close();
  }
}

async function measure(url) {
  const scores = [];
  for (let run = 0; run < 5; run++) {
    const { categories, audits } = await judge(url, ['performance']);
    scores.push(Math.round(categories.performance.score * 100));
    const shown = ['first-contentful-paint', 'largest-contentful-paint', 'total-blocking-time', 'cumulative-layout-shift'];
    console.log(scores.at(-1), shown.map((id) => `${id} ${audits[id].displayValue}`).join(', '));
  }
  console.log(`median ${scores.toSorted((one, other) => one - other)[2]}`);
}

/** The scores in the order of the categories, and every audit with less than the full score. */
async function report(url, categories) {
  const { categories: scored, audits } = await judge(url, categories);
  const failed = Object.values(audits)
    .filter(({ score, scoreDisplayMode }) => score !== null && score < 1 && scoreDisplayMode !== 'informative')
    .map(({ id, title }) => `${id}: ${title}`);
  console.log(JSON.stringify({ scores: categories.map((category) => scored[category].score), failed }));
}

const [url, ...categories] = process.argv.slice(2);
await (categories.length > 0 ? report(url, categories) : measure(url));
