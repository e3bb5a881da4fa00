// How the pages look, as far as a program can judge: nothing wider than the screen, every text at least 4.5:1 (3:1 when
// large) in both schemes, every control with a name and large enough for a thumb, the script small, nothing inline.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { open_browser } from './browser.mjs';
import { STAFF_TOKEN, start_mock } from './mock_api.mjs';

let browser;
before(async () => (browser = await open_browser()));
after(() => browser.close());

const STATES = [
  ['shop', { simulated: true, speed: 60 }, '/', (page) => page.getByRole('button', { name: /^Reserve/ }).waitFor()],
  ['held', {}, '/', async (page) => {
    await page.getByRole('button', { name: /^Reserve/ }).click();
    await page.getByText('It is held for you').waitFor();
  }],
  ['empty', { scenario: 'empty' }, '/', (page) => page.getByText('No drop yet').waitFor()],
  ['sign in', {}, '/#/sell', (page) => page.getByText('Your token').waitFor()],
  ['sell', {}, `/#token=${STAFF_TOKEN}`, (page) => page.getByText('Chance of this band').first().waitFor()],
  ['measure', {}, `/#token=${STAFF_TOKEN}`, async (page) => {
    await page.getByRole('link', { name: 'Measure' }).click();
    await page.getByLabel('Key figures').waitFor();
  }],
];

/** Runs in the page: what is wrong with what is visible. */
function judge(narrow) {
  const wrong = [];
  const channels = (text) => (text.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = channels(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return channels(getComputedStyle(document.documentElement).backgroundColor).slice(0, 3);
  };
  const visible = (element) => element.checkVisibility() && element.getClientRects().length > 0;
  if (document.documentElement.scrollWidth > innerWidth) wrong.push(`wider than the screen: ${document.documentElement.scrollWidth}`);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !visible(element) || element.closest('.sr, .skip, [disabled], select')) continue;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    if (size < 12) wrong.push(`smaller than 12 px: ${walker.currentNode.textContent.trim()}`);
    const ink = channels(element.namespaceURI.endsWith('svg') ? style.fill : style.color);
    const [light, dark] = [luminance(ink), luminance(behind(element))].sort((a, b) => b - a);
    const ratio = (light + 0.05) / (dark + 0.05);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 600);
    if (ratio < (large ? 3 : 4.5)) wrong.push(`${ratio.toFixed(2)}:1 for "${walker.currentNode.textContent.trim()}"`);
  }
  for (const control of document.querySelectorAll('button, a.btn, select, input')) {
    if (!visible(control) || control.type === 'radio') continue;
    const name = control.getAttribute('aria-label') ?? (control.textContent.trim() || control.labels?.[0]?.textContent.trim());
    if (!name) wrong.push(`without a name: ${control.outerHTML.slice(0, 80)}`);
    const { height } = control.getBoundingClientRect();
    if (narrow && height < 44 && !control.closest('td, p')) wrong.push(`${height} px high for a thumb: ${name}`);
  }
  for (const image of document.querySelectorAll('svg')) {
    if (image.getAttribute('aria-hidden') !== 'true' && !image.getAttribute('aria-label')) wrong.push('an svg without words');
  }
  return wrong;
}

for (const [name, options, path, arrive] of STATES) {
  for (const [width, height] of [[390, 844], [1440, 900]]) {
    for (const dark of [false, true]) {
      test(`${name}, ${width} px, ${dark ? 'dark' : 'light'}`, async () => {
        const mock = await start_mock(options);
        const { page, troubles, close } = await browser.page(mock.url + path, { width, height, dark });
        try {
          await arrive(page);
          assert.deepEqual(await page.evaluate(judge, width < 700), []);
          assert.deepEqual(troubles, []);
        } finally {
          await close();
          await mock.stop();
        }
      });
    }
  }
}

test('the judge sees what is wrong: a pale text, a small control, a wide box', async () => {
  const mock = await start_mock({ scenario: 'empty' });
  const { page, close } = await browser.page(mock.url, { width: 390, height: 844 });
  try {
    await page.getByText('No drop yet').waitFor();
    await page.evaluate(() => {
      const pale = document.createElement('b');
      pale.textContent = 'pale';
      pale.style.color = '#bbb';
      const small = document.createElement('button');
      small.textContent = 'small';
      small.style.height = '20px';
      const wide = document.createElement('div');
      wide.style.cssText = 'width: 700px; height: 1px';
      document.body.append(pale, small, wide);
    });
    const wrong = await page.evaluate(judge, true);
    for (const words of ['for "pale"', 'for a thumb: small', 'wider than the screen']) {
      assert.ok(wrong.some((entry) => entry.includes(words)), words);
    }
  } finally {
    await close();
    await mock.stop();
  }
});

test('the scripts stay under 120 kB gzipped, and nothing asks for another host', () => {
  const assets = new URL('../../web/dist/assets/', import.meta.url);
  const names = readdirSync(assets);
  const size = names.filter((name) => name.endsWith('.js')).reduce(
    (sum, name) => sum + gzipSync(readFileSync(new URL(name, assets))).length, 0);
  assert.ok(size > 0 && size < 120_000, `${size} bytes`);
  assert.ok(names.every((name) => /-[\w-]{8}\.\w+$/.test(name)), names.join());
});
