// A Chromium of Debian's own for the page tests, without anything that talks to the outside. Each page gets a fresh
// context. A page that breaks its content policy, throws, or asks another host for something is in trouble.
import { chromium } from 'playwright-core';

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
      page.setDefaultTimeout(60_000); // a patience, not a bound on the shop: the machine may be busy
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
