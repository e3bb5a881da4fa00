// A Chromium of Debian's own for the page tests, without anything that talks to the outside. Each page gets a fresh
// context. A page that breaks its content policy, throws, or asks another host for something is in trouble.
//
// A test waits for what it needs, never for time: a locator's waitFor(), until(), says(). DROPSMITH_SLOW=6 makes each
// page's processor six times slower and lets each answer of the mock shop come late, by chance: what passes here and
// fails so has a race, in the page or in the test.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chromium } from 'playwright-core';

export const SLOW = Number(process.env.DROPSMITH_SLOW ?? 1);
export const PATIENCE_MS = 60_000 * Math.max(1, SLOW / 2); // not a bound on the shop: the machine may be busy

const AT_ONCE = 4; // mostly they wait: for a pause of the page, for the next look at the shop

/**
 * `test` for cases that know nothing of each other, each with a context and a mock shop of its own: several run at once
 * in one browser. `title` names them all.
 */
export function side_by_side(title) {
  const cases = [];
  const run = () =>
    describe(title, { concurrency: AT_ONCE }, () => {
      for (const [name, act] of cases) it(name, act);
    });
  return (name, act) => {
    if (cases.length === 0) setImmediate(run); // once the file has named them all
    cases.push([name, act]);
  };
}

const ARGUMENTS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--no-proxy-server',
];
// What Chromium itself writes about an answer that a test wants: refusals (4xx) and a line that was cut.
const EXPECTED = ['Failed to load resource'];

export async function open_browser() {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ARGUMENTS });
  return {
    /** A page at `url` in a context of its own, and the list of what must stay empty. */
    async page(url, { width = 1440, height = 900, dark = false } = {}) {
      const colorScheme = dark ? 'dark' : 'light';
      const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' });
      const page = await context.newPage();
      page.setDefaultTimeout(PATIENCE_MS);
      if (SLOW > 1) {
        const inspector = await context.newCDPSession(page);
        await inspector.send('Emulation.setCPUThrottlingRate', { rate: SLOW });
      }
      const troubles = [];
      const origin = new URL(url).origin;
      page.on('console', (message) => {
        const text = message.text();
        if (message.type() === 'error' && !EXPECTED.some((words) => text.includes(words))) troubles.push(text);
      });
      page.on('pageerror', (error) => troubles.push(`thrown: ${error.message}`));
      page.on('request', (request) => {
        if (!request.url().startsWith(origin)) troubles.push(`asks another host: ${request.url()}`);
      });
      await page.goto(url);
      return { page, troubles, close: () => context.close() };
    },
    close: () => browser.close(),
  };
}

/** Asks again until `holds` says yes: what was read. It fails with what it read last, in the words of `what`. */
export async function until(read, holds = Boolean, what = 'it never came to it') {
  for (const end = Date.now() + PATIENCE_MS; ; ) {
    const seen = await read();
    if (holds(seen)) return seen;
    if (Date.now() > end) return assert.fail(`${what}; last seen: ${JSON.stringify(seen)}`);
    await new Promise((done) => setTimeout(done, 30));
  }
}

/** Waits until the text of `locator`, as a person sees it, matches: the text. */
export function says(locator, pattern) {
  return until(() => locator.innerText(), (text) => pattern.test(text), `no ${pattern}`);
}
