// Each scenario keeps the promise of its file on the page: the refused hosts, and the counters that change or do not.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { Lab } from './lab';

interface Scenario {
  title: string;
  duration_s: number;
  hosts: { name: string; count?: number }[];
  prediction: { question: string; answers: { text: string; right?: boolean; because: string }[] };
  promise: { refused: string[]; rise?: string[]; stay?: string[] };
}

const folder = join(__dirname, '../../scenarios');
const files = readdirSync(folder).filter((file) => file.endsWith('.json') && file !== 'scenario.schema.json');
const scenarios = files.map((file) => {
  const scenario = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Scenario;
  return { name: file.replace(/\.json$/, ''), scenario };
});

for (const { name, scenario } of scenarios) {
  test(`${name} keeps its promise`, async ({ page }) => {
    const { promise, hosts, duration_s } = scenario;
    const lab = await Lab.open(page, `?scenario=${name}&t=${duration_s}&view=log`);
    const counters = lab.region('Counters');
    for (const counter of promise.rise ?? []) {
      await expect(counters).toContainText(new RegExp(`TcpExt${counter}\\s*[1-9]`));
    }
    for (const counter of promise.stay ?? []) {
      await expect(counters).not.toContainText(new RegExp(`TcpExt${counter}\\s*[1-9]`));
    }
    const { refused } = await lab.refused();
    expect(refused > 0).toBe(promise.refused.length > 0);

    // The hosts that the log reports as refused are those of the promise. Hosts of a crowd count under the name of their entry.
    const log = lab.region('Event log');
    await log.getByRole('combobox').selectOption('refusals');
    const entry = (host: string) => hosts.find(({ name, count }) => host === name || (count && host.startsWith(`${name}-`)))?.name;
    const named = new Set<string | undefined>();
    for (const share of [0, 0.25, 0.5, 0.75, 1]) {
      await lab.goTo(Math.round(duration_s * share));
      for (const row of await log.getByRole('listitem').allTextContents()) {
        const host = / (\S+)'s SYN carries (?:no timestamp|[\d,]+, which)/.exec(row)?.[1];
        if (host) named.add(entry(host));
      }
    }
    expect(promise.refused).toEqual(expect.arrayContaining([...named]));
    expect(named.size > 0).toBe(promise.refused.length > 0);
  });
}

test('every scenario can be chosen, asks a question first, and explains the answer', async ({ page }) => {
  test.setTimeout(90_000);
  const lab = await Lab.open(page);
  const picker = page.getByRole('combobox', { name: 'Scenario', exact: true });
  await expect(picker.getByRole('option')).toHaveCount(scenarios.length);
  for (const { name, scenario } of scenarios) {
    await picker.selectOption(name);
    const story = lab.region('What do you expect?');
    await expect(story).toContainText(scenario.prediction.question);
    for (const { text, right, because } of scenario.prediction.answers) {
      await story.getByRole('radio', { name: text, exact: true }).check();
      await expect(story).toContainText(`${right ? 'Yes.' : 'No.'} ${because}`);
    }
  }
});

for (const [colorScheme, width] of [['light', 1440], ['dark', 390]] as const) {
  for (const { name, scenario } of scenarios) {
    test(`axe finds no violations, and nothing overflows: ${name}, ${colorScheme}, ${width} px`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 844 });
      await Lab.open(page, `?scenario=${name}&t=${Math.round(scenario.duration_s / 3)}&view=log`);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(over).toBeLessThanOrEqual(0);
      const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
      const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join('; ')}`)).toEqual([]);
    });
  }
}
