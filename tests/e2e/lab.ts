// Finds the parts of the page by role and accessible name, never by class.

import { expect, type Locator, type Page } from '@playwright/test';

export class Lab {
  readonly recycle: Locator;
  readonly reuse: Locator;
  readonly timestamps: Locator;
  readonly kernel: Locator;
  readonly time: Locator;
  readonly status: Locator;
  readonly play: Locator;
  readonly pause: Locator;
  readonly next: Locator;
  readonly previous: Locator;

  constructor(readonly page: Page) {
    this.recycle = page.getByRole('switch', { name: 'net.ipv4.tcp_tw_recycle', exact: true });
    this.reuse = page.getByRole('radiogroup', { name: 'net.ipv4.tcp_tw_reuse', exact: true });
    this.timestamps = page.getByRole('switch', { name: 'net.ipv4.tcp_timestamps', exact: true });
    this.kernel = page.getByRole('combobox', { name: 'Server kernel', exact: true });
    this.time = page.getByRole('slider', { name: 'Time', exact: true });
    this.status = page.getByRole('status');
    this.play = this.button('Play');
    this.pause = this.button('Pause');
    this.next = this.button('Next event');
    this.previous = this.button('Previous event');
  }

  /** Opens the page with these parameters and waits until the program has taken the place of the first frame. */
  static async open(page: Page, query = ''): Promise<Lab> {
    await page.goto(`./${query}`);
    await expect(page.locator('#app')).not.toHaveAttribute('data-waiting');
    await expect(page.getByRole('region', { name: 'Stage', exact: true })).toBeVisible();
    return new Lab(page);
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  region(name: string): Locator {
    return this.page.getByRole('region', { name, exact: true });
  }

  /** Opens the tab of this name. */
  async look(name: string): Promise<Locator> {
    await this.page.getByRole('tab', { name, exact: true }).click();
    await expect(this.region(name)).toBeVisible();
    return this.region(name);
  }

  /** The name of a host in its box on the stage. It comes before its name in the NAT. */
  host(name: string): Locator {
    return this.region('Stage').getByText(name, { exact: true }).first();
  }

  /** The position of the playhead in seconds. */
  async seconds(): Promise<number> {
    return Number(await this.time.inputValue());
  }

  /** Moves the playhead by the slider. */
  async goTo(seconds: number): Promise<void> {
    await this.time.fill(String(seconds));
  }

  /** The number of refused connections and of all connections at the playhead. */
  async refused(): Promise<{ refused: number; attempted: number }> {
    const text = (await this.status.textContent()) ?? '';
    const found = /^(\d+) of (\d+) (?:connections refused so far|refused by recycle, \d+ failed otherwise)$/.exec(text.trim());
    expect(found, `the status line reads "${text}"`).not.toBeNull();
    return { refused: Number(found?.[1]), attempted: Number(found?.[2]) };
  }

  /** The same at the end of the run. */
  async refusedAtTheEnd(): Promise<{ refused: number; attempted: number }> {
    await this.goTo(180);
    return this.refused();
  }

  /** The hosts that are refused in the whole run, from the event log. */
  async hostsRefused(): Promise<Set<string>> {
    const log = await this.look('Event log');
    await log.getByRole('combobox').selectOption('refusals');
    // The log renders only records near the playhead, so go through the run in steps.
    const hosts = new Set<string>();
    for (let seconds = 0; seconds <= 180; seconds += 15) {
      await this.goTo(seconds);
      for (const row of await log.getByRole('listitem').allTextContents()) {
        const host = / (\S+)'s SYN carries (?:no timestamp|[\d,]+, which)/.exec(row);
        if (host) hosts.add(host[1]);
      }
    }
    return hosts;
  }
}

/** Parses a number as the page formats it. */
export function grouped(number: number): string {
  return number.toLocaleString('en-US');
}
